import { readService } from '../../resources/service';
import { DecidedBy } from '../../resources/types';
import { MeshSnapshot, WorkloadKey } from '../../snapshot/types';
import { findNamedWorkloads } from '../workloadKeys';
import { InboundCalls, peerName } from './countInbound';
import {
  explainPlaintext,
  explainStranger,
  PlaintextReason,
} from './explainPlaintext';
import { listCalledServices } from './listCalledServices';
import { EVERY_PORT, ServerPort, StrictServer } from './listServerPorts';
import { PairMtls, resolveMtlsPair } from './resolveMtlsPair';
import { BreakingCaller, StrictReadiness } from './strictReadiness';

/** Plaintext calls of one caller to one server of one cluster. */
interface PlaintextCalls {
  server: StrictServer;
  calls: InboundCalls;
  requests: number;
  connections: number;
  services: { namespace?: string; name?: string }[];
}

/** Who would be refused, and who would encrypt by itself. */
interface CallersThen {
  breaks: BreakingCaller[];
  follows: StrictReadiness['follows'];
}

/**
 * Callers that were seen in plaintext at servers with ports that would be strict. One whose configuration
 * explains the plaintext by the port's own DISABLE would encrypt with the plan; of all others what was
 * seen counts, not what configuration says.
 */
export function findBreakingCallers(options: {
  servers: readonly StrictServer[];
  inbound: readonly InboundCalls[];
  snapshots: readonly MeshSnapshot[];
  windowSeconds: number;
  lastSeen: (calls: InboundCalls) => number;
}): CallersThen {
  const { windowSeconds, lastSeen } = options;
  const breaks = new Map<string, BreakingCaller>();
  const follows = new Map<string, CallersThen['follows'][number]>();
  for (const one of groupPlaintext(options)) {
    const judged = judgeCalls(one, options.snapshots);
    const { cluster, source } = one.calls;
    const key = [cluster, source.namespace, source.workload].join('\n');
    if (judged === 'follows') {
      follows.set(key, {
        cluster,
        namespace: source.namespace ?? '',
        workload: source.workload ?? '',
      });
    } else if (judged) {
      const caller = breaks.get(key) ?? newCaller(one, judged);
      breaks.set(key, caller);
      addCalls(caller, { one, judged, windowSeconds });
      caller.lastSeenWithinSeconds = Math.min(
        caller.lastSeenWithinSeconds,
        lastSeen(one.calls),
      );
    }
  }
  return {
    breaks: [...breaks.values()].sort(
      (a, b) => b.requests - a.requests || b.connections - a.connections,
    ),
    follows: [...follows].flatMap(([key, name]) =>
      breaks.has(key) ? [] : [name],
    ),
  };
}

function groupPlaintext(options: {
  servers: readonly StrictServer[];
  inbound: readonly InboundCalls[];
}): PlaintextCalls[] {
  const byName = new Map(
    options.servers.map(server => [
      `${server.plan.now.cluster}\n${server.workload.namespace}/${server.workload.name}`,
      server,
    ]),
  );
  const groups = new Map<string, PlaintextCalls>();
  for (const calls of options.inbound) {
    const destination = peerName(calls.destination);
    const server = byName.get(`${calls.cluster}\n${destination}`);
    if (!server || calls.encrypted !== false || !calls.active) {
      continue;
    }
    const { source } = calls;
    const key = [
      calls.cluster,
      source.namespace,
      source.workload,
      destination,
    ].join('\n');
    const group = groups.get(key) ?? {
      server,
      calls,
      requests: 0,
      connections: 0,
      services: [],
    };
    group.requests += calls.requests;
    group.connections += calls.connections;
    group.services.push(calls.service ?? {});
    groups.set(key, group);
  }
  return [...groups.values()];
}

interface Judged extends PlaintextReason {
  refusing: readonly ServerPort[];
  open: readonly ServerPort[];
}

/** Undefined: it calls nothing that would change. */
function judgeCalls(
  { server, calls, services }: PlaintextCalls,
  snapshots: readonly MeshSnapshot[],
): Judged | 'follows' | undefined {
  const reached = portsBehind(server, services);
  const refusing = reached.filter(({ future }) => future === 'changing');
  if (refusing.length === 0) {
    return undefined;
  }
  const open = reached.filter(({ future }) => future === 'open');
  const { workload: name, namespace } = calls.source;
  if (name === undefined || namespace === undefined) {
    return { ...explainStranger(undefined), refusing, open };
  }
  const home = locate(snapshots, { ...calls, name, namespace });
  if (!home) {
    return { ...explainStranger(name), refusing, open };
  }
  const { snapshot, caller } = home;
  const same = snapshot.cluster === server.plan.now.cluster;
  const pairs = same
    ? refusing.map(({ port }) => pairAt(server, { caller, port, services }))
    : [];
  if (pairs.length > 0 && pairs.every(willFollow)) {
    return 'follows';
  }
  const pair = pairs.find(({ then }) => then.outcome !== 'encrypted');
  const ports = portNumbers(refusing);
  return {
    ...explainPlaintext({
      snapshot,
      caller,
      pair: (pair ?? pairs[0])?.then,
      ports,
    }),
    refusing,
    open,
  };
}

