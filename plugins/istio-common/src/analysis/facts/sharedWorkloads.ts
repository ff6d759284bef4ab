import { isEmptySelector, type Labels } from '../../resources/selector';
import type { GatewayServer } from '../../mesh/route/gatewayServerModel';
import type { MeshSnapshot, WorkloadKey } from '../../snapshot/types';

/** Labels that bind a server to proxies; empty: to every gateway. */
export function selectorOf({ proxies }: GatewayServer): Labels {
  return proxies.by === 'selector' ? proxies.selector : {};
}

/** Workloads of all namespaces that the selector of a Gateway binds. */
export function boundWorkloads(
  snapshot: MeshSnapshot,
  selector: Labels,
): WorkloadKey[] {
  return snapshot
    .findWorkloads(selector)
    .filter(({ labelsOn }) => labelsOn === 'pods')
    .map(({ key }) => key);
}

/** Whether some proxy gets both servers: the same selector, or one workload that carries the labels of both. */
export function shareWorkload(
  snapshot: MeshSnapshot,
  a: Labels,
  b: Labels,
): boolean {
  const both = { ...a, ...b };
  const contradict = Object.keys(a).some(key => key in b && a[key] !== b[key]);
  if (contradict) {
    return false;
  }
  const size = Object.keys(both).length;
  const same = size === Object.keys(a).length && size === Object.keys(b).length;
  return (
    same || isEmptySelector(both) || boundWorkloads(snapshot, both).length > 0
  );
}
