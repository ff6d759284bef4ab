import { binomialInterval } from './binomialInterval';
import type { RequestCounts } from './ProductWorld';

/**
 * Every version's share of the answers, of which there must be at least 1,000, lies within the 99.9 %
 * interval around what was counted, and no other version answered.
 */
export function expectShares(
  counts: RequestCounts,
  shares: Record<string, number>,
): void {
  expect(counts.answered).toBeGreaterThanOrEqual(1_000);
  expect(Object.keys(counts.versions).sort()).toEqual(
    Object.keys(shares).sort(),
  );
  for (const [version, share] of Object.entries(shares)) {
    const { low, high } = binomialInterval(
      counts.versions[version],
      counts.answered,
    );
    expect({ version, low, high, ok: low <= share && share <= high }).toEqual(
      expect.objectContaining({ version, ok: true }),
    );
  }
}
