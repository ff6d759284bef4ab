import { readPeerAuthentication } from '../../resources/peerAuthentication';
import { matchesLabels } from '../../resources/selector';
import { readService } from '../../resources/service';
import { readWorkload } from '../../resources/workload';
import { resolveTargetPort } from '../../snapshot/resolveTargetPort';
import { MeshSnapshot, WorkloadKey } from '../../snapshot/types';

/** A container port, as far as something declares it. */
export interface KnownPort {
  port: number;
  name?: string;
  protocol?: string;
}

/** Ports that Services reach, that containers declare, and that policies name. */
export function listWorkloadPorts(
  snapshot: MeshSnapshot,
  workload: WorkloadKey,
): KnownPort[] {
  const ports = new Map<number, KnownPort>();
  for (const service of snapshot.servicesOf(workload)) {
    for (const port of readService(service).ports) {
      const target = resolveTargetPort(snapshot, service, port);
      if (target !== undefined && port.protocol !== 'udp') {
        const { name, protocol } = port;
        const known = ports.get(target);
        ports.set(target, {
          port: target,
          ...(known?.name ?? name ? { name: known?.name ?? name } : {}),
          protocol: known?.protocol ?? protocol,
        });
      }
    }
  }
  const object = snapshot.workload(workload);
  const view = object && readWorkload(object);
  for (const { port, name } of view?.ports ?? []) {
    if (!ports.has(port)) {
      ports.set(port, name ? { port, name } : { port });
    }
  }
  for (const policy of snapshot.inNamespace(
    'PeerAuthentication',
    workload.namespace,
  )) {
    const { selector, portModes } = readPeerAuthentication(policy);
    if (selector && view && matchesLabels(selector, view.labels)) {
      for (const port of portModes.keys()) {
        ports.set(port, ports.get(port) ?? { port });
      }
    }
  }
  return [...ports.values()];
}
