import { groupingOf, labelsKey } from './labels';
import { AggregateExpr, Grid, GridSeries, Labels } from './types';

interface Group {
  labels: Labels;
  members: GridSeries[];
}

type Fold = (values: number[], parameter: number) => number;

const mean = (values: number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const variance: Fold = values => {
  const average = mean(values);
  return mean(values.map(value => (value - average) ** 2));
};

/** NaN loses against any number, as in Prometheus. */
const extreme =
  (better: (a: number, b: number) => boolean): Fold =>
  values =>
    values.reduce((best, value) =>
      Number.isNaN(best) || better(value, best) ? value : best,
    );

const nanFirst = (a: number, b: number) => {
  if (Number.isNaN(a)) return Number.isNaN(b) ? 0 : -1;
  if (Number.isNaN(b)) return 1;
  return a - b;
};

function quantileOf(values: number[], quantile: number): number {
  if (Number.isNaN(quantile)) return NaN;
  if (quantile < 0) return -Infinity;
  if (quantile > 1) return Infinity;
  const sorted = [...values].sort(nanFirst);
  const rank = quantile * (sorted.length - 1);
  const lower = Math.max(0, Math.floor(rank));
  const upper = Math.min(sorted.length - 1, lower + 1);
  const weight = rank - Math.floor(rank);
  return sorted[lower] * (1 - weight) + sorted[upper] * weight;
}

const FOLDS: Record<string, Fold> = {
  sum: values => values.reduce((sum, value) => sum + value, 0),
  avg: mean,
  min: extreme((a, b) => a < b),
  max: extreme((a, b) => a > b),
  count: values => values.length,
  group: () => 1,
  stddev: (values, parameter) => Math.sqrt(variance(values, parameter)),
  stdvar: variance,
  quantile: quantileOf,
};

function groupSeries(expr: AggregateExpr, input: GridSeries[]): Group[] {
  const grouping = groupingOf(expr.grouping);
  const groups = new Map<string, Group>();
  for (const series of input) {
    const key = grouping.key(series.labels);
    const group = groups.get(key);
    if (group) group.members.push(series);
    else {
      groups.set(key, {
        labels: grouping.pick(series.labels),
        members: [series],
      });
    }
  }
  return [...groups.values()];
}

/** Aggregates over every step of the grid. `parameter` is the scalar of topk, bottomk and quantile. */
export function evaluateAggregate(options: {
  expr: AggregateExpr;
  input: GridSeries[];
  parameter?: Float64Array;
  grid: Grid;
}): GridSeries[] {
  const { expr, input, parameter, grid } = options;
  const groups = groupSeries(expr, input);
  if (expr.op === 'topk' || expr.op === 'bottomk') {
    return groups.flatMap(group =>
      selectRanked(group, parameter!, expr.op === 'topk'),
    );
  }
  if (expr.op === 'sum') return groups.map(group => sumGroup(group, grid));
  const fold = FOLDS[expr.op];
  return groups.map(({ labels, members }) => {
    const values = new Float64Array(grid.count);
    const present = new Uint8Array(grid.count);
    for (let step = 0; step < grid.count; step++) {
      const here: number[] = [];
      for (const member of members) {
        if (member.present[step]) here.push(member.values[step]);
      }
      if (here.length === 0) continue;
      present[step] = 1;
      values[step] = fold(here, parameter?.[step] ?? 0);
    }
    return { labels, values, present };
  });
}

/** The common case without an array per step. */
function sumGroup({ labels, members }: Group, grid: Grid): GridSeries {
  const values = new Float64Array(grid.count);
  const present = new Uint8Array(grid.count);
  for (const member of members) {
    for (let step = 0; step < grid.count; step++) {
      if (member.present[step]) {
        values[step] += member.values[step];
        present[step] = 1;
      }
    }
  }
  return { labels, values, present };
}

/** topk and bottomk keep the input's labels and choose anew at every step. */
function selectRanked(
  { members }: Group,
  limits: Float64Array,
  highest: boolean,
): GridSeries[] {
  const kept = members.map(member => new Uint8Array(member.present.length));
  const keys = members.map(member => labelsKey(member.labels));
  for (let step = 0; step < limits.length; step++) {
    const limit = Math.trunc(limits[step]);
    if (!(limit >= 1)) continue;
    const order = members
      .map((_, index) => index)
      .filter(index => members[index].present[step])
      .sort((a, b) => {
        const left = members[a].values[step];
        const right = members[b].values[step];
        if (Number.isNaN(left) || Number.isNaN(right)) {
          return Number(Number.isNaN(left)) - Number(Number.isNaN(right));
        }
        const difference = highest ? right - left : left - right;
        return difference || (keys[a] < keys[b] ? -1 : 1);
      });
    for (const index of order.slice(0, limit)) kept[index][step] = 1;
  }
  return members
    .map((member, index) => ({ ...member, present: kept[index] }))
    .filter(member => member.present.includes(1));
}
