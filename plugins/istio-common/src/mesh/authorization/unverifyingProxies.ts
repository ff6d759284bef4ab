import { readGateway } from '../../resources/gateway';
import { compareText, namespacedName } from '../../resources/objectKey';
import { isEmptySelector } from '../../resources/selector';
import { readWorkload } from '../../resources/workload';
import type { MeshSnapshot, WorkloadKey } from '../../snapshot/types';
import { selectPolicies } from './selectPolicies';

/** Proxies of a gateway (`namespace/name`) that verify no token; none where they are not known. */
export function listUnverifying(
  snapshot: MeshSnapshot,
  gateway: string,
): WorkloadKey[] {
  const [namespace, name] = gateway.split('/');
  const object = snapshot.get('Gateway', namespace, name);
  const selector = object ? readGateway(object).selector : {};
  if (isEmptySelector(selector)) {
    return [];
  }
  // A Gateway selects proxies of all namespaces.
  return snapshot
    .findWorkloads(selector)
    .filter(({ labelsOn }) => labelsOn === 'pods')
    .map(({ key }) => key)
    .filter(key => verifiesNothing(snapshot, key))
    .sort((a, b) => compareText(namespacedName(a), namespacedName(b)));
}

function verifiesNothing(snapshot: MeshSnapshot, key: WorkloadKey): boolean {
  const workload = snapshot.workload(key);
  return (
    workload !== undefined &&
    selectPolicies({
      snapshot,
      kind: 'RequestAuthentication',
      subject: {
        namespace: key.namespace,
        labels: readWorkload(workload).labels,
      },
    }).length === 0
  );
}
