import type { Rule } from '../../types';
import { readPatches } from './patches';

const UNTOUCHED = ['ROUTE_CONFIGURATION', 'HTTP_ROUTE'];

/** Source: istio/istio analyzers/envoyfilter/envoyfilter.go, ADD. */
export const envoyFilterAddIgnored: Rule = {
  code: 'ISB1003',
  name: 'envoy-filter-add-ignored',
  title: 'An EnvoyFilter adds to routes with an operation that does not',
  severity: 'error',
  explanation:
    'ADD has no meaning for a route configuration or a route in it. Istio ignores the patch.',
  remedy:
    'Use INSERT_FIRST, INSERT_BEFORE or INSERT_AFTER for a route, MERGE for a route configuration.',
  equivalents: ['IST0153'],
  subjects: ['EnvoyFilter'],
  inputs: [],
  reach: 'object',
  check: subject =>
    readPatches(subject)
      .filter(
        ({ operation, applyTo }) =>
          operation === 'ADD' && UNTOUCHED.includes(applyTo),
      )
      .map(({ applyTo, path }) => ({
        message: `ADD has no effect on ${applyTo}.`,
        path: `${path}.patch.operation`,
      })),
};
