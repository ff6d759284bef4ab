import { compareText } from '../resources/objectKey';
import { readService } from '../resources/service';
import type { KubeObject } from '../resources/types';
import { resolveTargetPort } from '../snapshot/resolveTargetPort';
import type { MeshSnapshot, WorkloadKey } from '../snapshot/types';
import { perWorkload } from './facts/perWorkload';
import { WORKLOAD_KINDS } from './selectedWorkloads';

type Ports = ReadonlyMap<number, string>;

/** Container ports that Services lead to, each with the name of a Service. */
export const listServedPorts = perWorkload(
  [...WORKLOAD_KINDS, 'Service'],
  collectPorts,
);

function collectPorts(snapshot: MeshSnapshot, workload: WorkloadKey): Ports {
  const ports = new Map<number, string>();
  for (const service of byName(snapshot.servicesOf(workload))) {
    for (const port of readService(service).ports) {
      const target = resolveTargetPort(snapshot, service, port);
      if (
        target !== undefined &&
        port.protocol !== 'udp' &&
        !ports.has(target)
      ) {
        ports.set(target, service.metadata.name);
      }
    }
  }
  return ports;
}

function byName(services: readonly KubeObject[]): KubeObject[] {
  return [...services].sort((a, b) =>
    compareText(a.metadata.name, b.metadata.name),
  );
}
