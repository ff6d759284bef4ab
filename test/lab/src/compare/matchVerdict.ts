import type { RouteVerdict, Verdict } from './types';

/** Two-sided 99.9 % quantile of the normal distribution. */
const Z = 3.290527;

/** Why the two verdicts are not the same; undefined when they are. Shares fit counts within 99.9 %. */
export function findDifference(
  expected: Verdict,
  actual: Verdict,
): string | undefined {
  const fields = new Set([...Object.keys(expected), ...Object.keys(actual)]);
  for (const field of fields) {
    const [wanted, seen] = [expected, actual].map(
      verdict => (verdict as unknown as Record<string, unknown>)[field],
    );
    const differs =
      field === 'to'
        ? !sharesFit(
            (wanted ?? {}) as NonNullable<RouteVerdict['to']>,
            (seen ?? {}) as NonNullable<RouteVerdict['to']>,
          )
        : wanted !== seen;
    if (differs) {
      return `${field}: ${JSON.stringify(wanted)} against ${JSON.stringify(
        seen,
      )}`;
    }
  }
  return undefined;
}

/** Either side may be counts or shares. */
function sharesFit(
  a: Record<string, number>,
  b: Record<string, number>,
): boolean {
  const sumOf = (shares: Record<string, number>) =>
    Object.values(shares).reduce((sum, share) => sum + share, 0);
  const [sumA, sumB] = [sumOf(a), sumOf(b)];
  const draws = Math.max(sumA, sumB);
  // One request cannot show shares; where it went must be one of the possible.
  if (draws === 1 && Math.min(sumA, sumB) === 1) {
    const some = (x: Record<string, number>, y: Record<string, number>) =>
      Object.keys(x).every(key => key in y);
    return some(a, b) || some(b, a);
  }
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every(key => {
    const shareA = (a[key] ?? 0) / (sumA || 1);
    const shareB = (b[key] ?? 0) / (sumB || 1);
    // The exact one of the two is the one that sums to 1.
    const exact = sumA <= sumB ? shareA : shareB;
    const deviation = Math.sqrt((exact * (1 - exact)) / draws);
    return Math.abs(shareA - shareB) <= Z * deviation + 1e-9;
  });
}
