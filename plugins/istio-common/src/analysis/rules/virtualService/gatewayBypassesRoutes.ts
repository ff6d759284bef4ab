import { namespacedName } from '../../../resources/objectKey';
import type { KubeObject } from '../../../resources/types';
import {
  MESH_GATEWAY,
  readVirtualService,
} from '../../../resources/virtualService';
import { virtualServices } from '../../../mesh/traffic/routingIndex';
import { listDestinations } from '../../facts/destinations';
import type { Rule } from '../../types';

/** Source: istio/istio analyzers/virtualservice/destinationhosts.go analyzeSubset. */
export const gatewayBypassesRoutes: Rule = {
  code: 'ISB0126',
  name: 'virtual-service-gateway-bypasses-routes',
  title:
    'Requests from a gateway do not follow the routes of the service they go to',
  severity: 'info',
  explanation:
    'A gateway sends a request to the endpoints of the destination itself. The VirtualService that splits the service’s requests by subset inside the mesh is not asked: what comes in from outside is spread over all versions.',
  remedy:
    'Repeat the subsets and shares in the gateway’s VirtualService, or bind the service’s own VirtualService to the gateway as well.',
  equivalents: ['IST0140'],
  subjects: ['VirtualService'],
  inputs: [],
  reach: 'host',
  check(subject, { snapshot }) {
    const { domain } = snapshot;
    const { gateways } = readVirtualService(subject);
    if (gateways.every(name => name === MESH_GATEWAY)) return [];
    return listDestinations(subject, domain)
      .filter(
        ({ rule, subset, mirror }) =>
          rule.protocol === 'http' && subset === undefined && !mirror,
      )
      .flatMap(({ host, path }) => {
        const other = virtualServices(snapshot)
          .hosts.exact(host)
          .find(
            object => object !== subject && splits(object, { host, domain }),
          );
        return other
          ? [
              {
                message: `Requests from the gateway do not follow VirtualService ${namespacedName(
                  other.metadata,
                )}, which routes ${host} by subset inside the mesh.`,
                path: `${path}.host`,
              },
            ]
          : [];
      });
  },
};

function splits(
  object: KubeObject,
  of: { host: string; domain: string },
): boolean {
  return (
    readVirtualService(object).gateways.includes(MESH_GATEWAY) &&
    listDestinations(object, of.domain).some(
      destination =>
        destination.rule.protocol === 'http' &&
        destination.host === of.host &&
        destination.subset !== undefined,
    )
  );
}
