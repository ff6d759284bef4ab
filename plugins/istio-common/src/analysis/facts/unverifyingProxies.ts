import { selectPolicies } from '../../mesh/authorization/selectPolicies';
import { readGateway } from '../../resources/gateway';
import { isEmptySelector } from '../../resources/selector';
import { readWorkload } from '../../resources/workload';
import type { MeshSnapshot, WorkloadKey } from '../../snapshot/types';
import { listSelected } from '../selectedWorkloads';

/** Proxies of a gateway (`namespace/name`) that verify no token; none where they are not known. */
export function listUnverifying(
  snapshot: MeshSnapshot,
  gateway: string,
): WorkloadKey[] {
  const [namespace, name] = gateway.split('/');
  const object = snapshot.get('Gateway', namespace, name);
  const selector = object ? readGateway(object).selector : {};
  if (isEmptySelector(selector)) return [];
  // A Gateway selects proxies of all namespaces.
  return listSelected(snapshot, {
    namespace: snapshot.rootNamespace,
    selector,
  }).filter(key => {
    const workload = snapshot.workload(key);
    return (
      workload &&
      selectPolicies({
        snapshot,
        kind: 'RequestAuthentication',
        subject: {
          namespace: key.namespace,
          labels: readWorkload(workload).labels,
        },
      }).length === 0
    );
  });
}
