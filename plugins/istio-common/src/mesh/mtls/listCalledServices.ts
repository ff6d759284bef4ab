import { compareText } from '../../resources/objectKey';
import { serviceHost } from '../../resources/host';
import { readService, ServicePort } from '../../resources/service';
import { timeOf } from '../../resources/fields';
import { KubeObject } from '../../resources/types';
import { readWorkload } from '../../resources/workload';
import { MeshSnapshot, WorkloadKey } from '../../snapshot/types';

/** A Service port through which a workload's port is called. */
export interface CalledService {
  object: KubeObject;
  host: string;
  port: number;
}

/** Service ports that lead to a container port of the workload; of the oldest Service first. */
export function listCalledServices(options: {
  snapshot: MeshSnapshot;
  workload: WorkloadKey;
  port: number;
}): CalledService[] {
  const { snapshot, workload, port } = options;
  const object = snapshot.workload(workload);
  const ports = object ? readWorkload(object).ports : [];
  const leadsTo = ({ targetPort }: ServicePort) =>
    typeof targetPort === 'number'
      ? targetPort === port
      : ports.some(
          ({ name, port: own }) => name === targetPort && own === port,
        );
  return [...snapshot.servicesOf(workload)]
    .sort(compareServices)
    .flatMap(service => {
      const view = readService(service);
      return view.ports.filter(leadsTo).map(({ port: number }) => ({
        object: service,
        host: serviceHost(view, snapshot.domain),
        port: number,
      }));
    });
}

/** Istio's order of services: creation time, then host name; of hosts `a-b.ns` is before `a.ns`. */
function compareServices(a: KubeObject, b: KubeObject): number {
  const age = ({ metadata }: KubeObject) =>
    timeOf(metadata.creationTimestamp) ?? Number.MAX_SAFE_INTEGER;
  return (
    age(a) - age(b) || compareText(`${a.metadata.name}.`, `${b.metadata.name}.`)
  );
}
