import { fieldsOf, textsOf } from '../../../resources/fields';
import { readGatewayApiRoute } from '../../../resources/httpRoute';
import type { Rule } from '../../types';

/** TLSRoutes use them as server names. Source: istio/istio pilot/pkg/config/kube/gateway route_collections.go (1.31). */
export const hostnamesIgnored: Rule = {
  code: 'ISB0913',
  name: 'route-hostnames-ignored-in-mesh',
  title: 'A route inside the mesh names hostnames',
  severity: 'info',
  explanation:
    'A route whose parents are Services applies to the names of those Services. Its hostnames count at gateways only: here they neither add names nor narrow the route.',
  remedy:
    'Remove the hostnames, or attach the route to a Gateway too if they are meant for that.',
  equivalents: [],
  subjects: ['HTTPRoute', 'GRPCRoute'],
  inputs: [],
  reach: 'object',
  check(subject) {
    const hostnames = textsOf(fieldsOf(subject.spec).hostnames);
    const { parents } = readGatewayApiRoute(subject);
    const isInMesh =
      parents.length > 0 &&
      parents.every(
        ({ kind }) => kind === 'Service' || kind === 'ServiceEntry',
      );
    if (hostnames.length === 0 || !isInMesh) return [];
    return [
      {
        message: `${hostnames.join(
          ', ',
        )} has no effect: the route applies to the names of its parents.`,
        path: 'spec.hostnames',
        fix: {
          title: 'Remove the hostnames, which have no effect',
          patch: [{ op: 'remove', path: '/spec/hostnames' }],
        },
      },
    ];
  },
};
