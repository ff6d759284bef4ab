import { serviceOfHost } from '../../../resources/host';
import type { BackendRef } from '../../../resources/httpRoute';
import type { MeshSnapshot } from '../../../snapshot/types';
import type { Rule } from '../../types';
import { claimsOfHost } from '../serviceEntry/entryIndex';
import {
  describeLoss,
  isService,
  listBackends,
  ROUTE_KINDS,
} from './routeFacts';

/** Source: istio/istio pilot/pkg/config/kube/gateway conversion.go buildDestination (1.31). */
export const routeUnknownBackend: Rule = {
  code: 'ISB0904',
  name: 'route-unknown-backend',
  title: 'A route sends to a Service that does not exist',
  severity: 'error',
  explanation:
    'A backend that is not there keeps its share of the requests: they are answered with 500, or closed for TCP, instead of going to the other backends.',
  remedy:
    'Correct the name or namespace of the backend, create the Service, or take the backend out.',
  equivalents: ['KIA1402'],
  subjects: ROUTE_KINDS,
  inputs: ['Service', 'ServiceEntry'],
  reach: 'mesh',
  reachOf: {
    HTTPRoute: 'object',
    GRPCRoute: 'object',
    TCPRoute: 'object',
    TLSRoute: 'object',
  },
  check: (subject, { snapshot }) =>
    listBackends(subject).flatMap(({ backend, path, share }) => {
      const missing = findMissing(backend, snapshot);
      return missing
        ? [
            {
              message: `There is no ${missing}: ${describeLoss(subject, {
                share,
              })}.`,
              path,
            },
          ]
        : [];
    }),
};

/** What is missing, as `Service shop/cart`; kinds that Istio does not look up here are taken at their word. */
function findMissing(
  backend: BackendRef,
  snapshot: MeshSnapshot,
): string | undefined {
  const { namespace, name, kind, fields } = backend;
  if (isService(backend)) {
    return snapshot.get('Service', namespace, name)
      ? undefined
      : `Service ${namespace}/${name}`;
  }
  if (kind !== 'Hostname' || fields.group !== 'networking.istio.io') {
    return undefined;
  }
  const host = name.toLowerCase();
  const service = serviceOfHost(host, snapshot.domain);
  const isKnown =
    (service && snapshot.get('Service', service.namespace, service.name)) ||
    claimsOfHost(snapshot, host).length > 0;
  return isKnown ? undefined : `host ${host} in the mesh`;
}
