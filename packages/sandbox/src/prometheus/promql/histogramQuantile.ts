import { dropLabels, labelsKey } from './labels';
import { parseNumber } from './literals';
import { Grid, GridSeries, Labels } from './types';

interface Bucket {
  upperBound: number;
  count: number;
}

/**
 * Quantile of one classic histogram, linear inside a bucket; the algorithm of promql/quantile.go:
 * the highest bucket answers with the bound below it, the lowest starts at 0 when its bound is positive.
 */
export function bucketQuantile(quantile: number, unsorted: Bucket[]): number {
  if (Number.isNaN(quantile)) return NaN;
  if (quantile < 0) return -Infinity;
  if (quantile > 1) return Infinity;
  const sorted = [...unsorted].sort((a, b) => a.upperBound - b.upperBound);
  if (sorted.length === 0) return NaN;
  if (sorted[sorted.length - 1].upperBound !== Infinity) return NaN;
  const buckets = monotonic(coalesce(sorted));
  if (buckets.length < 2) return NaN;
  const observations = buckets[buckets.length - 1].count;
  if (observations === 0) return NaN;
  let rank = quantile * observations;
  let index = 0;
  while (index < buckets.length - 1 && buckets[index].count < rank) index++;
  if (index === buckets.length - 1) return buckets[index - 1].upperBound;
  if (index === 0 && buckets[0].upperBound <= 0) return buckets[0].upperBound;
  let start = 0;
  let { count } = buckets[index];
  if (index > 0) {
    start = buckets[index - 1].upperBound;
    count -= buckets[index - 1].count;
    rank -= buckets[index - 1].count;
  }
  return start + (buckets[index].upperBound - start) * (rank / count);
}

function coalesce(sorted: Bucket[]): Bucket[] {
  const merged: Bucket[] = [];
  for (const bucket of sorted) {
    const last = merged[merged.length - 1];
    if (last && last.upperBound === bucket.upperBound) {
      last.count += bucket.count;
    } else merged.push({ ...bucket });
  }
  return merged;
}

function monotonic(buckets: Bucket[]): Bucket[] {
  let highest = -Infinity;
  for (const bucket of buckets) {
    if (bucket.count > highest) highest = bucket.count;
    else bucket.count = highest;
  }
  return buckets;
}

/** `histogram_quantile(scalar, vector)` over every step. Series without a readable `le` are left out. */
export function evaluateHistogramQuantile(
  quantiles: Float64Array,
  input: GridSeries[],
  grid: Grid,
): GridSeries[] {
  const groups = new Map<
    string,
    { labels: Labels; buckets: { bound: number; series: GridSeries }[] }
  >();
  for (const series of input) {
    const bound = parseBound(series.labels.le);
    if (bound === undefined) continue;
    const labels = dropLabels(series.labels, ['le']);
    const key = labelsKey(labels);
    const group = groups.get(key) ?? { labels, buckets: [] };
    group.buckets.push({ bound, series });
    groups.set(key, group);
  }
  return [...groups.values()].map(({ labels, buckets }) => {
    const values = new Float64Array(grid.count);
    const present = new Uint8Array(grid.count);
    for (let step = 0; step < grid.count; step++) {
      const here = buckets.filter(({ series }) => series.present[step]);
      if (here.length === 0) continue;
      present[step] = 1;
      values[step] = bucketQuantile(
        quantiles[step],
        here.map(({ bound, series }) => ({
          upperBound: bound,
          count: series.values[step],
        })),
      );
    }
    return { labels, values, present };
  });
}

function parseBound(le: string | undefined): number | undefined {
  if (!le) return undefined;
  const negative = le.startsWith('-');
  const digits = le.replace(/^[+-]/, '');
  if (!/^(inf|\d+\.?\d*(e[+-]?\d+)?)$/i.test(digits)) return undefined;
  const value = parseNumber(digits);
  return negative ? -value : value;
}
