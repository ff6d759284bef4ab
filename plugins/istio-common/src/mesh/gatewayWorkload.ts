import { readPod } from '../resources/pod';
import { readWorkload } from '../resources/workload';
import { MeshSnapshot, WorkloadKey } from '../snapshot/types';

/** Set on the pods of a Gateway API gateway. */
export const GATEWAY_NAME = 'gateway.networking.k8s.io/gateway-name';

/** Whether the workload is a gateway or waypoint: a proxy without an application beside it. */
export function isGatewayWorkload(
  snapshot: MeshSnapshot,
  workload: WorkloadKey,
): boolean {
  const object = snapshot.workload(workload);
  return (
    (object !== undefined &&
      readWorkload(object).labels[GATEWAY_NAME] !== undefined) ||
    snapshot.podsOf(workload).some(pod => readPod(pod).proxy === 'gateway')
  );
}
