import { compareText } from '../../../resources/objectKey';
import { readPeerAuthentication } from '../../../resources/peerAuthentication';
import { readService } from '../../../resources/service';
import { readWorkload } from '../../../resources/workload';
import { resolveTargetPort } from '../../../snapshot/resolveTargetPort';
import type { MeshSnapshot, WorkloadKey } from '../../../snapshot/types';
import { listSelected, WORKLOAD_KINDS } from '../../selectedWorkloads';
import type { Rule, RuleFinding } from '../../types';

interface Ports {
  /** Container ports, declared or targeted. */
  own: Set<number>;
  /** Service ports that lead to another container port: number to place. */
  ofServices: Map<number, { service: string; target: number }>;
}

function collectPorts(
  snapshot: MeshSnapshot,
  workloads: readonly WorkloadKey[],
): Ports {
  const ports: Ports = { own: new Set(), ofServices: new Map() };
  for (const key of workloads) {
    const object = snapshot.workload(key);
    for (const { port } of object ? readWorkload(object).ports : []) {
      ports.own.add(port);
    }
    for (const service of snapshot.servicesOf(key)) {
      const { name, ports: declared } = readService(service);
      for (const port of declared) {
        const target = resolveTargetPort(snapshot, service, port);
        if (target === undefined) continue;
        ports.own.add(target);
        const known = ports.ofServices.get(port.port);
        if (!known || compareText(name, known.service) < 0) {
          ports.ofServices.set(port.port, { service: name, target });
        }
      }
    }
  }
  return ports;
}

function judgePort(port: number, ports: Ports): RuleFinding[] {
  if (ports.own.has(port) || ports.own.size === 0) return [];
  const path = `spec.portLevelMtls['${port}']`;
  const mistaken = ports.ofServices.get(port);
  return mistaken
    ? [
        {
          message: `${port} is a port of the Service ${mistaken.service}; its container port is ${mistaken.target}, and only that counts here.`,
          path,
        },
      ]
    : [
        {
          message: `No selected workload declares port ${port}, and no Service leads to it.`,
          path,
          severity: 'info',
        },
      ];
}

/** Source: istio/istio pilot/pkg/security/authn GetMutualTLSModeForPort: by the endpoint's port. */
export const unknownPort: Rule = {
  code: 'ISB0504',
  name: 'peer-authentication-unknown-port',
  title: 'A port exception names a port that its workloads do not have',
  severity: 'warning',
  explanation:
    'portLevelMtls goes by the port of the container, not by that of the Service. The exception is for a port that nobody calls; the one that was meant keeps the mode of the policy.',
  remedy: 'Name the container port (the targetPort of the Service).',
  equivalents: [],
  subjects: ['PeerAuthentication'],
  inputs: [...WORKLOAD_KINDS, 'Service'],
  reach: 'namespace',
  reachOf: { PeerAuthentication: 'object' },
  check(subject, { snapshot }) {
    const { selector, portModes } = readPeerAuthentication(subject);
    const { namespace = '' } = subject.metadata;
    if (!selector || portModes.size === 0) return [];
    if (namespace === snapshot.rootNamespace) return [];
    const workloads = listSelected(snapshot, { namespace, selector });
    const ports = collectPorts(snapshot, workloads);
    return [...portModes.keys()].flatMap(port => judgePort(port, ports));
  },
};
