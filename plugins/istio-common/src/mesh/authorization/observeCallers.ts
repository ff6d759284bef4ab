import { EntityMatch } from '../../entity/types';
import { DecidedBy } from '../../resources/types';
import { MeshSnapshot } from '../../snapshot/types';
import { TrafficObservation } from '../../telemetry/types';
import { countInbound, InboundCalls } from '../mtls/countInbound';
import { countProxies } from '../mtls/resolveInboundProxy';
import { listWorkloadPorts } from '../mtls/listWorkloadPorts';
import { findNamedWorkloads } from '../workloadKeys';
import { WorkloadSet } from '../workloadSet';
import { ComponentAccess, ObservedCaller } from './componentAccess';
import { AllowedCaller, resolveCallerAccess } from './listAllowedCallers';
import { resolveCallerSends } from './resolveCallerSends';
import { AuthorizationCaller, AuthorizationRequest } from './types';

/**
 * Who called the component, by identity where a certificate proved one, whether it came encrypted, and what
 * policies say of it now. Most calls first.
 */
export function observeCallers(options: {
  match: EntityMatch;
  snapshots: readonly MeshSnapshot[];
  observations: readonly TrafficObservation[];
  /**
   * The clusters as they were observed, where `snapshots` are as they would be: a caller whose proxy goes
   * by what the port accepts then sends something else.
   */
  observedIn?: readonly MeshSnapshot[];
}): ObservedCaller[] {
  const { match, snapshots, observations, observedIn } = options;
  const own = new WorkloadSet(match);
  const inbound = countInbound({
    observations,
    ambient: ambientWorkloads(match, snapshots),
    isServer: peer => own.hasWorkload(peer),
  }).filter(({ active }) => active);
  const seconds = Math.max(1, ...observations.map(one => one.window.seconds));
  const groups = new Map<string, InboundCalls[]>();
  for (const calls of inbound) {
    const { namespace, workload, principal } = calls.source;
    const key =
      workload === undefined ? principal ?? '' : `${namespace}/${workload}`;
    groups.set(key, [...(groups.get(key) ?? []), calls]);
  }
  return [...groups.values()]
    .map(calls =>
      describeCaller({ calls, match, snapshots, seconds, observedIn }),
    )
    .sort((a, b) => b.requests - a.requests || b.connections - a.connections);
}

function ambientWorkloads(
  { workloads }: EntityMatch,
  snapshots: readonly MeshSnapshot[],
): ReadonlySet<string> {
  return new Set(
    workloads
      .filter(workload =>
        snapshots.some(
          snapshot =>
            snapshot.cluster === workload.cluster &&
            countProxies(snapshot, workload).ambient > 0,
        ),
      )
      .map(({ namespace, name }) => `${namespace}/${name}`),
  );
}

function describeCaller(options: {
  calls: readonly InboundCalls[];
  match: EntityMatch;
  snapshots: readonly MeshSnapshot[];
  seconds: number;
  observedIn?: readonly MeshSnapshot[];
}): ObservedCaller {
  const { calls, seconds } = options;
  const sum = (amount: (one: InboundCalls) => number) =>
    calls.reduce((total, one) => total + amount(one), 0);
  const both = (one: InboundCalls) => one.requests + one.connections;
  const requests = sum(one => one.requests);
  const connections = sum(one => one.connections);
  const [{ source }] = calls;
  const principal = calls.find(one => one.source.principal)?.source.principal;
  return {
    ...(source.namespace === undefined ? {} : { namespace: source.namespace }),
    ...(source.workload === undefined ? {} : { workload: source.workload }),
    ...(principal === undefined ? {} : { principal }),
    clusters: [...new Set(calls.map(({ cluster }) => cluster))].sort(),
    requests,
    connections,
    perSecond: (requests > 0 ? requests : connections) / seconds,
    encrypted: sum(one => (one.encrypted === true ? both(one) : 0)),
    plaintext: sum(one => (one.encrypted === false ? both(one) : 0)),
    ...mergeAccess(askPolicies(options)),
  };
}

type Access = Omit<AllowedCaller, 'workload'>;

/** An answer of a port; one that refuses what the caller sends is none that it was seen at. */
type Asked = Access & { refusedHere: boolean };

/** One answer for each workload and port that the caller may have called, in each cluster it came to. */
function askPolicies(options: {
  calls: readonly InboundCalls[];
  match: EntityMatch;
  snapshots: readonly MeshSnapshot[];
  observedIn?: readonly MeshSnapshot[];
}): Asked[] {
  const { calls, match, snapshots, observedIn = [] } = options;
  return snapshots.flatMap(snapshot => {
    const before = observedIn.find(one => one.cluster === snapshot.cluster);
    const here = calls.filter(({ cluster }) => cluster === snapshot.cluster);
    const reached = new Set(
      here.map(({ destination }) => destination.workload),
    );
    const ways = callersOf(snapshot, here);
    return match.workloads
      .filter(
        ({ cluster, name }) =>
          cluster === snapshot.cluster && reached.has(name),
      )
      .flatMap(({ kind, namespace, name }) => {
        const workload = { kind, namespace, name };
        return listWorkloadPorts(snapshot, workload).flatMap(({ port }) =>
          ways.map((from): Asked => {
            const to = { workload, port };
            if (before) {
              return askThen({ before, snapshot, from, to });
            }
            const answer = resolveCallerAccess({ snapshot, from, to });
            return { ...answer, refusedHere: answer.access === 'refused' };
          }),
        );
      });
  });
}

