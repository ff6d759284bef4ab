import { readService } from '../resources/service';
import { resolveTargetPort } from '../snapshot/resolveTargetPort';
import type { MeshSnapshot, WorkloadKey } from '../snapshot/types';

/** Container ports that Services lead to, each with the name of a Service. */
export function listServedPorts(
  snapshot: MeshSnapshot,
  workload: WorkloadKey,
): ReadonlyMap<number, string> {
  const ports = new Map<number, string>();
  for (const service of snapshot.servicesOf(workload)) {
    for (const port of readService(service).ports) {
      const target = resolveTargetPort(snapshot, service, port);
      if (target !== undefined && port.protocol !== 'udp') {
        ports.set(target, service.metadata.name);
      }
    }
  }
  return ports;
}
