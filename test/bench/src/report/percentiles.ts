/** The value that this share (0 to 1) of the samples does not exceed (nearest rank). */
function quantile(sorted: readonly number[], share: number): number {
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  return sorted[rank - 1];
}

/** Throws RangeError without samples: no figure is better than a wrong one. */
export function summarize(
  samples: readonly number[],
): Record<'p50' | 'p95' | 'p99' | 'max', number> {
  if (samples.length === 0) throw new RangeError('There are no samples');
  const sorted = [...samples].sort((a, b) => a - b);
  return {
    p50: quantile(sorted, 0.5),
    p95: quantile(sorted, 0.95),
    p99: quantile(sorted, 0.99),
    max: sorted[sorted.length - 1],
  };
}
