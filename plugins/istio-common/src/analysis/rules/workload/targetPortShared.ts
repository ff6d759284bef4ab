import {
  fieldsListOf,
  fieldsOf,
  numberOf,
  textOf,
} from '../../../resources/fields';
import { CONTROLLER_KINDS } from '../../selectedWorkloads';
import type { Rule } from '../../types';
import { hasSidecar, keyOfWorkload } from './workloadPlaces';

/** Source: istio/istio analyzers/deployment/services.go, target ports; pilot listener_inbound.go for the effect. */
export const targetPortShared: Rule = {
  code: 'ISB0807',
  name: 'workload-target-port-shared',
  title: 'Service ports of different numbers lead to one pod port',
  severity: 'info',
  explanation:
    'The sidecar in front of the pod cannot tell by which Service port a request came: the listener of the pod port is made from the oldest Service, and metrics on the receiving side name that one.',
  remedy:
    'Nothing has to change where protocol and meaning are the same. To tell the traffic apart, let the pod listen on a port for each.',
  equivalents: ['IST0137'],
  subjects: CONTROLLER_KINDS,
  inputs: ['Service', 'Namespace', 'Pod', 'ReplicaSet'],
  reach: 'namespace',
  check(subject, { snapshot }) {
    const byTarget = new Map<string, Map<number, string>>();
    for (const { metadata, spec } of snapshot.servicesOf(
      keyOfWorkload(subject),
    )) {
      for (const port of fieldsListOf(fieldsOf(spec).ports)) {
        const number = numberOf(port.port);
        if (number === undefined) continue;
        const target = String(
          numberOf(port.targetPort) || textOf(port.targetPort) || number,
        );
        const users = byTarget.get(target) ?? new Map<number, string>();
        byTarget.set(target, users.set(number, metadata.name));
      }
    }
    const shared = [...byTarget].filter(([, users]) => users.size > 1);
    if (shared.length === 0 || !hasSidecar(snapshot, subject)) return [];
    return shared.map(([target, users]) => ({
      message: `Pod port ${target} is behind ${[...users]
        .sort(([a], [b]) => a - b)
        .map(([port, service]) => `${service}:${port}`)
        .join(' and ')}.`,
      path: 'spec.template.metadata.labels',
    }));
  },
};
