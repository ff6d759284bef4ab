import type { EntityMatch } from '../entity/types';
import { observeCallers } from '../mesh/authorization/observeCallers';
import type { MeshSnapshot } from '../snapshot/types';
import type { TrafficObservation } from '../telemetry/types';
import type { AffectedCaller } from './types';

/** Who calls the component, most requests first, for a plan that moves no requests between versions. */
export function listCallers(options: {
  match: EntityMatch;
  snapshots: readonly MeshSnapshot[];
  observations: readonly TrafficObservation[];
}): AffectedCaller[] {
  return observeCallers(options).map(({ workload, namespace, perSecond }) => ({
    ...(workload !== undefined && { workload }),
    ...(namespace !== undefined && { namespace }),
    requestsPerSecond: perSecond,
    movedBefore: 0,
    movedAfter: 0,
  }));
}
