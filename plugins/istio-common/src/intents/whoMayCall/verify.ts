import { observeCallers } from '../../mesh/authorization/observeCallers';
import type { ObservedCaller } from '../../mesh/authorization/componentAccess';
import type { RequestSample, TrafficObservation } from '../../telemetry/types';
import { formatList, formatQuantity } from '../../telemetry/format';
import { guardedWorkloads } from '../guarding/inboundCalls';
import type { EffectEvidence, TrafficVerdict } from '../types';
import type { WhoMayCallParams } from './schema';

/** What Envoy's RBAC filter answers. Source: Envoy, "Role Based Access Control". */
const DENIED = '403';

interface Answers {
  denied: number;
  answered: number;
}

/**
 * A rule shows where somebody calls whom it turns away, or lets in who was turned away before: the called
 * proxies answer 403. A trial refuses nobody; what it would have done they count in statistics of their
 * own, which are not among Istio's metrics.
 */
export function verifyWhoMayCall(
  params: WhoMayCallParams,
  { match, snapshots, observations, earlier }: EffectEvidence,
): TrafficVerdict {
  if (params.dryRun) {
    return {
      verdict: 'impossible',
      why: 'a trial refuses nobody: proxies count what it would have done in envoy_http_…_rbac_…_shadow_denied, which is not read here',
    };
  }
  const own = guardedWorkloads(params, snapshots);
  const callers = observeCallers({
    match: {
      ...match,
      workloads: match.workloads.filter(({ cluster, name, namespace }) =>
        own.some(
          ({ snapshot, workload }) =>
            snapshot.cluster === cluster &&
            workload.name === name &&
            workload.namespace === namespace,
        ),
      ),
    },
    snapshots,
    observations,
  });
  const since = countAnswers(params, observations);
  const before = countAnswers(params, earlier);
  const turnedAway = callers.filter(
    caller => isDenied(caller) && onlyDenied(since, caller),
  );
  const letIn = callers.filter(
    caller =>
      caller.access === 'always' &&
      onlyDenied(before, caller) &&
      (since.get(nameOf(caller))?.answered ?? 0) > 0,
  );
  if (turnedAway.length > 0 || letIn.length > 0) {
    return {
      verdict: 'verified',
      text: describe({ turnedAway, letIn, since }),
    };
  }
  return {
    verdict: 'wait',
    why:
      callers.length === 0
        ? 'nobody has called since'
        : 'nobody has called since whom the rules treat differently, and a rule that meets nobody leaves no trace',
  };
}

function describe(options: {
  turnedAway: readonly ObservedCaller[];
  letIn: readonly ObservedCaller[];
  since: ReadonlyMap<string, Answers>;
}): string {
  const { turnedAway, letIn, since } = options;
  const parts = [
    ...turnedAway.map(
      caller =>
        `all ${formatQuantity(
          since.get(nameOf(caller))?.denied ?? 0,
          'request',
        )} of ${nameOf(caller)} were answered 403`,
    ),
    ...letIn.map(
      caller =>
        `${formatQuantity(
          since.get(nameOf(caller))?.answered ?? 0,
          'request',
        )} of ${nameOf(caller)} came through, none did before`,
    ),
  ];
  return `Seen in traffic: ${formatList(parts)}`;
}

function isDenied({ access }: ObservedCaller): boolean {
  return access === 'never';
}

function onlyDenied(
  counts: ReadonlyMap<string, Answers>,
  caller: ObservedCaller,
): boolean {
  const { denied = 0, answered = 0 } = counts.get(nameOf(caller)) ?? {};
  return denied > 0 && answered === 0;
}

/** By caller, as the called proxies answered. */
function countAnswers(
  { namespace, service }: WhoMayCallParams,
  observations: readonly TrafficObservation[],
): Map<string, Answers> {
  const counts = new Map<string, Answers>();
  for (const sample of observations.flatMap(({ requests }) => requests)) {
    const isOurs =
      sample.reporter !== 'source' &&
      sample.requests > 0 &&
      sample.destinationServiceName === service &&
      sample.destinationServiceNamespace === namespace;
    if (isOurs) {
      const key = nameOf(sample.source);
      const known = counts.get(key) ?? { denied: 0, answered: 0 };
      known[isDenial(sample) ? 'denied' : 'answered'] += sample.requests;
      counts.set(key, known);
    }
  }
  return counts;
}

function isDenial({ responseCode }: RequestSample): boolean {
  return responseCode === DENIED;
}

function nameOf({
  namespace,
  workload,
}: Pick<ObservedCaller, 'namespace' | 'workload'>): string {
  return workload === undefined
    ? 'callers without name'
    : `${namespace}/${workload}`;
}
