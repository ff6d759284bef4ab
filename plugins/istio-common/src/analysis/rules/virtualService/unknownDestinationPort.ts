import { readService } from '../../../resources/service';
import type { MeshService } from '../../../mesh/route/serviceModel';
import {
  listDestinations,
  type NamedDestination,
} from '../../facts/destinations';
import { replacement } from '../../facts/fix';
import { describePorts, servicesOfHost } from '../../facts/services';
import type { Rule, RuleFinding } from '../../types';

/** Source: istio/istio analyzers/virtualservice/destinationhosts.go checkServiceEntryPorts. */
export const unknownDestinationPort: Rule = {
  code: 'ISB0103',
  name: 'virtual-service-unknown-port',
  title: 'A route sends to a port that the service does not have',
  severity: 'error',
  explanation:
    'Istio has no cluster for that port of the service: requests that take the route are answered with 503.',
  remedy:
    'Name a port of the Service, not the one its containers listen on, or leave the port out where the Service has only one.',
  equivalents: ['IST0101'],
  subjects: ['VirtualService'],
  inputs: ['Service', 'ServiceEntry'],
  reach: 'host',
  reachOf: { VirtualService: 'object' },
  check(subject, { snapshot }) {
    return listDestinations(subject, snapshot.domain).flatMap(destination => {
      const { host, port } = destination;
      if (port === undefined) return [];
      const services = servicesOfHost(snapshot, host);
      const [first] = services;
      const open =
        !first ||
        services.some(
          ({ ports }) =>
            ports.length === 0 || ports.some(({ number }) => number === port),
        );
      return open ? [] : [explain(destination, first)];
    });
  },
};

function explain(
  { host, port, path, mirror }: NamedDestination,
  service: MeshService,
): RuleFinding {
  const place = `${path}.port.number`;
  const [meant, other] =
    service.registry === 'kubernetes'
      ? readService(service.object).ports.filter(
          ({ targetPort }) => targetPort === port,
        )
      : [];
  const start = `${host} has no port ${port}, only ${describePorts(service)}`;
  const severity = mirror ? ('warning' as const) : ('error' as const);
  return meant && !other
    ? {
        message: `${start}: ${port} is where its containers listen, ${meant.port} the port of the Service.`,
        path: place,
        severity,
        fix: replacement(`Send to port ${meant.port}`, {
          path: place,
          value: meant.port,
        }),
      }
    : { message: `${start}.`, path: place, severity };
}
