import type { Peer, PodRef, RequestKind, TrafficPlan } from '../types';
import type { PodInfo } from '../world/podInfo';
import type { WorldView } from '../world/WorldView';
import { decideAtGateway, decideRequest } from './decideRequest';
import { isDenied } from './authorization';
import { clientTlsMode, findDestinationRule } from './destinationRule';
import {
  byWorkload,
  type HostMeaning,
  hostOf,
  meaningOf,
  readyPods,
  targetPort,
} from './endpoints';
import type { RouteDecision } from './findRoute';
import type { Destination } from './istioTypes';
import type { RoutedRequest } from './matchRequest';
import { handshake } from './mutualTls';
import type { Edge, RoutedEdge, Target } from './types';

interface Context {
  world: WorldView;
  plan: TrafficPlan;
  edge: Edge;
  clientPod: PodInfo;
  namespaces: Set<string>;
}

const peerOf = (pod: PodInfo): Peer & { key: string } => ({
  ...pod.peer,
  key: pod.workloadKey,
});

const refOf = ({ name, namespace, ip }: PodInfo): PodRef => ({
  name,
  namespace,
  ip,
});

/**
 * Where the requests of an edge go with the objects of this moment. An evaluation of its own, kept apart
 * from the product's on purpose: the sandbox has to be able to contradict it. Undefined: the client has no
 * ready pod, so it sends nothing.
 */
export function routeEdge(
  world: WorldView,
  plan: TrafficPlan,
  edge: Edge,
): RoutedEdge | undefined {
  const pods = world.podsOfWorkload(edge.client).filter(pod => pod.ready);
  if (pods.length === 0) return undefined;
  const namespaces = new Set([pods[0].namespace]);
  const context: Context = {
    world,
    plan,
    edge,
    clientPod: pods[0],
    namespaces,
  };
  const targets = edge.call.requests.flatMap(kind =>
    routeKind(context, kind).map(target => ({
      ...target,
      share: target.share * kind.share,
    })),
  );
  return {
    edge,
    client: peerOf(pods[0]),
    clientPods: pods.map(refOf),
    targets: targets.filter(target => target.share > 0),
    namespaces,
  };
}

function routeKind(context: Context, kind: RequestKind): Target[] {
  const { world, plan, edge, clientPod } = context;
  const { call } = edge;
  const { mode } = clientPod.peer;
  const host =
    mode === 'gateway' ? call.to : hostOf(call.to, world, plan.domain);
  const meaning = meaningOf(world, host, plan.domain);
  if (meaning.kind === 'service') {
    context.namespaces.add(meaning.name.namespace);
  }
  const waypoint = waypointOf(context, meaning);
  const request: RoutedRequest = {
    kind,
    host,
    port: call.port,
    gateway: 'mesh',
    clientNamespace: waypoint?.peer.namespace ?? clientPod.namespace,
    clientLabels: clientPod.labels,
  };
  if (mode === 'gateway') {
    return spread(context, {
      kind,
      decision: decideAtGateway(world, request, plan.domain),
    });
  }
  const routes = mode === 'sidecar' || waypoint !== undefined;
  const decision: RouteDecision = routes
    ? decideRequest({
        world,
        request,
        meaning,
        tcp: call.protocol === 'tcp',
        domain: plan.domain,
      })
    : { destinations: [{ destination: { host }, share: 1 }], mirrors: [] };
  return spread(context, { kind, decision, waypoint });
}

/** Ambient clients pass the waypoint of the service or its namespace; sidecars go straight to the pods. */
function waypointOf(
  context: Context,
  meaning: HostMeaning,
): Target['waypoint'] {
  const { world, clientPod, edge } = context;
  if (
    clientPod.peer.mode !== 'ambient' ||
    meaning.kind !== 'service' ||
    edge.call.protocol === 'tcp'
  ) {
    return undefined;
  }
  const { name, namespace } = meaning.name;
  const own = world.get('Service', namespace, name)?.metadata.labels ?? {};
  const wanted =
    own['istio.io/use-waypoint'] ??
    world.namespaceLabels(namespace)['istio.io/use-waypoint'];
  if (!wanted || wanted === 'none') return undefined;
  const pods = world
    .podsOfWorkload(`${namespace}/${wanted}`)
    .filter(pod => pod.ready && pod.peer.mode === 'waypoint');
  return pods.length === 0
    ? undefined
    : { peer: peerOf(pods[0]), pods: pods.map(refOf) };
}

interface Spread {
  kind: RequestKind;
  decision: RouteDecision;
  waypoint?: Target['waypoint'];
}

function spread(context: Context, options: Spread): Target[] {
  const { decision, kind, waypoint } = options;
  const base = {
    mirror: false,
    request: kind,
    serverPods: [],
    port: context.edge.call.port,
    servicePort: context.edge.call.port,
    security: 'none' as const,
    waitMs: 0,
    waypoint,
  };
  const targets: Target[] = [];
  let rest = 1;
  if (decision.abort) {
    rest -= decision.abort.share;
    targets.push({
      ...base,
      share: decision.abort.share,
      local: {
        code: decision.abort.code,
        grpcStatus: decision.abort.grpcStatus,
        flags: 'FI',
      },
    });
  }
  if (decision.local) {
    targets.push({ ...base, share: rest, local: decision.local });
    return targets;
  }
  for (const { destination, share } of decision.destinations) {
    targets.push(
      ...reach(context, {
        ...options,
        destination,
        share: share * rest,
      }).map(target => ({ ...target, limits: decision.limits })),
    );
  }
  for (const { destination, share } of decision.mirrors) {
    targets.push(
      ...reach(context, { ...options, destination, share: share * rest })
        .filter(target => target.server && target.security !== 'refused')
        .map(target => ({ ...target, mirror: true })),
    );
  }
  return decision.delay ? withDelay(targets, decision.delay) : targets;
}

