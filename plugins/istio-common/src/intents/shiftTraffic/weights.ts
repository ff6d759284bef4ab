/**
 * Shares in whole percent that sum to 100 (largest remainder, ties to the earlier one); all 0 where
 * the weights sum to 0. Several destinations: share = weight / sum, whatever the sum is.
 *
 * Source: istio/istio pilot/pkg/networking/core/route; Gateway API HTTPBackendRef.weight.
 */
export function toPercents(weights: number[]): number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (sum <= 0) {
    return weights.map(() => 0);
  }
  const exact = weights.map(weight => (weight * 100) / sum);
  const percents = exact.map(Math.floor);
  const left = 100 - percents.reduce((total, percent) => total + percent, 0);
  const byRemainder = exact
    .map((value, index) => ({ index, remainder: value - percents[index] }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  for (const { index } of byRemainder.slice(0, left)) {
    percents[index] += 1;
  }
  return percents;
}
