import type { Rule } from '../../types';
import { readPatches } from './patches';

const REPLACEABLE = ['NETWORK_FILTER', 'HTTP_FILTER', 'VIRTUAL_HOST'];

/** Source: istio/istio analyzers/envoyfilter/envoyfilter.go, REPLACE. */
export const envoyFilterReplaceIgnored: Rule = {
  code: 'ISB1002',
  name: 'envoy-filter-replace-ignored',
  title: 'An EnvoyFilter replaces something that cannot be replaced',
  severity: 'error',
  explanation:
    'REPLACE works for network filters, HTTP filters and virtual hosts. For anything else Istio ignores the patch: what was to be replaced stays.',
  remedy: 'Use MERGE, or REMOVE and ADD.',
  equivalents: ['IST0152'],
  subjects: ['EnvoyFilter'],
  inputs: [],
  reach: 'object',
  check: subject =>
    readPatches(subject)
      .filter(
        ({ operation, applyTo }) =>
          operation === 'REPLACE' && !REPLACEABLE.includes(applyTo),
      )
      .map(({ applyTo, path }) => ({
        message: `REPLACE has no effect on ${applyTo || 'nothing'}.`,
        path: `${path}.patch.operation`,
      })),
};
