import { groupingOf, refuseDuplicates, withoutName } from './labels';
import { COMPARISONS } from './signatures';
import {
  BinaryExpr,
  Grid,
  GridSeries,
  GridValue,
  Labels,
  PromqlExecutionError,
} from './types';
import { evaluateSet } from './setOperators';

type Operation = (left: number, right: number) => number;

const ARITHMETIC: Record<string, Operation> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '^': (a, b) => a ** b,
};

const COMPARE: Record<string, (left: number, right: number) => boolean> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '>': (a, b) => a > b,
  '<': (a, b) => a < b,
  '>=': (a, b) => a >= b,
  '<=': (a, b) => a <= b,
};

/** Value of one pair of samples; undefined: a comparison filtered it out. */
function combine(
  expr: BinaryExpr,
  left: number,
  right: number,
): number | undefined {
  if (!COMPARISONS.has(expr.op)) return ARITHMETIC[expr.op](left, right);
  const holds = COMPARE[expr.op](left, right);
  if (expr.bool) return Number(holds);
  return holds ? left : undefined;
}

/** Binary expression over every step. */
export function evaluateBinary(
  expr: BinaryExpr,
  operands: { left: GridValue; right: GridValue },
  grid: Grid,
): GridValue {
  const { left, right } = operands;
  if (left.type === 'string' || right.type === 'string') {
    throw new PromqlExecutionError('binary expression over a string');
  }
  if (left.type === 'scalar' && right.type === 'scalar') {
    return {
      type: 'scalar',
      values: left.values.map(
        (value, step) => combine(expr, value, right.values[step]) ?? NaN,
      ),
    };
  }
  if (left.type === 'vector' && right.type === 'vector') {
    const series = ['and', 'or', 'unless'].includes(expr.op)
      ? evaluateSet(expr, { left: left.series, right: right.series })
      : matchVectors(expr, { left: left.series, right: right.series }, grid);
    return { type: 'vector', series };
  }
  return left.type === 'vector'
    ? withScalar(expr, left.series, right as ScalarValue, false)
    : withScalar(
        expr,
        (right as VectorValue).series,
        left as ScalarValue,
        true,
      );
}

type ScalarValue = Extract<GridValue, { type: 'scalar' }>;
type VectorValue = Extract<GridValue, { type: 'vector' }>;

/** A comparison keeps the vector's own value, on whichever side it stands. */
function withScalar(
  expr: BinaryExpr,
  vector: GridSeries[],
  scalar: ScalarValue,
  scalarFirst: boolean,
): GridValue {
  const keepsName = COMPARISONS.has(expr.op) && !expr.bool;
  const series = vector.map(one => {
    const values = new Float64Array(one.values.length);
    const present = new Uint8Array(one.values.length);
    for (let step = 0; step < values.length; step++) {
      if (!one.present[step]) continue;
      const own = one.values[step];
      const other = scalar.values[step];
      const result = scalarFirst
        ? combine(expr, other, own)
        : combine(expr, own, other);
      if (result === undefined) continue;
      values[step] = keepsName ? own : result;
      present[step] = 1;
    }
    return {
      labels: keepsName ? one.labels : withoutName(one.labels),
      values,
      present,
    };
  });
  return { type: 'vector', series: refuseDuplicates(series) };
}

interface Matched {
  many: GridSeries;
  ones: GridSeries[];
  key: string;
}

/** One-to-one, many-to-one and one-to-many matching. */
function matchVectors(
  expr: BinaryExpr,
  operands: { left: GridSeries[]; right: GridSeries[] },
  grid: Grid,
): GridSeries[] {
  const { matching } = expr;
  const manyLeft = matching.group?.side !== 'right';
  const manySide = manyLeft ? operands.left : operands.right;
  const oneSide = manyLeft ? operands.right : operands.left;
  const grouping = groupingOf({
    without: !matching.on,
    labels: matching.labels,
  });
  const ones = new Map<string, GridSeries[]>();
  for (const series of oneSide) {
    const key = grouping.key(series.labels);
    ones.set(key, [...(ones.get(key) ?? []), series]);
  }
  refuseAmbiguous([...ones.values()], manyLeft ? 'right' : 'left');
  const pairs: Matched[] = manySide.flatMap(many => {
    const key = grouping.key(many.labels);
    const found = ones.get(key);
    return found ? [{ many, ones: found, key }] : [];
  });
  if (!matching.group) refuseManyToOne(pairs);
  const results = pairs.flatMap(({ many, ones: candidates }) =>
    candidates.map(one => combinePair(expr, { many, one, manyLeft }, grid)),
  );
  return refuseDuplicates(results.filter(one => one.present.includes(1)));
}

function combinePair(
  expr: BinaryExpr,
  pair: { many: GridSeries; one: GridSeries; manyLeft: boolean },
  grid: Grid,
): GridSeries {
  const { many, one, manyLeft } = pair;
  const values = new Float64Array(grid.count);
  const present = new Uint8Array(grid.count);
  for (let step = 0; step < grid.count; step++) {
    if (!many.present[step] || !one.present[step]) continue;
    const result = manyLeft
      ? combine(expr, many.values[step], one.values[step])
      : combine(expr, one.values[step], many.values[step]);
    if (result === undefined) continue;
    values[step] = result;
    present[step] = 1;
  }
  return {
    labels: resultLabels(expr, many.labels, one.labels),
    values,
    present,
  };
}

const pickPresent = (labels: Labels, names: string[]): Labels =>
  Object.fromEntries(
    names.filter(name => labels[name]).map(name => [name, labels[name]]),
  );

const omit = (labels: Labels, names: string[]): Labels =>
  Object.fromEntries(
    Object.entries(labels).filter(([name]) => !names.includes(name)),
  );

/** Labels of a matched pair: promql's resultMetric. */
function resultLabels(expr: BinaryExpr, many: Labels, one: Labels): Labels {
  const { matching } = expr;
  const keepsName = COMPARISONS.has(expr.op) && !expr.bool;
  const base = keepsName ? many : withoutName(many);
  if (!matching.group) {
    return matching.on
      ? pickPresent(base, matching.labels)
      : omit(base, matching.labels);
  }
  const labels: Record<string, string> = { ...base };
  for (const name of matching.group.include) {
    if (one[name]) labels[name] = one[name];
    else delete labels[name];
  }
  return labels;
}

function refuseAmbiguous(groups: GridSeries[][], side: string): void {
  for (const group of groups) {
    if (group.length > 1 && overlaps(group)) {
      throw new PromqlExecutionError(
        `found duplicate series for the match group on the ${side} hand-side of the operation;many-to-many matching not allowed: matching labels must be unique on one side`,
      );
    }
  }
}

function refuseManyToOne(pairs: Matched[]): void {
  const byKey = new Map<string, GridSeries[]>();
  for (const { key, many } of pairs) {
    byKey.set(key, [...(byKey.get(key) ?? []), many]);
  }
  for (const group of byKey.values()) {
    if (group.length > 1 && overlaps(group)) {
      throw new PromqlExecutionError(
        'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)',
      );
    }
  }
}

function overlaps(group: GridSeries[]): boolean {
  const [first] = group;
  return first.present.some(
    (_, step) => group.filter(series => series.present[step]).length > 1,
  );
}
