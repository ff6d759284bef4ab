import { readGatewayApiRoute } from '../../../resources/httpRoute';
import { namespacedName } from '../../../resources/objectKey';
import type { Rule } from '../../types';
import { portNumbers, ROUTE_KINDS } from './routeFacts';

/** Source: Gateway API ParentReference.port: of a Service, the port that the route narrows itself to. */
export const parentPortUnknown: Rule = {
  code: 'ISB0914',
  name: 'route-parent-port-unknown',
  title: 'A route is for a port that its parent does not have',
  severity: 'error',
  explanation:
    'With a port in the parentRef a route applies to calls of that port of the Service only. The Service has no such port, so nobody ever takes the route.',
  remedy:
    'Name a port of the Service, or leave the port out to route all of them.',
  equivalents: [],
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
    readGatewayApiRoute(subject).parents.flatMap((parent, index) => {
      const { kind, namespace, name, port } = parent;
      const object =
        port !== undefined && (kind === 'Service' || kind === 'ServiceEntry')
          ? snapshot.get(kind, namespace, name)
          : undefined;
      if (!object || port === undefined) return [];
      const ports = portNumbers(object);
      return ports.includes(port)
        ? []
        : [
            {
              message: `${kind} ${namespacedName(
                parent,
              )} has no port ${port} (it has ${
                ports.join(', ') || 'none'
              }): the route applies to no call.`,
              path: `spec.parentRefs[${index}].port`,
            },
          ];
    }),
};
