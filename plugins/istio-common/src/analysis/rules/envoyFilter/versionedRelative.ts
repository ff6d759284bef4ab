import { namespacedName } from '../../../resources/objectKey';
import type { Rule } from '../../types';
import { isRelative, priorityOf, readPatches } from './patches';
import { findVersioned } from './versioned';

/** Source: istio/istio analyzers/envoyfilter/envoyfilter.go, relative operations with proxyVersion. */
export const envoyFilterVersionedRelative: Rule = {
  code: 'ISB1005',
  name: 'envoy-filter-relative-to-versioned',
  title:
    'An EnvoyFilter changes a filter that another one adds for some proxy versions only',
  severity: 'warning',
  explanation:
    'Another EnvoyFilter handles the same filter for certain versions of the proxy. After an upgrade its match no longer holds, the filter that this one refers to is missing, and the change is silently left out.',
  remedy:
    'Set spec.priority and the same proxyVersion match on both, or do without the version match.',
  equivalents: ['IST0155'],
  subjects: ['EnvoyFilter'],
  inputs: [],
  reach: 'mesh',
  check(subject, { snapshot }) {
    if (priorityOf(subject) !== 0) return [];
    return readPatches(subject)
      .filter(isRelative)
      .flatMap(patch => {
        const other = findVersioned(snapshot, subject, patch);
        return other
          ? [
              {
                message: `${patch.operation} for ${
                  patch.filter
                } without priority, and ${namespacedName(
                  other.metadata,
                )} handles that filter for some proxy versions only.`,
                path: `${patch.path}.patch.operation`,
              },
            ]
          : [];
      });
  },
};
