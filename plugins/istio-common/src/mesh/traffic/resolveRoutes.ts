import { EntityMatch, ServiceMatch } from '../../entity/types';
import { readGatewayApiRoute } from '../../resources/httpRoute';
import { compareByAge } from '../../resources/objectKey';
import { KubeObject } from '../../resources/types';
import {
  MESH_GATEWAY,
  readVirtualService,
} from '../../resources/virtualService';
import { isPrivate, resolveHost, serviceHost } from '../../resources/host';
import { isDecidable } from '../../snapshot/readiness';
import { MeshSnapshot } from '../../snapshot/types';
import { describeRoute, RouteContext } from './describeRoute';
import { expandGatewayApi } from './expandGatewayApi';
import { expandVirtualService } from './expandVirtualService';
import { findShadowed } from './findShadowed';
import { resolveDefaultRoute } from './resolveDefaultRoute';
import {
  connectionRoutes,
  gatewayApiRoutes,
  virtualServices,
} from './routingIndex';
import { RuleEntry } from './ruleEntry';
import { selectMeshRoutes } from './selectMeshRoutes';
import { Condition, TrafficRoute } from './types';

/** The routes of a component in one cluster, and the objects that make them. */
export interface ClusterRoutes {
  routes: TrafficRoute[];
  objects: KubeObject[];
  /** Kinds that could not be read, so that routes may be missing. */
  unread: string[];
}

/**
 * Routes of a component's Services in the order Istio evaluates them: for each host first those in force
 * for callers inside the mesh (as seen from the Service's own namespace), then those that gateways and
 * other hosts use to reach it.
 */
export function resolveRoutes(
  snapshot: MeshSnapshot,
  match: EntityMatch,
): ClusterRoutes {
  const result: ClusterRoutes = { routes: [], objects: [], unread: [] };
  const services = match.services.filter(
    ({ cluster }) => cluster === snapshot.cluster,
  );
  result.unread = (
    ['VirtualService', 'HTTPRoute', 'GRPCRoute'] as const
  ).filter(kind => !isDecidable(snapshot, kind));
  const unrouted: ServiceMatch[] = [];
  for (const service of services) {
    const context: RouteContext = {
      snapshot,
      match,
      host: service.host,
      clientNamespace: service.namespace,
    };
    const selected = selectMeshRoutes(context);
    const connections = connectionRoutes(snapshot, service).parents;
    if (!selected && connections.length === 0) {
      unrouted.push(service);
    } else if (selected?.by === 'virtualService') {
      add(
        result,
        [selected.object],
        describe(context, expandVirtualService(snapshot, selected.object)),
      );
    } else if (selected) {
      add(
        result,
        selected.objects,
        describeAttached(context, selected.objects, service),
      );
    }
    if (connections.length > 0) {
      const sorted = [...connections].sort(compareByAge);
      add(result, sorted, describeAttached(context, sorted, service));
    }
  }
  addReaching(result, { snapshot, match, services });
  addDefaults(result, snapshot, unrouted);
  return result;
}

function add(
  result: ClusterRoutes,
  objects: readonly KubeObject[],
  routes: readonly TrafficRoute[],
): void {
  for (const object of objects) {
    if (!result.objects.includes(object)) {
      result.objects.push(object);
    }
  }
  const known = new Set(result.routes.map(({ id }) => id));
  result.routes.push(...routes.filter(({ id }) => !known.has(id)));
}

function describe(
  context: RouteContext,
  entries: readonly RuleEntry[],
): TrafficRoute[] {
  const shadowed = findShadowed(entries);
  return entries.map((entry, position) =>
    describeRoute(context, {
      entry,
      position,
      neverReached: shadowed[position],
    }),
  );
}

function describeAttached(
  context: RouteContext,
  objects: readonly KubeObject[],
  service: ServiceMatch,
): TrafficRoute[] {
  const entries = expandGatewayApi({
    snapshot: context.snapshot,
    objects,
    gateways: [MESH_GATEWAY],
    portOf: object =>
      readGatewayApiRoute(object).parents.find(
        parent =>
          parent.kind === 'Service' &&
          parent.namespace === service.namespace &&
          parent.name === service.name,
      )?.port,
  });
  return describe(context, entries);
}