function withDelay(
  targets: Target[],
  delay: { share: number; ms: number },
): Target[] {
  return targets.flatMap(target => [
    { ...target, share: target.share * (1 - delay.share) },
    {
      ...target,
      share: target.share * delay.share,
      waitMs: target.waitMs + delay.ms,
    },
  ]);
}

/** From a destination to workloads: subset, endpoints, encryption. */
function reach(
  context: Context,
  options: Spread & { destination: Destination; share: number },
): Target[] {
  const { world, plan, edge } = context;
  const { destination, share } = options;
  const { host } = destination;
  const meaning = meaningOf(world, host, plan.domain);
  const port = destination.port?.number ?? edge.call.port;
  const base: Target = {
    share,
    mirror: false,
    request: options.kind,
    serverPods: [],
    port,
    servicePort: port,
    security: 'none',
    waitMs: 0,
    waypoint: options.waypoint,
  };
  if (meaning.kind === 'external') return [{ ...base, service: meaning.name }];
  if (meaning.kind === 'unknown')
    return [{ ...base, ...unknownHost(meaning.host, plan.domain) }];
  context.namespaces.add(meaning.name.namespace);
  const service = { ...base, service: meaning.name };
  const noRoute = (flags: string) => [
    { ...service, local: { code: '503', flags } },
  ];
  const rule = ruleFor(context, host, meaning.name.namespace);
  const subset = destination.subset
    ? rule?.subsets.get(destination.subset)
    : undefined;
  if (destination.subset && !subset) return noRoute('NC');
  const knownPort =
    destination.port === undefined ||
    meaning.spec.ports?.some(one => one.port === port);
  if (!knownPort) return noRoute('NC');
  const pods = readyPods(world, meaning, subset?.labels);
  if (pods.length === 0) return noRoute('UH');
  return [...byWorkload(pods).values()].map(group =>
    connect(context, {
      target: {
        ...service,
        share: (share * group.length) / pods.length,
        port: targetPort(meaning.spec, port, group[0]),
      },
      group,
      tlsMode: clientTlsMode(rule, destination.subset, port),
    }),
  );
}

/** DestinationRules count for clients with a proxy only. */
function ruleFor(context: Context, host: string, serviceNamespace: string) {
  const { world, plan, clientPod } = context;
  if (clientPod.peer.mode === 'none') return undefined;
  return findDestinationRule({
    world,
    host,
    serviceNamespace,
    clientNamespace: clientPod.namespace,
    clientLabels: clientPod.labels,
    rootNamespace: plan.rootNamespace,
    domain: plan.domain,
  });
}

/** A host nobody declared leaves through the PassthroughCluster (ALLOW_ANY); one inside the cluster's domain does not resolve. */
function unknownHost(host: string, domain: string): Partial<Target> {
  if (host.endsWith(`.svc.${domain}`)) {
    return { local: { code: '503', flags: 'NC' } };
  }
  return {
    service: { host, name: 'PassthroughCluster', namespace: 'unknown' },
  };
}

function connect(
  context: Context,
  options: {
    target: Target;
    group: PodInfo[];
    tlsMode: string | undefined;
  },
): Target {
  const { target, group } = options;
  const [server] = group;
  const client = context.clientPod.peer.mode === 'none' ? 'none' : 'proxy';
  const security = handshake({
    world: context.world,
    client,
    server,
    port: target.port,
    tlsMode: options.tlsMode,
    rootNamespace: context.plan.rootNamespace,
  });
  const reached: Target = {
    ...target,
    security,
    server: peerOf(server),
    serverPods: group.map(refOf),
  };
  if (security !== 'refused') {
    return arrivesDenied(context, { server, target: reached, security })
      ? { ...reached, denied: true }
      : reached;
  }
  return {
    ...reached,
    local:
      client === 'none'
        ? { code: '0', flags: '-' }
        : { code: '503', flags: 'UF' },
  };
}

function arrivesDenied(
  { world, plan, edge, clientPod }: Context,
  arriving: {
    server: PodInfo;
    target: Target;
    security: 'mutual_tls' | 'none';
  },
): boolean {
  const { server, target, security } = arriving;
  const { namespace, peer, ip } = clientPod;
  const { method, path } = target.request;
  return isDenied({
    world,
    server,
    rootNamespace: plan.rootNamespace,
    request: {
      ip,
      port: target.port,
      ...(security === 'mutual_tls' && {
        namespace,
        principal: `${plan.trustDomain}/ns/${namespace}/sa/${peer.serviceAccount}`,
      }),
      ...(edge.call.protocol !== 'tcp' && {
        http: { method, path, host: edge.call.to },
      }),
    },
  });
}
