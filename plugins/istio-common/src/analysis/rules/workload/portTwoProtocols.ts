import { compareByAge } from '../../../resources/objectKey';
import { readService } from '../../../resources/service';
import type { KubeObject } from '../../../resources/types';
import { resolveTargetPort } from '../../../snapshot/resolveTargetPort';
import type { MeshSnapshot } from '../../../snapshot/types';
import { CONTROLLER_KINDS, WORKLOAD_KINDS } from '../../selectedWorkloads';
import type { Rule } from '../../types';
import { hasSidecar, keyOfWorkload } from './workloadPlaces';

interface Use {
  service: string;
  protocol: string;
}

/**
 * Source: istio/istio pilot/pkg/networking/core listener_inbound.go: one inbound chain per pod port, of the
 * oldest Service; what others say of the port is dropped (1.31).
 */
export const portTwoProtocols: Rule = {
  code: 'ISB0805',
  name: 'workload-port-two-protocols',
  title: 'Two Services give one pod port different protocols',
  severity: 'warning',
  explanation:
    'The sidecar in front of the pod has one listener for the port, made from the oldest Service. Clients of the other Service send another protocol than it reads: HTTP policies do not apply, or requests fail.',
  remedy:
    'Give the port the same protocol in all Services, by port name or appProtocol.',
  equivalents: [],
  subjects: CONTROLLER_KINDS,
  inputs: ['Service', 'Namespace', ...WORKLOAD_KINDS],
  reach: 'namespace',
  check(subject, { snapshot }) {
    const services = snapshot.servicesOf(keyOfWorkload(subject));
    const ports = services.reduce(
      (sum, service) => sum + readService(service).ports.length,
      0,
    );
    if (ports < 2 || !hasSidecar(snapshot, subject)) return [];
    return [...groupByTarget(snapshot, services)].flatMap(([port, uses]) => {
      const [first, ...rest] = uses;
      const other = rest.find(({ protocol }) => protocol !== first.protocol);
      if (!other) return [];
      return [
        {
          message: `Port ${port} is ${first.protocol} by Service ${first.service}, the oldest, and ${other.protocol} by Service ${other.service}: the first is in force.`,
          path: 'spec.template.metadata.labels',
        },
      ];
    });
  },
};

/** Protocols that are stated, by pod port, oldest Service first. */
function groupByTarget(
  snapshot: MeshSnapshot,
  services: readonly KubeObject[],
): Map<number, Use[]> {
  const byTarget = new Map<number, Use[]>();
  for (const service of [...services].sort(compareByAge)) {
    const { name, ports } = readService(service);
    for (const port of ports) {
      const target = resolveTargetPort(snapshot, service, port);
      if (target === undefined || ['udp', 'auto'].includes(port.protocol)) {
        continue;
      }
      const use = { service: name, protocol: port.protocol };
      byTarget.set(target, [...(byTarget.get(target) ?? []), use]);
    }
  }
  return byTarget;
}
