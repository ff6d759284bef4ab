import { binomialInterval } from './binomialInterval';
import type { RequestCounts } from './ProductWorld';

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

/**
 * Every version's share of the answers, of which there must be at least 1,000, lies within the 99.9 %
 * interval around what was counted, and no other version answered. Gives the counts in words.
 */
export function expectShares(
  counts: RequestCounts,
  shares: Record<string, number>,
): string {
  expect(counts.answered).toBeGreaterThanOrEqual(1_000);
  expect(Object.keys(counts.versions).sort()).toEqual(
    Object.keys(shares).sort(),
  );
  const told: string[] = [];
  for (const [version, share] of Object.entries(shares)) {
    const { low, high } = binomialInterval(
      counts.versions[version],
      counts.answered,
    );
    told.push(
      `${version} ${counts.versions[version]} (${percent(low)} to ${percent(
        high,
      )})`,
    );
    expect({ version, low, high, ok: low <= share && share <= high }).toEqual(
      expect.objectContaining({ version, ok: true }),
    );
  }
  return `of ${counts.answered}: ${told.join(', ')}`;
}
