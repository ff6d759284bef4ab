import { readDestinationRule } from '../../../resources/destinationRule';
import { resolveHost } from '../../../resources/host';
import { listPolicies } from '../../facts/policies';
import { describePorts, servicesOfHost } from '../../facts/services';
import type { Rule } from '../../types';

/** Source: istio/istio pilot/pkg/networking/util GetPortLevelTrafficPolicy: compared with the service's port. */
export const settingsForUnknownPort: Rule = {
  code: 'ISB0211',
  name: 'destination-rule-unknown-port',
  title:
    'A DestinationRule has settings for a port that the service does not have',
  severity: 'warning',
  explanation:
    'portLevelSettings go by the port of the Service. Settings for another number, the containers’ port for instance, are never in force.',
  remedy: 'Name a port of the Service.',
  equivalents: [],
  subjects: ['DestinationRule'],
  inputs: ['Service', 'ServiceEntry'],
  reach: 'host',
  reachOf: { DestinationRule: 'object' },
  check(subject, { snapshot }) {
    const ported = listPolicies(subject).filter(
      ({ port }) => port !== undefined,
    );
    if (ported.length === 0) return [];
    const services = servicesOfHost(
      snapshot,
      resolveHost(readDestinationRule(subject).host, {
        namespace: subject.metadata.namespace ?? '',
        domain: snapshot.domain,
      }),
    );
    const [first] = services;
    if (!first) return [];
    return ported
      .filter(
        ({ port }) =>
          !services.some(({ ports }) =>
            ports.some(({ number }) => number === port),
          ),
      )
      .map(({ port, path }) => ({
        message: `${first.host} has no port ${port}, only ${describePorts(
          first,
        )}: the settings are not in force.`,
        path: `${path}.port.number`,
      }));
  },
};
