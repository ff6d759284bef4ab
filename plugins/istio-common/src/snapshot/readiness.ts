import { readPod } from '../resources/pod';
import { readWorkload } from '../resources/workload';
import { KindName } from '../resources/kinds';
import { MeshSnapshot, WorkloadKey } from './types';

/** Whether the kind's objects are known, if perhaps as they were a while ago. A missing kind is not an empty kind. */
export function isKnown(snapshot: MeshSnapshot, kind: KindName): boolean {
  const { state } = snapshot.freshness[kind];
  return state === 'synced' || state === 'stale';
}

/** Whether the kind cannot hold objects because it is not installed, or its objects are known. */
export function isDecidable(snapshot: MeshSnapshot, kind: KindName): boolean {
  return (
    isKnown(snapshot, kind) || snapshot.freshness[kind].state === 'notInstalled'
  );
}

/**
 * Ready and wanted pods of a workload. Pods are counted where they can be read, since they tell a loss
 * before the controller's status does; surplus pods of a rolling update are not counted.
 */
export function readinessOf(
  snapshot: MeshSnapshot,
  key: WorkloadKey,
): { ready: number; desired: number } {
  const object = snapshot.workload(key);
  if (!object) {
    return { ready: 0, desired: 0 };
  }
  const { podsDesired, podsReady } = readWorkload(object);
  const ready =
    isKnown(snapshot, 'Pod') && key.kind !== 'Pod'
      ? snapshot
          .podsOf(key)
          .map(readPod)
          .filter(pod => pod.ready && !pod.gone).length
      : podsReady;
  return { ready: Math.min(ready, podsDesired), desired: podsDesired };
}
