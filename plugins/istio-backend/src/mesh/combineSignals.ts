import type { GoldenSignal } from '@istio-backstage/plugin-istio-common';

export type SignalName = GoldenSignal['signal'];

/** Value by epoch second. */
export type SignalPoints = Record<SignalName, ReadonlyMap<number, number>>;

/** One line per signal over all clusters; null where no cluster has a number. */
export function combineSignals(
  clusters: readonly SignalPoints[],
  times: readonly number[],
): Record<SignalName, GoldenSignal['points']> {
  const line = (
    combine: (at: number) => number | null,
  ): GoldenSignal['points'] => times.map(at => [at, combine(at)]);
  const valuesAt = (signal: SignalName, at: number) =>
    clusters
      .map(points => points[signal].get(at))
      .filter(
        (one): one is number => one !== undefined && Number.isFinite(one),
      );
  const slowest = (signal: SignalName) =>
    line(at => {
      const values = valuesAt(signal, at);
      return values.length > 0 ? Math.max(...values) : null;
    });
  return {
    rate: line(at => {
      const values = valuesAt('rate', at);
      return values.length > 0
        ? values.reduce((sum, one) => sum + one, 0)
        : null;
    }),
    errors: line(at => weightedShare(clusters, at)),
    p50: slowest('p50'),
    p95: slowest('p95'),
    p99: slowest('p99'),
  };
}

function weightedShare(
  clusters: readonly SignalPoints[],
  at: number,
): number | null {
  let rates = 0;
  let failed = 0;
  for (const { rate, errors } of clusters) {
    const requests = rate.get(at);
    const share = errors.get(at);
    if (requests === undefined || share === undefined) continue;
    if (!Number.isFinite(requests) || !Number.isFinite(share)) continue;
    rates += requests;
    failed += requests * share;
  }
  return rates > 0 ? failed / rates : null;
}
