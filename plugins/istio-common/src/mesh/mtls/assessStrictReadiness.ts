import { TelemetryPeer, TrafficObservation } from '../../telemetry/types';
import { isDecidable, isKnown } from '../../snapshot/readiness';
import { MeshSnapshot } from '../../snapshot/types';
import { countInbound, InboundCalls, peerName } from './countInbound';
import { describeReadiness } from './describeReadiness';
import { findBareProbes } from './findBareProbes';
import { findBreakingCallers } from './findBreakingCallers';
import { EVERY_PORT, listStrictServers, StrictServer } from './listServerPorts';
import { planStrict, StrictPlan, StrictScope } from './planStrict';
import { resolveProxy } from './resolveInboundProxy';
import { OpenPort, StrictReadiness, StrictVerdict } from './strictReadiness';

/** Less traffic than this proves nothing: a caller that comes once an hour would not have been seen. */
const MIN_READINESS_SECONDS = 3600;

/**
 * Whether a workload, a namespace or the mesh could accept encrypted calls only, judged by who called over
 * a window of traffic: the mesh as it would be is asked which ports change, and whoever came in plaintext
 * to one of them would break, with the reason and what to do. Without a sign of trouble the answer is
 * `ready` only where every workload that would change was called and every source could be read.
 */
export function assessStrictReadiness(options: {
  scope: StrictScope;
  snapshots: readonly MeshSnapshot[];
  /** Of the clusters in the scope, over the window that is to prove it. */
  observations: readonly TrafficObservation[];
  /** Shorter windows, to tell callers of now from callers of then. */
  recent?: readonly TrafficObservation[];
  /** Clusters whose data cannot be counted, and why. */
  leftOut?: readonly { cluster: string; why: string }[];
}): StrictReadiness {
  const { scope, snapshots, observations, recent = [] } = options;
  const plans = snapshots.map(snapshot => planStrict(snapshot, scope));
  const servers = plans.flatMap(listStrictServers);
  const isServer = serverTest(servers);
  const ambient = ambientOf(servers);
  const count = (from: readonly TrafficObservation[]) =>
    countInbound({ observations: from, isServer, ambient });
  const inbound = count(observations);
  const windowSeconds = windowOf(observations);
  const callers = findBreakingCallers({
    servers,
    inbound,
    snapshots,
    windowSeconds,
    lastSeen: seenWithin({
      recent: recent.map(one => [one, count([one])]),
      windowSeconds,
    }),
  });
  const probes = servers.flatMap(findBareProbes);
  const unseen = findUnseen({ ...options, servers, inbound });
  const unknown = findUnknown({ ...options, servers, inbound });
  const ports = countPorts(servers);
  const assessed = {
    windowSeconds,
    observed: observe(inbound),
    ...callers,
    probes,
    ports,
    openPorts: servers.flatMap(listOpenPorts),
    unseen,
    unknown,
    policies: plans
      .filter(plan => plan.servers.length > 0)
      .flatMap(listPolicies),
  };
  const verdict = decideVerdict({ ...assessed, servers });
  return {
    verdict,
    sentence: describeReadiness({ verdict, ...assessed }),
    ...assessed,
  };
}

function decideVerdict(
  of: Pick<
    StrictReadiness,
    'breaks' | 'probes' | 'ports' | 'unseen' | 'unknown' | 'windowSeconds'
  > & { servers: readonly StrictServer[] },
): StrictVerdict {
  if (of.breaks.length > 0 || of.probes.length > 0) {
    return 'notReady';
  }
  if (of.unknown.length > 0) {
    return 'unknown';
  }
  if (of.ports.changing === 0) {
    return of.ports.strict > 0 ? 'strict' : 'outside';
  }
  return of.unseen.length > 0 || of.windowSeconds < MIN_READINESS_SECONDS
    ? 'notEnoughTraffic'
    : 'ready';
}

function serverTest(
  servers: readonly StrictServer[],
): (peer: TelemetryPeer) => boolean {
  const names = new Set(
    servers.map(({ workload }) => `${workload.namespace}/${workload.name}`),
  );
  return peer => names.has(peerName(peer));
}

function ambientOf(servers: readonly StrictServer[]): ReadonlySet<string> {
  return new Set(
    servers
      .filter(
        ({ plan, workload }) =>
          resolveProxy(plan.now, workload).by === 'ambient',
      )
      .map(({ workload }) => `${workload.namespace}/${workload.name}`),
  );
}

/** The shortest window of all that could be read: no cluster has proved more than that. */
function windowOf(observations: readonly TrafficObservation[]): number {
  const lengths = observations
    .filter(({ error }) => error === undefined)
    .map(({ window }) => window.seconds);
  return lengths.length > 0 ? Math.min(...lengths) : 0;
}

