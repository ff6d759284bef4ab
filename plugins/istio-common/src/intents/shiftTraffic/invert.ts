import type { ExpectedShare } from '../types';
import type { ShiftTrafficParams } from './schema';
import { toPercents } from './weights';

/**
 * The shares that a revert goes back to, so that traffic can be compared with them. Undefined where the
 * change made the route: without it nothing shares out requests by weight.
 */
export function invertShiftTraffic(
  params: ShiftTrafficParams,
  versions: readonly ExpectedShare[],
): ShiftTrafficParams | undefined {
  if (!params.route || versions.length === 0) {
    return undefined;
  }
  const percents = toPercents(versions.map(({ before }) => before));
  return {
    ...params,
    weights: versions.map(({ key }, index) => ({
      key,
      weight: percents[index],
    })),
  };
}
