import type { KubeObject } from '../resources/types';
import { withObjects } from '../snapshot/buildSnapshot';
import type { MeshSnapshot } from '../snapshot/types';
import { findObject } from './planOperation';
import type { Plan, PlanOperation } from './types';

/**
 * The cluster as it would be with these operations applied. An edited object keeps its identity and
 * age, by which Istio orders objects of one host.
 */
export function simulatePlan(
  snapshot: MeshSnapshot,
  plan:
    | Pick<Plan, 'operations'>
    | { operations: Omit<PlanOperation, 'index'>[] },
): MeshSnapshot {
  const own = plan.operations.filter(
    ({ object }) => object.cluster === snapshot.cluster,
  );
  return withObjects(snapshot, {
    replace: own.flatMap(({ action, object, after }) => {
      if (action === 'delete' || !after) {
        return [];
      }
      const written = after as unknown as KubeObject;
      const base = findObject(snapshot, object);
      return [
        {
          ...written,
          metadata: {
            ...written.metadata,
            ...(base && {
              uid: base.metadata.uid,
              creationTimestamp: base.metadata.creationTimestamp,
            }),
          },
        },
      ];
    }),
    remove: own
      .filter(({ action }) => action === 'delete')
      .map(({ object }) => object),
  });
}
