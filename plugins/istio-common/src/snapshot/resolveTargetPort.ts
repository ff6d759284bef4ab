import { readService, ServicePort } from '../resources/service';
import { KubeObject } from '../resources/types';
import { readWorkload } from '../resources/workload';
import { MeshSnapshot } from './types';

/** The container port behind a Service port; a port's name is looked up in the pods it selects. */
export function resolveTargetPort(
  snapshot: MeshSnapshot,
  service: KubeObject,
  port: ServicePort,
): number | undefined {
  if (typeof port.targetPort === 'number') {
    return port.targetPort;
  }
  const { namespace, selector } = readService(service);
  for (const key of snapshot.workloadsMatching(namespace, selector)) {
    const object = snapshot.workload(key);
    const found =
      object &&
      readWorkload(object).ports.find(({ name }) => name === port.targetPort);
    if (found) {
      return found.port;
    }
  }
  return undefined;
}
