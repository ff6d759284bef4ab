import { evaluateAggregate } from './aggregate';
import { evaluateBinary } from './binary';
import { evaluateHistogramQuantile } from './histogramQuantile';
import {
  absentOf,
  mapSamples,
  PER_SAMPLE,
  replaceLabel,
  scalarOf,
  sortSeries,
} from './instantFunctions';
import { refuseDuplicates, withoutName } from './labels';
import { evaluateRangeFunction, sumRangeFunction } from './rangeFunctions';
import {
  AggregateExpr,
  CallExpr,
  Expr,
  Grid,
  GridSeries,
  GridValue,
  PromqlExecutionError,
  SampleSource,
  VectorSelector,
} from './types';

/** How far back an instant selector looks for a sample: Prometheus' default, 5 min. */
export const LOOKBACK_MS = 300_000;

interface Evaluation {
  source: SampleSource;
  grid: Grid;
}

/**
 * Evaluates a parsed expression at every step of the grid, with the semantics of Prometheus 2.42 (compared
 * against it, see the fixtures). Expressions outside the supported set never get here: the parser refuses them.
 */
export function evaluatePromql(
  expr: Expr,
  source: SampleSource,
  grid: Grid,
): GridValue {
  return evaluate(expr, { source, grid });
}

function evaluate(expr: Expr, context: Evaluation): GridValue {
  const { source, grid } = context;
  switch (expr.type) {
    case 'number':
      return {
        type: 'scalar',
        values: new Float64Array(grid.count).fill(expr.value),
      };
    case 'string':
      return { type: 'string', value: expr.value };
    case 'vector':
      return { type: 'vector', series: selectInstant(expr, context) };
    case 'matrix':
      throw new PromqlExecutionError(
        'a range vector is only evaluated inside a function',
      );
    case 'unary':
      return negate(evaluate(expr.expr, context), expr.op === '-');
    case 'call':
      return evaluateCall(expr, context);
    case 'aggregate':
      return { type: 'vector', series: aggregate(expr, context) };
    default:
      return evaluateBinary(
        expr,
        {
          left: evaluate(expr.left, context),
          right: evaluate(expr.right, { source, grid }),
        },
        grid,
      );
  }
}

function aggregate(expr: AggregateExpr, context: Evaluation): GridSeries[] {
  const { grid, source } = context;
  const { grouping, expr: inner } = expr;
  if (expr.op === 'sum' && !grouping.without && inner.type === 'call') {
    const [matrix] = inner.args;
    // Under one metric name no two series can become the same when the name is dropped.
    if (matrix?.type === 'matrix' && hasName(matrix.selector)) {
      const by = grouping.labels;
      return sumRangeFunction({ name: inner.name, matrix, source, grid, by });
    }
  }
  return evaluateAggregate({
    expr,
    grid,
    input: vectorOf(inner, context),
    parameter: expr.parameter ? scalarsOf(expr.parameter, context) : undefined,
  });
}

function hasName({ matchers }: VectorSelector): boolean {
  return matchers.some(({ label, op }) => label === '__name__' && op === '=');
}

function vectorOf(expr: Expr, context: Evaluation): GridSeries[] {
  const value = evaluate(expr, context);
  if (value.type !== 'vector') {
    throw new PromqlExecutionError('expected an instant vector');
  }
  return value.series;
}

function scalarsOf(expr: Expr, context: Evaluation): Float64Array {
  const value = evaluate(expr, context);
  if (value.type !== 'scalar') {
    throw new PromqlExecutionError('expected a scalar');
  }
  return value.values;
}

function stringOf(expr: Expr): string {
  if (expr.type !== 'string') {
    throw new PromqlExecutionError('expected a string');
  }
  return expr.value;
}

function negate(value: GridValue, negative: boolean): GridValue {
  if (!negative || value.type === 'string') return value;
  if (value.type === 'scalar') {
    return { type: 'scalar', values: value.values.map(one => -one) };
  }
  const series = value.series.map(one => ({
    labels: withoutName(one.labels),
    present: one.present,
    values: one.values.map(sample => -sample),
  }));
  return { type: 'vector', series: refuseDuplicates(series) };
}

