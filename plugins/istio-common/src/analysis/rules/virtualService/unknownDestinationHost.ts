import { readVisibility } from '../../../mesh/route/visibility';
import { meshDefaults } from '../../../mesh/route/meshDefaults';
import { isVisible } from '../../../mesh/route/serviceModel';
import {
  MESH_GATEWAY,
  readVirtualService,
} from '../../../resources/virtualService';
import type { KubeObject } from '../../../resources/types';
import type { MeshSnapshot } from '../../../snapshot/types';
import {
  listDestinations,
  type NamedDestination,
} from '../../facts/destinations';
import { replacement } from '../../facts/fix';
import { fullNameOf, isKnownHost, servicesOfHost } from '../../facts/services';
import type { Rule, RuleFinding } from '../../types';

/**
 * A destination's host is in no registry, or its service is exported to none of the callers the routes are
 * for. Source: istio/istio analyzers/virtualservice/destinationhosts.go.
 */
export const unknownDestinationHost: Rule = {
  code: 'ISB0102',
  name: 'virtual-service-unknown-host',
  title: 'A route sends to a host that no Service or ServiceEntry has',
  severity: 'error',
  explanation:
    'Envoy gets a route to a cluster that does not exist: requests that take it are answered with 503. For a mirror the copies are lost.',
  remedy:
    'Correct the host, create the Service or ServiceEntry, or export it to the callers. A name with a dot is taken as it is: reviews.prod is not short for reviews.prod.svc.cluster.local.',
  equivalents: ['IST0101', 'KIA1101'],
  subjects: ['VirtualService'],
  inputs: ['Service', 'ServiceEntry'],
  reach: 'host',
  reachOf: { VirtualService: 'object' },
  check(subject, { snapshot }) {
    return listDestinations(subject, snapshot.domain).flatMap(destination => {
      const { host, mirror } = destination;
      if (!isKnownHost(snapshot, host)) {
        return [explainUnknown(snapshot, destination)];
      }
      const services = servicesOfHost(snapshot, host);
      const seen =
        services.length === 0 ||
        callersOf(subject, snapshot).some(namespace =>
          services.some(service => isVisible(service, namespace)),
        );
      return seen
        ? []
        : [
            {
              message: `${host} is not exported to namespace ${
                subject.metadata.namespace ?? ''
              }: callers there cannot be sent to it.`,
              path: `${destination.path}.host`,
              severity: mirror ? ('warning' as const) : ('error' as const),
            },
          ];
    });
  },
};

function explainUnknown(
  snapshot: MeshSnapshot,
  { host, path, mirror }: NamedDestination,
): RuleFinding {
  const place = `${path}.host`;
  const full = fullNameOf(snapshot, host);
  return {
    message: full
      ? `${host} is not short for ${full}: Istio takes a name with a dot as it is, and no Service or ServiceEntry has it.`
      : `No Service or ServiceEntry has the host ${host}.`,
    path: place,
    ...(mirror && { severity: 'warning' as const }),
    ...(full && {
      fix: replacement(`Write the full name ${full}`, {
        path: place,
        value: full,
      }),
    }),
  };
}

/**
 * Namespaces whose callers surely get the routes. Where a gateway may be in any namespace, or the object is
 * for everybody, whoever sees the service is a caller too: nothing is told then but for its own namespace.
 */
function callersOf(subject: KubeObject, snapshot: MeshSnapshot): string[] {
  const namespace = subject.metadata.namespace ?? '';
  const { exportTo, gateways } = readVirtualService(subject);
  const places = gateways
    .filter(gateway => gateway !== MESH_GATEWAY)
    .map(gateway => gateway.split('/')[0]);
  const seenBy = readVisibility({
    exportTo,
    fallback: meshDefaults(snapshot).virtualServiceExportTo,
    namespace,
  });
  return [
    namespace,
    ...places,
    ...(typeof seenBy === 'string' ? [] : [...seenBy]),
  ];
}
