import { memoizeByIdentity } from '../resources/memoize';
import { compareText } from '../resources/objectKey';
import { readService } from '../resources/service';
import type { KubeObject } from '../resources/types';
import { resolveTargetPort } from '../snapshot/resolveTargetPort';
import type { MeshSnapshot, WorkloadKey } from '../snapshot/types';

type Ports = ReadonlyMap<number, string>;

const known = memoizeByIdentity(
  (_snapshot: MeshSnapshot) => new Map<string, Ports>(),
);

/** Container ports that Services lead to, each with the name of a Service; many rules ask for them. */
export function listServedPorts(
  snapshot: MeshSnapshot,
  workload: WorkloadKey,
): Ports {
  const workloads = known(snapshot);
  const key = `${workload.kind}/${workload.namespace}/${workload.name}`;
  const hit = workloads.get(key);
  if (hit) return hit;
  const ports = collectPorts(snapshot, workload);
  workloads.set(key, ports);
  return ports;
}

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