function selectInstant(
  selector: VectorSelector,
  { source, grid }: Evaluation,
  what: 'value' | 'timestamp' = 'value',
): GridSeries[] {
  const first = grid.start - selector.offsetMs;
  const last = first + grid.step * (grid.count - 1);
  const slot = { t: 0, v: 0 };
  const results: GridSeries[] = [];
  for (const series of source.select(
    selector.matchers,
    first - LOOKBACK_MS,
    last,
  )) {
    const values = new Float64Array(grid.count);
    const present = new Uint8Array(grid.count);
    let any = false;
    for (let step = 0; step < grid.count; step++) {
      const at = first + step * grid.step;
      if (series.latest(at - LOOKBACK_MS, at, slot)) {
        values[step] = what === 'value' ? slot.v : slot.t / 1000;
        present[step] = 1;
        any = true;
      }
    }
    if (any) results.push({ labels: series.labels, values, present });
  }
  return results;
}

/** Time of the sample behind a plain selector, else the time of evaluation. */
function timestamps(expr: Expr, context: Evaluation): GridSeries[] {
  const { grid } = context;
  const series =
    expr.type === 'vector'
      ? selectInstant(expr, context, 'timestamp')
      : vectorOf(expr, context).map(one => ({
          ...one,
          values: one.values.map(
            (_, step) => (grid.start + step * grid.step) / 1000,
          ),
        }));
  return series.map(one => ({ ...one, labels: withoutName(one.labels) }));
}

type CallRule = (call: CallExpr, context: Evaluation) => GridValue;

const vectorValue = (series: GridSeries[]): GridValue => ({
  type: 'vector',
  series,
});

const sorted =
  (descending: boolean): CallRule =>
  ({ args }, context) =>
    vectorValue(sortSeries(vectorOf(args[0], context), descending));

/** Functions with a rule of their own. */
const CALLS: Readonly<Record<string, CallRule>> = {
  time: (_, { grid }) => ({
    type: 'scalar',
    values: Float64Array.from(
      { length: grid.count },
      (__, step) => (grid.start + step * grid.step) / 1000,
    ),
  }),
  vector: ({ args }, context) =>
    vectorValue([
      {
        labels: {},
        values: scalarsOf(args[0], context),
        present: new Uint8Array(context.grid.count).fill(1),
      },
    ]),
  scalar: ({ args }, context) => ({
    type: 'scalar',
    values: scalarOf(vectorOf(args[0], context), context.grid),
  }),
  absent: (call, context) =>
    vectorValue(absentOf(call, vectorOf(call.args[0], context), context.grid)),
  timestamp: ({ args }, context) => vectorValue(timestamps(args[0], context)),
  sort: sorted(false),
  sort_desc: sorted(true),
  label_replace: ({ args }, context) =>
    vectorValue(
      replaceLabel(vectorOf(args[0], context), args.slice(1).map(stringOf)),
    ),
  histogram_quantile: ({ args }, context) =>
    vectorValue(
      evaluateHistogramQuantile(
        scalarsOf(args[0], context),
        vectorOf(args[1], context),
        context.grid,
      ),
    ),
};

function evaluateCall(call: CallExpr, context: Evaluation): GridValue {
  const { grid, source } = context;
  const [first] = call.args;
  if (first?.type === 'matrix') {
    return vectorValue(
      refuseDuplicates(
        evaluateRangeFunction({ name: call.name, matrix: first, source, grid }),
      ),
    );
  }
  if (PER_SAMPLE[call.name]) {
    const parameters = call.args
      .slice(1)
      .map(argument => scalarsOf(argument, context));
    return vectorValue(
      mapSamples(call.name, vectorOf(first, context), parameters),
    );
  }
  const rule = CALLS[call.name];
  if (!rule) {
    throw new PromqlExecutionError(
      `the sandbox does not evaluate the function ${call.name}`,
    );
  }
  return rule(call, context);
}
