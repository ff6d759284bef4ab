import {
  MeshSnapshot,
  readWorkload,
  WorkloadKey,
} from '@istio-backstage/plugin-istio-common';

/** Labels of a workload's pods. */
export function readLabels(
  snapshot: MeshSnapshot,
  key: WorkloadKey,
): Record<string, string> {
  const object = snapshot.workload(key);
  return object ? readWorkload(object).labels : {};
}
