import type { Intent } from '@istio-backstage/plugin-istio-common';
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
  const weights = wholePercents(versions.map(({ before }) => before)).map(
    (weight, index) => ({ key: versions[index].key, weight }),
  );
  return { ...intent, params: { ...intent.params, weights } };
}

/** Largest remainder, so that the sum stays 100. */
function wholePercents(shares: number[]): number[] {
  const sum = shares.reduce((total, share) => total + share, 0);
  const exact = shares.map(share => (sum > 0 ? (share * 100) / sum : 0));
  const percents = exact.map(Math.floor);
  const left =
    Math.round(sum > 0 ? 100 : 0) - percents.reduce((a, b) => a + b, 0);
  exact
    .map((value, index) => ({ index, rest: value - percents[index] }))
    .sort((a, b) => b.rest - a.rest)
    .slice(0, left)
    .forEach(({ index }) => {
      percents[index] += 1;
    });
  return percents;
}
