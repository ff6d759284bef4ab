import {
  MESH_GATEWAY,
  readVirtualService,
} from '../../../resources/virtualService';
import { resolveHost } from '../../../resources/host';
import { resolveGatewayName } from '../../../resources/gateway';
import type { KubeObject } from '../../../resources/types';
import type { MeshSnapshot } from '../../../snapshot/types';
import { listDestinations } from '../../facts/destinations';
import { describePorts, servicesOfHost } from '../../facts/services';
import { serversOfGateway } from '../../facts/gatewayServers';
import type { Rule } from '../../types';

/**
 * Without a port a request keeps the one it came in on, unless the service has a single port. Sources:
 * istio/istio pilot/pkg/networking/core/route GetDestinationCluster; analyzers/virtualservice/destinationhosts.go.
 */
export const portRequired: Rule = {
  code: 'ISB0104',
  name: 'virtual-service-port-required',
  title: 'A route names no port of a service that has several',
  severity: 'info',
  explanation:
    'A request then goes to the port of the service with the number of the port it came in on. Where the service has no such port, it is answered with 503.',
  remedy: 'Name the port in the destination.',
  equivalents: ['IST0112'],
  subjects: ['VirtualService'],
  inputs: ['Service', 'ServiceEntry', 'Gateway'],
  reach: 'host',
  reachOf: { VirtualService: 'object' },
  check(subject, { snapshot }) {
    return listDestinations(subject, snapshot.domain).flatMap(destination => {
      const { host, port, path, mirror } = destination;
      const [service] = servicesOfHost(snapshot, host);
      if (port !== undefined || !service || service.ports.length < 2) return [];
      const missed = entryPorts(subject, snapshot).filter(
        ({ number }) => !service.ports.some(each => each.number === number),
      );
      const place = `${path}.host`;
      const start = `${host} has the ports ${describePorts(
        service,
      )} and the route names none`;
      return missed.length === 0
        ? [
            {
              message: `${start}: a request goes to the port it came in on.`,
              path: place,
            },
          ]
        : [
            {
              message: `${start}: what comes in on port ${missed[0].number} of ${missed[0].where} would go to port ${missed[0].number} and is answered with 503.`,
              path: place,
              severity: mirror ? ('warning' as const) : ('error' as const),
            },
          ];
    });
  },
};

/** The ports requests for these routes are known to come in on. */
function entryPorts(
  subject: KubeObject,
  snapshot: MeshSnapshot,
): { number: number; where: string }[] {
  const namespace = subject.metadata.namespace ?? '';
  const { gateways, hosts } = readVirtualService(subject);
  const atGateways = gateways
    .filter(gateway => gateway !== MESH_GATEWAY)
    .flatMap(gateway => {
      const name = resolveGatewayName(gateway, namespace);
      return serversOfGateway(snapshot, name)
        .filter(({ tls }) => !tls?.httpsRedirect)
        .map(({ port }) => ({ number: port, where: `Gateway ${name}` }));
    });
  const inMesh = gateways.includes(MESH_GATEWAY)
    ? hosts
        .map(host => resolveHost(host, { namespace, domain: snapshot.domain }))
        .flatMap(host => {
          const [service] = servicesOfHost(snapshot, host);
          // Of several ports one alone may be meant: only a single one is sure to be called.
          return service?.ports.length === 1
            ? [{ number: service.ports[0].number, where: host }]
            : [];
        })
    : [];
  return [...atGateways, ...inMesh];
}
