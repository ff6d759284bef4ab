import type { Rule } from '../../types';
import { readPatches } from './patches';

const UNTOUCHED = ['ROUTE_CONFIGURATION', 'HTTP_ROUTE'];

/** Source: istio/istio analyzers/envoyfilter/envoyfilter.go, REMOVE. */
export const envoyFilterRemoveIgnored: Rule = {
  code: 'ISB1004',
  name: 'envoy-filter-remove-ignored',
  title: 'An EnvoyFilter removes routes with an operation that does not',
  severity: 'error',
  explanation:
    'REMOVE has no meaning for a route configuration or a route in it. Istio ignores the patch.',
  remedy: 'Change the VirtualService or HTTPRoute that the route comes from.',
  equivalents: ['IST0154'],
  subjects: ['EnvoyFilter'],
  inputs: [],
  reach: 'object',
  check: subject =>
    readPatches(subject)
      .filter(
        ({ operation, applyTo }) =>
          operation === 'REMOVE' && UNTOUCHED.includes(applyTo),
      )
      .map(({ applyTo, path }) => ({
        message: `REMOVE has no effect on ${applyTo}.`,
        path: `${path}.patch.operation`,
      })),
};
