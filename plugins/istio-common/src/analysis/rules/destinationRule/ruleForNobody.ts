import { readDestinationRule } from '../../../resources/destinationRule';
import { resolveHost } from '../../../resources/host';
import { servicesOfHost } from '../../facts/services';
import { MACHINE_KINDS, WORKLOAD_KINDS } from '../../selectedWorkloads';
import type { Rule } from '../../types';

/** Source: istio/istio pilot/pkg/model PushContext.destinationRule: client's, service's, root namespace. */
export const ruleForNobody: Rule = {
  code: 'ISB0208',
  name: 'destination-rule-for-nobody',
  title: 'A DestinationRule stands where no caller looks for it',
  severity: 'warning',
  explanation:
    'Callers look for the DestinationRule of a host in their own namespace, in that of the service, and in the root namespace, nowhere else, whatever it is exported to. This one is in none of these: its namespace has no workloads, and the service is somewhere else.',
  remedy: 'Move it into the namespace of the service or of its callers.',
  equivalents: [],
  subjects: ['DestinationRule'],
  inputs: ['Service', 'ServiceEntry', ...WORKLOAD_KINDS, ...MACHINE_KINDS],
  reach: 'host',
  reachOf: {
    DestinationRule: 'object',
    ...Object.fromEntries(
      [...WORKLOAD_KINDS, ...MACHINE_KINDS].map(kind => [kind, 'namespace']),
    ),
  },
  needs: ['workloads'],
  check(subject, { snapshot }) {
    const { namespace = '' } = subject.metadata;
    const host = resolveHost(readDestinationRule(subject).host, {
      namespace,
      domain: snapshot.domain,
    });
    const services = servicesOfHost(snapshot, host);
    const found =
      services.length === 0 ||
      namespace === snapshot.rootNamespace ||
      services.some(service => service.namespace === namespace) ||
      [...WORKLOAD_KINDS, ...MACHINE_KINDS].some(
        kind => snapshot.inNamespace(kind, namespace).length > 0,
      );
    return found
      ? []
      : [
          {
            message: `Nobody uses it: ${host} is in namespace ${services[0].namespace}, and ${namespace} has no workloads that could call it.`,
            path: 'spec.host',
          },
        ];
  },
};
