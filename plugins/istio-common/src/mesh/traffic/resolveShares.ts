/**
 * Shares of a rule's destinations. VirtualService: a lone destination gets everything whatever its weight;
 * among several an omitted weight is 0 and 0 gets nothing. Gateway API: an omitted weight is 1, and a lone
 * 0 gets nothing. The sum need not be 100; a sum of 0 gives nobody anything.
 *
 * Source: istio.io reference, HTTPRouteDestination.weight; Gateway API reference, BackendRef.weight.
 */
export function resolveShares(
  weights: readonly (number | undefined)[],
  api: 'istio' | 'gatewayApi',
): number[] {
  if (api === 'istio' && weights.length === 1) {
    return [1];
  }
  const counted = weights.map(weight =>
    Math.max(0, weight ?? (api === 'istio' ? 0 : 1)),
  );
  const sum = counted.reduce((total, weight) => total + weight, 0);
  return counted.map(weight => (sum > 0 ? weight / sum : 0));
}