/** Objects that send to the component from elsewhere: gateways, hosts of its own making, other Services' routes. */
function addReaching(
  result: ClusterRoutes,
  options: {
    snapshot: MeshSnapshot;
    match: EntityMatch;
    services: readonly ServiceMatch[];
  },
): void {
  const { snapshot, match, services } = options;
  const hosts = new Set(services.map(({ host }) => host));
  const found = new Set<KubeObject>();
  for (const service of services) {
    virtualServices(snapshot)
      .destinations.exact(service.host)
      .forEach(object => found.add(object));
    [gatewayApiRoutes, connectionRoutes].forEach(routes =>
      routes(snapshot, service).backends.forEach(object => found.add(object)),
    );
  }
  const others = [...found]
    .filter(object => !result.objects.includes(object))
    .sort(compareByAge);
  for (const object of others) {
    const entries = expandReaching(snapshot, object);
    const named = hostsOf(snapshot, object);
    const host = named.find(name => hosts.has(name)) ?? named[0] ?? '';
    const context: RouteContext = {
      snapshot,
      match,
      host,
      clientNamespace: object.metadata.namespace ?? '',
    };
    const reaching = describe(context, entries).filter(route =>
      route.destinations.some(destination => hosts.has(destination.host)),
    );
    if (host && reaching.length > 0 && isInForce(snapshot, object)) {
      const service = services.find(candidate => candidate.host === host);
      add(
        result,
        [object],
        service
          ? reaching.map(route => limitToCallers(route, object, service))
          : reaching,
      );
    }
  }
}

function expandReaching(
  snapshot: MeshSnapshot,
  object: KubeObject,
): RuleEntry[] {
  if (object.kind === 'VirtualService') {
    return expandVirtualService(snapshot, object);
  }
  const gateways = readGatewayApiRoute(object)
    .parents.filter(({ kind }) => kind === 'Gateway')
    .map(({ namespace, name }) => `${namespace}/${name}`);
  return expandGatewayApi({
    snapshot,
    objects: [object],
    gateways: gateways.length > 0 ? gateways : [MESH_GATEWAY],
    portOf: () => undefined,
  });
}

/**
 * An object of another namespace for a host that callers in the Service's own namespace see routed
 * otherwise: it is in force for callers elsewhere, or only for those of its namespace.
 */
function limitToCallers(
  route: TrafficRoute,
  object: KubeObject,
  service: ServiceMatch,
): TrafficRoute {
  const { namespace = '' } = object.metadata;
  if (!route.gateways.includes(MESH_GATEWAY)) {
    return route;
  }
  const own =
    object.kind !== 'VirtualService' ||
    isPrivate(readVirtualService(object).exportTo, namespace);
  const callers: Condition = own
    ? [
        { text: 'From namespace ', literal: false },
        { text: namespace, literal: true },
      ]
    : [
        { text: 'From namespaces other than ', literal: false },
        { text: service.namespace, literal: true },
      ];
  return {
    ...route,
    when:
      route.when.length === 0
        ? [callers]
        : route.when.map(condition => [
            ...callers,
            { text: ': ', literal: false },
            ...condition,
          ]),
  };
}

/** Fully qualified; a delegate has none and is shown where its root is. */
function hostsOf(snapshot: MeshSnapshot, object: KubeObject): string[] {
  const namespace = object.metadata.namespace ?? '';
  const { domain } = snapshot;
  if (object.kind === 'VirtualService') {
    return readVirtualService(object).hosts.map(host =>
      resolveHost(host, { namespace, domain }),
    );
  }
  const { hostnames, parents } = readGatewayApiRoute(object);
  const attached = parents
    .filter(({ kind }) => kind === 'Service')
    .map(parent => serviceHost(parent, domain));
  return attached.length > 0 ? attached : [...hostnames, '*'];
}

/** A mesh VirtualService that another one beats for its host routes nothing. */
function isInForce(snapshot: MeshSnapshot, object: KubeObject): boolean {
  if (object.kind !== 'VirtualService') {
    return true;
  }
  const namespace = object.metadata.namespace ?? '';
  const { gateways, hosts } = readVirtualService(object);
  if (gateways.some(gateway => gateway !== MESH_GATEWAY)) {
    return true;
  }
  return hosts.some(host => {
    const selected = selectMeshRoutes({
      snapshot,
      host: resolveHost(host, { namespace, domain: snapshot.domain }),
      clientNamespace: namespace,
    });
    return selected?.by === 'virtualService' && selected.object === object;
  });
}

/** Services that only serve as backends of a route above need no default route of their own. */
function addDefaults(
  result: ClusterRoutes,
  snapshot: MeshSnapshot,
  unrouted: readonly ServiceMatch[],
): void {
  const routed = new Set(
    result.routes
      .filter(route => route.gateways.includes(MESH_GATEWAY))
      .flatMap(route => route.destinations.map(({ host }) => host)),
  );
  const defaults = unrouted
    .filter(({ host }) => !routed.has(host))
    .flatMap(service => resolveDefaultRoute(snapshot, service) ?? []);
  result.routes.push(...defaults);
}
