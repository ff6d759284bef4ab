import {
  resolveProxy,
  type InboundProxy,
} from '../../mesh/mtls/resolveInboundProxy';
import { memoizeByIdentity } from '../../resources/memoize';
import type { MeshSnapshot, WorkloadKey } from '../../snapshot/types';

const known = memoizeByIdentity(
  (_snapshot: MeshSnapshot) => new Map<string, InboundProxy['by']>(),
);

/** What takes the workload's inbound connections; many rules ask it of the same workloads. */
export function proxyOf(
  snapshot: MeshSnapshot,
  workload: WorkloadKey,
): InboundProxy['by'] {
  const proxies = known(snapshot);
  const key = `${workload.kind}/${workload.namespace}/${workload.name}`;
  const hit = proxies.get(key);
  if (hit) return hit;
  const { by } = resolveProxy(snapshot, workload);
  proxies.set(key, by);
  return by;
}
