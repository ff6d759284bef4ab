import { toPercents, type Intent } from '@istio-backstage/plugin-istio-common';
import type { StoredChange } from './types';

/**
 * The shares a revert goes back to, so that traffic can be compared with them. Undefined where the
 * change made the route: without it nothing shares out requests by weight.
 */
export function invertIntent(change: StoredChange): Intent | undefined {
  const { intent, versions } = change;
  if (!intent?.params.route || versions.length === 0) {
    return undefined;
  }
  const weights = toPercents(versions.map(({ before }) => before)).map(
    (weight, index) => ({ key: versions[index].key, weight }),
  );
  return { ...intent, params: { ...intent.params, weights } };
}
