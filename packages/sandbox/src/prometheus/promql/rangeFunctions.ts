import {
  Grid,
  GridSeries,
  MatrixSelector,
  SampleSlot,
  SampleSource,
  SourceSeries,
  WindowSummary,
} from './types';
import { withoutName } from './labels';

interface RangeWindow {
  start: number;
  end: number;
}

const emptySummary = (): WindowSummary => ({
  count: 0,
  firstT: 0,
  firstV: 0,
  lastT: 0,
  lastV: 0,
  resetCorrection: 0,
});

/**
 * Prometheus' extrapolation for rate, increase and delta: the change between first and last sample is
 * stretched to the range's ends, at most by 1.1 average intervals on each side (half an interval
 * otherwise), and a counter never below its zero. As in promql/functions.go of Prometheus 2.42.
 */
function extrapolated(
  summary: WindowSummary,
  range: RangeWindow,
  options: { counter: boolean; perSecond: boolean },
): number | undefined {
  if (summary.count < 2) return undefined;
  let result =
    summary.lastV -
    summary.firstV +
    (options.counter ? summary.resetCorrection : 0);
  const sampled = (summary.lastT - summary.firstT) / 1000;
  const average = sampled / (summary.count - 1);
  let toStart = (summary.firstT - range.start) / 1000;
  const toEnd = (range.end - summary.lastT) / 1000;
  if (options.counter && result > 0 && summary.firstV >= 0) {
    const toZero = sampled * (summary.firstV / result);
    if (toZero < toStart) toStart = toZero;
  }
  const threshold = average * 1.1;
  let stretched = sampled;
  stretched += toStart < threshold ? toStart : average / 2;
  stretched += toEnd < threshold ? toEnd : average / 2;
  let factor = stretched / sampled;
  if (options.perSecond) factor /= (range.end - range.start) / 1000;
  result *= factor;
  return result;
}

type OverSamples = (samples: SampleSlot[]) => number | undefined;

function lastTwo(
  samples: SampleSlot[],
  combine: (a: SampleSlot, b: SampleSlot) => number,
): number | undefined {
  if (samples.length < 2) return undefined;
  return combine(samples[samples.length - 2], samples[samples.length - 1]);
}

function countPairs(
  samples: SampleSlot[],
  counts: (before: number, after: number) => boolean,
): number {
  let found = 0;
  for (let i = 1; i < samples.length; i++) {
    if (counts(samples[i - 1].v, samples[i].v)) found++;
  }
  return found;
}

const sumOf = (samples: SampleSlot[]) =>
  samples.reduce((sum, sample) => sum + sample.v, 0);

/** Functions that look at every sample of the range. */
const OVER_SAMPLES: Record<string, OverSamples> = {
  irate: samples =>
    lastTwo(samples, (a, b) => {
      const change = b.v < a.v ? b.v : b.v - a.v;
      return change / ((b.t - a.t) / 1000);
    }),
  idelta: samples => lastTwo(samples, (a, b) => b.v - a.v),
  resets: samples => countPairs(samples, (a, b) => b < a),
  changes: samples =>
    countPairs(
      samples,
      (a, b) => a !== b && !(Number.isNaN(a) && Number.isNaN(b)),
    ),
  avg_over_time: samples => sumOf(samples) / samples.length,
  sum_over_time: sumOf,
  min_over_time: samples =>
    samples.reduce(
      (min, s) => (s.v < min || Number.isNaN(min) ? s.v : min),
      NaN,
    ),
  max_over_time: samples =>
    samples.reduce(
      (max, s) => (s.v > max || Number.isNaN(max) ? s.v : max),
      NaN,
    ),
  count_over_time: samples => samples.length,
  last_over_time: samples => samples[samples.length - 1].v,
  present_over_time: () => 1,
};

type PerWindow = (
  series: SourceSeries,
  range: RangeWindow,
) => number | undefined;

function perWindow(name: string): PerWindow {
  const counter = name !== 'delta';
  const perSecond = name === 'rate';
  if (name === 'rate' || name === 'increase' || name === 'delta') {
    const summary = emptySummary();
    return (series, range) =>
      series.summarise(range.start, range.end, summary)
        ? extrapolated(summary, range, { counter, perSecond })
        : undefined;
  }
  const over = OVER_SAMPLES[name];
  return (series, range) => {
    const samples = series.samples(range.start, range.end);
    return samples.length > 0 ? over(samples) : undefined;
  };
}

/** The steps of a grid as ranges of a matrix selector. */
function rangesOf(matrix: MatrixSelector, grid: Grid) {
  const first = grid.start - matrix.selector.offsetMs;
  const last = first + grid.step * (grid.count - 1);
  const range: RangeWindow = { start: 0, end: 0 };
  return {
    from: first - matrix.rangeMs,
    to: last,
    /** The same object each time. */
    at: (step: number): RangeWindow => {
      range.end = first + step * grid.step;
      range.start = range.end - matrix.rangeMs;
      return range;
    },
  };
}

/**
 * `sum by (names) (function(selector[range]))` in one go: of thousands of series neither labels nor values
 * are kept one by one.
 */
export function sumRangeFunction(options: {
  name: string;
  matrix: MatrixSelector;
  source: SampleSource;
  grid: Grid;
  by: readonly string[];
}): GridSeries[] {
  const { matrix, source, grid } = options;
  const by = options.by.filter(name => name !== '__name__');
  const ranges = rangesOf(matrix, grid);
  const value = perWindow(options.name);
  const groups = new Map<string, GridSeries>();
  const { matchers } = matrix.selector;
  for (const series of source.select(matchers, ranges.from, ranges.to)) {
    let key = '';
    for (const name of by) key += `${series.label(name)}\u0001`;
    let group = groups.get(key);
    for (let step = 0; step < grid.count; step++) {
      const result = value(series, ranges.at(step));
      if (result === undefined) continue;
      if (!group) {
        group = {
          labels: Object.fromEntries(
            by
              .map(name => [name, series.label(name)])
              .filter(([, text]) => text !== ''),
          ),
          values: new Float64Array(grid.count),
          present: new Uint8Array(grid.count),
        };
        groups.set(key, group);
      }
      group.values[step] += result;
      group.present[step] = 1;
    }
  }
  return [...groups.values()];
}

/** Evaluates a function over a range vector at every step. Ranges include both ends, as in Prometheus 2. */
export function evaluateRangeFunction(options: {
  name: string;
  matrix: MatrixSelector;
  source: SampleSource;
  grid: Grid;
}): GridSeries[] {
  const { name, matrix, source, grid } = options;
  const ranges = rangesOf(matrix, grid);
  const value = perWindow(name);
  const results: GridSeries[] = [];
  const { matchers } = matrix.selector;
  for (const series of source.select(matchers, ranges.from, ranges.to)) {
    const values = new Float64Array(grid.count);
    const present = new Uint8Array(grid.count);
    let any = false;
    for (let step = 0; step < grid.count; step++) {
      const result = value(series, ranges.at(step));
      if (result !== undefined) {
        values[step] = result;
        present[step] = 1;
        any = true;
      }
    }
    if (any) {
      const labels =
        name === 'last_over_time' ? series.labels : withoutName(series.labels);
      results.push({ labels, values, present });
    }
  }
  return results;
}