/** The answer then, and whether the port refused the caller already: then it was not seen there. */
function askThen(options: {
  before: MeshSnapshot;
  snapshot: MeshSnapshot;
  from: AuthorizationCaller;
  to: AuthorizationRequest['to'];
}): Asked {
  const { before, snapshot, from, to } = options;
  const was = resolveCallerAccess({ snapshot: before, from, to });
  return {
    ...resolveCallerAccess({ snapshot, from: sendsThen(options), to }),
    refusedHere: was.access === 'refused',
  };
}

/**
 * What was seen counts, not what configuration says: but where configuration explains it, and would say
 * something else then (automatic mTLS follows the port's mode), the caller follows.
 */
function sendsThen(options: {
  before: MeshSnapshot;
  snapshot: MeshSnapshot;
  from: AuthorizationCaller;
  to: AuthorizationRequest['to'];
}): AuthorizationCaller {
  const { before, snapshot, from, to } = options;
  const { workload, sends } = from;
  if (!workload) {
    return from;
  }
  const [was, then] = [before, snapshot].map(world =>
    resolveCallerSends({
      snapshot: world,
      request: { from: { workload }, to },
    }),
  );
  return 'sends' in was &&
    'sends' in then &&
    was.sends === sends &&
    then.sends !== sends
    ? { workload, sends: then.sends }
    : from;
}

/** The caller as it was seen: encrypted with its identity, in plaintext by its address, or both. */
function callersOf(
  snapshot: MeshSnapshot,
  calls: readonly InboundCalls[],
): AuthorizationCaller[] {
  const ways = new Map<string, AuthorizationCaller>();
  for (const { source, encrypted } of calls) {
    if (encrypted === undefined) {
      continue;
    }
    const [workload] = findNamedWorkloads(snapshot, {
      namespace: source.namespace ?? '',
      name: source.workload ?? '',
    });
    const from: AuthorizationCaller = {
      ...(workload ? { workload } : {}),
      ...(encrypted && source.principal ? { principal: source.principal } : {}),
      sends: encrypted ? 'mtls' : 'plaintext',
    };
    ways.set(JSON.stringify(from), from);
  }
  return [...ways.values()];
}

/**
 * Telemetry does not name the port, so the answers of all ports count. A port that refuses what the caller
 * sends is none that it was seen at, unless all do.
 */
function mergeAccess(
  asked: readonly Asked[],
): Pick<ObservedCaller, 'access' | 'decidedBy' | 'reason' | 'dependsOn'> {
  const taken = asked.filter(({ refusedHere }) => !refusedHere);
  const counted = taken.length > 0 ? taken : asked;
  const [first] = counted;
  if (!first) {
    return {
      access: 'unknown',
      decidedBy: [],
      reason:
        'the called workload is not there any more, or its proxy does not report encryption',
      dependsOn: [],
    };
  }
  const same = counted.every(({ access }) => access === first.access);
  return {
    access: same ? first.access : mixedAccess(counted),
    decidedBy: unique(counted.flatMap(({ decidedBy }) => decidedBy)),
    reason: same ? first.reason : reasonOfMixed(counted),
    dependsOn: [...new Set(counted.flatMap(({ dependsOn }) => dependsOn))],
  };
}

/** Some ports turn it away: why, and that it may call others. */
function reasonOfMixed(counted: readonly Access[]): string {
  const out = counted.find(({ access }) => isOut(access));
  return out
    ? `${out.reason}, unless it calls other ports, workloads or clusters only`
    : 'it differs by port, workload or cluster';
}

function isOut(access: ComponentAccess): boolean {
  return access === 'refused' || access === 'never';
}

function mixedAccess(counted: readonly Access[]): ComponentAccess {
  if (counted.some(({ access }) => access === 'unknown')) {
    return 'unknown';
  }
  return counted.some(({ access }) => isOut(access)) ? 'mixed' : 'sometimes';
}

/** The same object of two clusters decides once. */
function unique(decisions: readonly DecidedBy[]): DecidedBy[] {
  const found = new Map<string, DecidedBy>();
  for (const decision of decisions) {
    const key = decisionKey(decision);
    found.set(key, found.get(key) ?? decision);
  }
  return [...found.values()];
}

/** Tells decisions apart, whatever cluster they are of. */
export function decisionKey(decision: DecidedBy): string {
  if (decision.by !== 'object') {
    return JSON.stringify(decision);
  }
  const { kind, namespace, name } = decision.object;
  return [kind, namespace, name, decision.fieldPath].join('\n');
}
