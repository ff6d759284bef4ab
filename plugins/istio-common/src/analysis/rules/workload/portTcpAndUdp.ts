import {
  fieldsListOf,
  fieldsOf,
  numberOf,
  textOf,
} from '../../../resources/fields';
import { CONTROLLER_KINDS } from '../../selectedWorkloads';
import type { Rule } from '../../types';
import { hasSidecar, keyOfWorkload } from './workloadPlaces';

/** Source: istio/istio analyzers/deployment/services.go, protocols of a port. */
export const portTcpAndUdp: Rule = {
  code: 'ISB0806',
  name: 'workload-port-tcp-and-udp',
  title: 'Services of one workload use a port for TCP and for UDP',
  severity: 'info',
  explanation:
    'The mesh carries TCP only. UDP datagrams to the port pass the sidecar by: no encryption, policy or metric covers them, although the Service and port look like the ones that are covered.',
  remedy:
    'Use another port number for UDP, or accept that this part is outside the mesh.',
  equivalents: ['IST0116'],
  subjects: CONTROLLER_KINDS,
  inputs: ['Service', 'Namespace', 'Pod', 'ReplicaSet'],
  reach: 'namespace',
  check(subject, { snapshot }) {
    const services = snapshot.servicesOf(keyOfWorkload(subject));
    const users = new Map<number, Map<string, string>>();
    for (const { metadata, spec } of services) {
      for (const port of fieldsListOf(fieldsOf(spec).ports)) {
        const number = numberOf(port.port);
        if (number !== undefined) {
          const byProtocol = users.get(number) ?? new Map<string, string>();
          users.set(number, byProtocol);
          byProtocol.set(textOf(port.protocol) ?? 'TCP', metadata.name);
        }
      }
    }
    const mixed = [...users].filter(([, byProtocol]) => byProtocol.size > 1);
    if (mixed.length === 0 || !hasSidecar(snapshot, subject)) return [];
    return mixed.map(([port, byProtocol]) => ({
      message: `Port ${port} is ${[...byProtocol]
        .sort()
        .map(([protocol, service]) => `${protocol} in Service ${service}`)
        .join(' and ')}: only TCP is in the mesh.`,
      path: 'spec.template.metadata.labels',
    }));
  },
};
