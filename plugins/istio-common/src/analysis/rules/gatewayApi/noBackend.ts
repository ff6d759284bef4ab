import { fieldsListOf } from '../../../resources/fields';
import { readGatewayApiRoute } from '../../../resources/httpRoute';
import type { Rule } from '../../types';

/** Source: Gateway API HTTPRouteRule.backendRefs; istio/istio pilot/pkg/config/kube/gateway conversion.go (1.31). */
export const routeNoBackend: Rule = {
  code: 'ISB0907',
  name: 'route-rule-without-backend',
  title: 'A rule of a route sends nowhere',
  severity: 'warning',
  explanation:
    'Every backend of the rule has weight 0, or it names none and no filter answers in its place. Requests that it matches are answered with 500.',
  remedy:
    'Give a backend a weight above 0, add a RequestRedirect filter, or remove the rule.',
  equivalents: [],
  subjects: ['HTTPRoute', 'GRPCRoute'],
  inputs: [],
  reach: 'object',
  check: subject =>
    readGatewayApiRoute(subject).rules.flatMap(
      ({ fieldPath, backends, filters }) => {
        const answers = filters.some(({ type }) =>
          ['RequestRedirect', 'ExtensionRef'].includes(String(type)),
        );
        const mirrored = fieldsListOf(filters).some(
          ({ type }) => type === 'RequestMirror',
        );
        if (answers || backends.some(({ weight = 1 }) => weight > 0)) return [];
        return [
          {
            message: `${
              backends.length > 0
                ? 'All of its backends have weight 0'
                : 'It names no backend'
            }: requests are answered with 500${
              mirrored ? ', only the mirror gets them' : ''
            }.`,
            path: `spec.${fieldPath}${
              backends.length > 0 ? '.backendRefs' : ''
            }`,
          },
        ];
      },
    ),
};