interface Pairs {
  now: PairMtls;
  then: PairMtls;
}

function willFollow({ now, then }: Pairs): boolean {
  return now.sends === 'plaintext' && then.outcome === 'encrypted';
}

function pairAt(
  { plan, workload }: StrictServer,
  of: {
    caller: WorkloadKey;
    port: number;
    services: PlaintextCalls['services'];
  },
): Pairs {
  const [called] = of.services;
  const service =
    called?.name !== undefined && called.namespace !== undefined
      ? { name: called.name, namespace: called.namespace }
      : undefined;
  const ask = (snapshot: MeshSnapshot) => {
    const { client } = resolveMtlsPair({
      snapshot,
      server: workload,
      port: of.port,
      client: { workload: of.caller, ...(service ? { service } : {}) },
    });
    return client as PairMtls;
  };
  return { now: ask(plan.now), then: ask(plan.then) };
}

/** Ports that the addressed Services lead to; all where telemetry names none that does. */
function portsBehind(
  server: StrictServer,
  services: PlaintextCalls['services'],
): readonly ServerPort[] {
  const { plan, workload, ports } = server;
  const named = services.every(({ name }) => name !== undefined);
  const reached = ports.filter(({ port }) =>
    listCalledServices({ snapshot: plan.now, workload, port }).some(
      ({ object }) => {
        const service = readService(object);
        return services.some(
          ({ name, namespace }) =>
            name === service.name && namespace === service.namespace,
        );
      },
    ),
  );
  return named && reached.length > 0 ? reached : ports;
}

function locate(
  snapshots: readonly MeshSnapshot[],
  calls: InboundCalls & { namespace: string; name: string },
): { snapshot: MeshSnapshot; caller: WorkloadKey } | undefined {
  const { cluster, source, namespace, name } = calls;
  const nearFirst = [...snapshots].sort(
    (a, b) => rank(a.cluster) - rank(b.cluster),
  );
  function rank(candidate: string): number {
    return [source.cluster, cluster].includes(candidate) ? 0 : 1;
  }
  for (const snapshot of nearFirst) {
    const [caller] = findNamedWorkloads(snapshot, { namespace, name });
    if (caller) {
      return { snapshot, caller };
    }
  }
  return undefined;
}

function newCaller(
  { calls }: PlaintextCalls,
  { cause, why, fix, decidedBy }: Judged,
): BreakingCaller {
  const { namespace, workload } = calls.source;
  return {
    cluster: calls.cluster,
    ...(namespace === undefined ? {} : { namespace }),
    ...(workload === undefined ? {} : { workload }),
    requests: 0,
    connections: 0,
    perSecond: 0,
    lastSeenWithinSeconds: Infinity,
    servers: [],
    ports: [],
    unlessPorts: [],
    cause,
    why,
    fix,
    decidedBy: [...decidedBy],
  };
}

function addCalls(
  caller: BreakingCaller,
  of: { one: PlaintextCalls; judged: Judged; windowSeconds: number },
): void {
  const { one, judged, windowSeconds } = of;
  caller.requests += one.requests;
  caller.connections += one.connections;
  caller.perSecond =
    (caller.requests > 0 ? caller.requests : caller.connections) /
    Math.max(1, windowSeconds);
  caller.servers = union(caller.servers, [one.server.workload.name]);
  caller.ports = union(caller.ports, portNumbers(judged.refusing)).sort(
    (a, b) => a - b,
  );
  caller.unlessPorts = union(caller.unlessPorts, portNumbers(judged.open)).sort(
    (a, b) => a - b,
  );
  for (const decision of judged.decidedBy) {
    if (!caller.decidedBy.some(each => isSame(each, decision))) {
      caller.decidedBy.push(decision);
    }
  }
}

function isSame(a: DecidedBy, b: DecidedBy): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function portNumbers(ports: readonly ServerPort[]): number[] {
  return ports.map(({ port }) => port).filter(port => port !== EVERY_PORT);
}

function union<T>(a: readonly T[], b: readonly T[]): T[] {
  return [...new Set([...a, ...b])];
}