function seenWithin(options: {
  recent: readonly [TrafficObservation, readonly InboundCalls[]][];
  windowSeconds: number;
}): (calls: InboundCalls) => number {
  const keyOf = ({ cluster, source, destination }: InboundCalls) =>
    [cluster, peerName(source), peerName(destination)].join('\n');
  const seen = new Map<string, number>();
  for (const [{ window }, inbound] of options.recent) {
    for (const calls of inbound) {
      if (calls.encrypted === false && calls.active) {
        const key = keyOf(calls);
        seen.set(key, Math.min(window.seconds, seen.get(key) ?? Infinity));
      }
    }
  }
  return calls => seen.get(keyOf(calls)) ?? options.windowSeconds;
}

function observe(
  inbound: readonly InboundCalls[],
): StrictReadiness['observed'] {
  const known = inbound.filter(({ encrypted }) => encrypted !== undefined);
  const sum = (field: 'requests' | 'connections', plain?: true) =>
    known
      .filter(({ encrypted }) => !plain || encrypted === false)
      .reduce((total, calls) => total + calls[field], 0);
  const unit =
    sum('requests') > 0 || sum('connections') === 0
      ? 'requests'
      : 'connections';
  return { total: sum(unit), plaintext: sum(unit, true), unit };
}

/**
 * Servers that would change and that nobody called: a caller of theirs has not been seen either. Where nobody
 * looked, nothing is said: of a cluster that is left out, or whose traffic could not be read.
 */
function findUnseen(options: {
  servers: readonly StrictServer[];
  inbound: readonly InboundCalls[];
  observations: readonly TrafficObservation[];
  leftOut?: readonly { cluster: string }[];
}): StrictReadiness['unseen'] {
  const { servers, inbound, observations, leftOut = [] } = options;
  const looked = new Set(
    observations
      .filter(({ error }) => error === undefined)
      .map(({ cluster }) => cluster)
      .filter(cluster => !leftOut.some(one => one.cluster === cluster)),
  );
  const seen = new Set(
    inbound
      .filter(({ active }) => active)
      .map(
        ({ cluster, destination }) => `${cluster}\n${peerName(destination)}`,
      ),
  );
  return servers
    .filter(({ ports }) => ports.some(({ future }) => future === 'changing'))
    .map(({ plan, workload }) => ({
      cluster: plan.now.cluster,
      namespace: workload.namespace,
      workload: workload.name,
    }))
    .filter(
      ({ cluster, namespace, workload }) =>
        looked.has(cluster) &&
        !seen.has(`${cluster}\n${namespace}/${workload}`),
    );
}

function findUnknown(options: {
  snapshots: readonly MeshSnapshot[];
  observations: readonly TrafficObservation[];
  leftOut?: readonly { cluster: string; why: string }[];
  servers: readonly StrictServer[];
  inbound: readonly InboundCalls[];
}): string[] {
  const { snapshots, observations, leftOut = [], servers, inbound } = options;
  const blind = inbound.filter(
    ({ encrypted, active }) => active && encrypted === undefined,
  );
  return [
    ...leftOut.map(({ cluster, why }) => `${cluster}: ${why}`),
    ...snapshots.flatMap(unreadKinds),
    ...snapshots
      .filter(
        ({ cluster }) =>
          !observations.some(one => one.cluster === cluster) &&
          !leftOut.some(one => one.cluster === cluster),
      )
      .map(({ cluster }) => `${cluster}: its traffic was not read`),
    ...observations.flatMap(({ cluster, error }) =>
      error === undefined ? [] : [`${cluster}: traffic, ${error}`],
    ),
    ...(servers.length === 0 ? ['no workload is in the scope'] : []),
    ...(blind.length > 0
      ? [
          `encryption of calls to ${[
            ...new Set(blind.map(({ destination }) => peerName(destination))),
          ].join(', ')} is not reported`,
        ]
      : []),
  ];
}

function unreadKinds(snapshot: MeshSnapshot): string[] {
  return (['Pod', 'PeerAuthentication', 'Service'] as const)
    .filter(kind =>
      kind === 'PeerAuthentication'
        ? !isDecidable(snapshot, kind)
        : !isKnown(snapshot, kind),
    )
    .map(kind => `${snapshot.cluster}: ${kind} objects could not be read`);
}

function countPorts(
  servers: readonly StrictServer[],
): StrictReadiness['ports'] {
  const all = servers.flatMap(({ ports }) => ports);
  const count = (future: string) =>
    all.filter(port => port.future === future).length;
  return {
    strict: count('strict'),
    changing: count('changing'),
    open: count('open'),
  };
}

function listOpenPorts({ plan, workload, ports }: StrictServer): OpenPort[] {
  return ports
    .filter(({ future }) => future === 'open')
    .map(({ port, name, then }) => ({
      cluster: plan.now.cluster,
      namespace: workload.namespace,
      workload: workload.name,
      port,
      ...(name && port !== EVERY_PORT ? { name } : {}),
      mode: then.mode,
      decidedBy: then.decidedBy,
    }));
}

function listPolicies({
  now,
  policies,
}: StrictPlan): StrictReadiness['policies'] {
  return policies.map(policy => ({ cluster: now.cluster, ...policy }));
}
