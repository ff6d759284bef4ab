/** Two-sided 99.9 % quantile of the normal distribution. */
const Z = 3.290527;

/**
 * Shares that `hits` of `total` independent draws speak for, at 99.9 % (Wilson's score interval, which
 * holds near 0 and 1 too).
 */
export function binomialInterval(
  hits: number,
  total: number,
): { low: number; high: number } {
  if (total === 0) return { low: 0, high: 1 };
  const share = hits / total;
  const z2 = Z * Z;
  const centre = share + z2 / (2 * total);
  const spread =
    Z * Math.sqrt((share * (1 - share) + z2 / (4 * total)) / total);
  // Where all or none hit, rounding must not leave 1 or 0 outside.
  return {
    low: hits === 0 ? 0 : (centre - spread) / (1 + z2 / total),
    high: hits === total ? 1 : (centre + spread) / (1 + z2 / total),
  };
}
