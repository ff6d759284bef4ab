import {
  readGatewayApiRoute,
  type ParentRef,
} from '../../../resources/httpRoute';
import type { KindName } from '../../../resources/kinds';
import type { Rule } from '../../types';
import { describeParent, parentsOf, ROUTE_KINDS } from './routeFacts';

const KINDS: Readonly<Record<ParentRef['kind'], KindName | undefined>> = {
  Gateway: 'KubernetesGateway',
  Service: 'Service',
  ServiceEntry: 'ServiceEntry',
  // A kind of another controller.
  other: undefined,
};

/** Source: istio/istio pilot/pkg/config/kube/gateway conversion.go referenceAllowed (1.31). */
export const routeUnknownParent: Rule = {
  code: 'ISB0902',
  name: 'route-unknown-parent',
  title: 'A route names a parent that does not exist',
  severity: 'error',
  explanation:
    'A route takes effect through its parents: a Gateway, or a Service for calls inside the mesh. The one that it names is not there, so the route is in force nowhere through it.',
  remedy:
    'Correct kind, name or namespace of the parentRef. Without namespace the parent is looked for beside the route; a Service needs kind Service and the empty group.',
  equivalents: ['KIA1401'],
  subjects: ROUTE_KINDS,
  inputs: ['KubernetesGateway', 'Service', 'ServiceEntry'],
  reach: 'mesh',
  reachOf: {
    HTTPRoute: 'object',
    GRPCRoute: 'object',
    TCPRoute: 'object',
    TLSRoute: 'object',
  },
  check(subject, { snapshot }) {
    const written = parentsOf(subject);
    return readGatewayApiRoute(subject).parents.flatMap((parent, index) => {
      const kind = KINDS[parent.kind];
      if (!kind || snapshot.get(kind, parent.namespace, parent.name)) return [];
      return [
        {
          message: `There is no ${describeParent(
            written[index],
            subject.metadata.namespace ?? '',
          )}: the route is not attached to it.`,
          path: `spec.parentRefs[${index}]`,
        },
      ];
    });
  },
};
