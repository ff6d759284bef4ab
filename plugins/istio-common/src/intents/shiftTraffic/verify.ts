import { sharesConnections } from '../../mesh/traffic/observeSplit';
import { resolveTrafficSplit } from '../../mesh/traffic/resolveTrafficSplit';
import type { TrafficRoute } from '../../mesh/traffic/types';
import type { EffectEvidence, TrafficVerdict } from '../types';
import { compareWithTraffic } from './compareWithTraffic';
import type { ShiftTrafficParams } from './schema';

/** Compares the counts of the route's requests per version with the shares it was given. */
export function verifyShiftTraffic(
  params: ShiftTrafficParams,
  evidence: EffectEvidence,
): TrafficVerdict {
  const { versions, match, snapshots, observations, minimumRequests } =
    evidence;
  if (versions.length === 0) {
    return {
      verdict: 'impossible',
      why: 'no route shares out requests by weight any more',
    };
  }
  const split = resolveTrafficSplit({
    match,
    snapshots: [...snapshots],
    observations: [...observations],
  });
  const routes = split.routes.filter(route =>
    isWritten(params, evidence, route),
  );
  const destinations = routes.flatMap(route => route.destinations);
  const counted = destinations.some(
    ({ observedRequests }) => observedRequests !== undefined,
  );
  if (!counted && split.observed.requests > 0) {
    return {
      verdict: 'wait',
      why:
        destinations.length === 0
          ? 'its route is not found'
          : 'requests of its route cannot be told from those of others',
    };
  }
  return compareWithTraffic({
    versions,
    observed: destinations.map(({ key, observedRequests }) => ({
      key,
      requests: observedRequests ?? 0,
    })),
    minimumRequests,
    unit: routes.some(sharesConnections) ? 'connections' : 'requests',
  });
}

/** The route the change wrote to: the one it named, or the first of the object it made. */
function isWritten(
  params: ShiftTrafficParams,
  { written }: EffectEvidence,
  { object, fieldPath }: TrafficRoute,
): boolean {
  return (
    fieldPath === (params.route?.fieldPath ?? 'http[0]') &&
    written.some(
      each =>
        each.kind === object?.kind &&
        each.namespace === object.namespace &&
        each.name === object.name,
    )
  );
}
