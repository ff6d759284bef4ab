import { namespacedName } from '../../../resources/objectKey';
import type { Rule } from '../../types';
import {
  isService,
  listBackends,
  portNumbers,
  ROUTE_KINDS,
} from './routeFacts';

/** Source: Gateway API BackendObjectReference.port: the port of the Service, not of its pods. */
export const routeBackendPortUnknown: Rule = {
  code: 'ISB0905',
  name: 'route-backend-port-unknown',
  title: 'A route sends to a port that the Service does not have',
  severity: 'error',
  explanation:
    'The port of a backendRef is the port of the Service. Istio finds no cluster for this one, so the share of this backend fails.',
  remedy: 'Name a port of the Service, not the container port behind it.',
  equivalents: [],
  subjects: ROUTE_KINDS,
  inputs: ['Service'],
  reach: 'mesh',
  reachOf: {
    HTTPRoute: 'object',
    GRPCRoute: 'object',
    TCPRoute: 'object',
    TLSRoute: 'object',
  },
  check: (subject, { snapshot }) =>
    listBackends(subject).flatMap(({ backend, path, share }) => {
      const service =
        isService(backend) &&
        snapshot.get('Service', backend.namespace, backend.name);
      if (!service || backend.port === undefined) return [];
      const ports = portNumbers(service);
      return ports.includes(backend.port)
        ? []
        : [
            {
              message: `Service ${namespacedName(backend)} has no port ${
                backend.port
              } (it has ${
                ports.join(', ') || 'none'
              }): ${share}% of the requests fail.`,
              path: `${path}.port`,
            },
          ];
    }),
};
