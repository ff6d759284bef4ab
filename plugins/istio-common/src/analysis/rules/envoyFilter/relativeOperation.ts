import type { Rule } from '../../types';
import { isRelative, priorityOf, readPatches } from './patches';
import { findVersioned } from './versioned';

/** Source: istio/istio analyzers/envoyfilter/envoyfilter.go; pilot/pkg/model/envoyfilter.go for the order. */
export const envoyFilterRelative: Rule = {
  code: 'ISB1001',
  name: 'envoy-filter-relative-operation',
  title:
    'An EnvoyFilter without priority changes something relative to another filter',
  severity: 'warning',
  explanation:
    'INSERT_BEFORE, INSERT_AFTER, REPLACE and REMOVE need the filter that they refer to. Without a priority EnvoyFilters are applied by age, so a change may come before the filter exists, and then it is silently left out.',
  remedy:
    'Set spec.priority so that the order is certain, or use INSERT_FIRST or ADD.',
  equivalents: ['IST0151'],
  subjects: ['EnvoyFilter'],
  inputs: [],
  reach: 'mesh',
  check(subject, { snapshot }) {
    if (priorityOf(subject) !== 0) return [];
    return readPatches(subject)
      .filter(
        patch => isRelative(patch) && !findVersioned(snapshot, subject, patch),
      )
      .map(({ operation, filter, path }) => ({
        message: `${operation}${
          filter ? ` for ${filter}` : ''
        } without priority: it is left out if what it refers to comes later.`,
        path: `${path}.patch.operation`,
      }));
  },
};
