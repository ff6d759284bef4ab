import { readService } from '../../resources/service';
import { isEmptySelector, Labels } from '../../resources/selector';
import { readWorkload, versionOfLabels } from '../../resources/workload';
import { readinessOf } from '../../snapshot/readiness';
import { MeshSnapshot, WorkloadKey } from '../../snapshot/types';

/** The pods that take requests for a Service, or for a subset of it. */
export interface PodsBehind {
  workloads: WorkloadKey[];
  ready: number;
  desired: number;
  /** Version of all of them, where they agree. */
  version?: string;
}

/** The workloads a Service, or a subset of it, selects. Labels that contradict its selector select nothing. */
export function podsBehind(
  snapshot: MeshSnapshot,
  service: { namespace: string; name: string },
  subset: Labels = {},
): PodsBehind {
  const object = snapshot.get('Service', service.namespace, service.name);
  const selector = object ? readService(object).selector : {};
  const contradicts = Object.keys(subset).some(
    key => key in selector && selector[key] !== subset[key],
  );
  const workloads =
    isEmptySelector(selector) || contradicts
      ? []
      : snapshot.workloadsMatching(service.namespace, {
          ...selector,
          ...subset,
        });
  return countPods(snapshot, workloads);
}

/** Adds up the pods of workloads. */
export function countPods(
  snapshot: MeshSnapshot,
  workloads: readonly WorkloadKey[],
): PodsBehind {
  const behind: PodsBehind = {
    workloads: [...workloads],
    ready: 0,
    desired: 0,
  };
  const versions = new Set<string | undefined>();
  for (const key of workloads) {
    const { ready, desired } = readinessOf(snapshot, key);
    behind.ready += ready;
    behind.desired += desired;
    const object = snapshot.workload(key);
    versions.add(object && versionOfLabels(readWorkload(object).labels));
  }
  const [version] = versions;
  return versions.size === 1 && version !== undefined
    ? { ...behind, version }
    : behind;
}
