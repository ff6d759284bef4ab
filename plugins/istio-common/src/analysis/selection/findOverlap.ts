import { describeObject, namespacedName } from '../../resources/objectKey';
import { readPod } from '../../resources/pod';
import type { Labels } from '../../resources/selector';
import type { MeshSnapshot } from '../../snapshot/types';

/**
 * Something with a sidecar that both selectors fit, as `Pod shop/cart-1`; undefined where there is none.
 * Pods that ztunnel captures have no sidecar to configure.
 */
export function findOverlap(
  snapshot: MeshSnapshot,
  namespace: string,
  selectors: readonly [Labels, Labels],
): string | undefined {
  const [one, other] = selectors;
  if (Object.keys(one).some(key => (other[key] ?? one[key]) !== one[key])) {
    return undefined;
  }
  const both = { ...one, ...other };
  const pods = snapshot.podsMatching(namespace, both);
  const pod = pods.find(candidate => {
    const { gone, proxy } = readPod(candidate);
    return !gone && proxy !== 'ambient';
  });
  if (pod || pods.length > 0) {
    return pod && describeObject(pod);
  }
  const [workload] = snapshot.workloadsMatching(namespace, both);
  return workload && `${workload.kind} ${namespacedName(workload)}`;
}
