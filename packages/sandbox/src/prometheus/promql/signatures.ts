import { Expr, PromqlParseError, ValueType } from './types';

interface Signature {
  args: ValueType[];
  /** How many of the last arguments may be left out. */
  optional?: number;
  returns: ValueType;
}

const vector1: Signature = { args: ['vector'], returns: 'vector' };
const matrix1: Signature = { args: ['matrix'], returns: 'vector' };

/** Functions this engine evaluates, with the types Prometheus checks before it evaluates. */
export const FUNCTIONS: Readonly<Record<string, Signature>> = {
  abs: vector1,
  absent: vector1,
  ceil: vector1,
  clamp: { args: ['vector', 'scalar', 'scalar'], returns: 'vector' },
  clamp_max: { args: ['vector', 'scalar'], returns: 'vector' },
  clamp_min: { args: ['vector', 'scalar'], returns: 'vector' },
  exp: vector1,
  floor: vector1,
  ln: vector1,
  log2: vector1,
  log10: vector1,
  round: { args: ['vector', 'scalar'], optional: 1, returns: 'vector' },
  scalar: { args: ['vector'], returns: 'scalar' },
  sgn: vector1,
  sort: vector1,
  sort_desc: vector1,
  sqrt: vector1,
  time: { args: [], returns: 'scalar' },
  timestamp: vector1,
  vector: { args: ['scalar'], returns: 'vector' },
  histogram_quantile: { args: ['scalar', 'vector'], returns: 'vector' },
  label_replace: {
    args: ['vector', 'string', 'string', 'string', 'string'],
    returns: 'vector',
  },
  rate: matrix1,
  increase: matrix1,
  delta: matrix1,
  irate: matrix1,
  idelta: matrix1,
  resets: matrix1,
  changes: matrix1,
  avg_over_time: matrix1,
  sum_over_time: matrix1,
  min_over_time: matrix1,
  max_over_time: matrix1,
  count_over_time: matrix1,
  last_over_time: matrix1,
  present_over_time: matrix1,
};

export const AGGREGATIONS: ReadonlySet<string> = new Set([
  'sum',
  'avg',
  'min',
  'max',
  'count',
  'group',
  'stddev',
  'stdvar',
  'topk',
  'bottomk',
  'quantile',
]);

export const PARAMETER_AGGREGATIONS: ReadonlySet<string> = new Set([
  'topk',
  'bottomk',
  'quantile',
]);

export const SET_OPERATORS: ReadonlySet<string> = new Set([
  'and',
  'or',
  'unless',
]);

export const COMPARISONS: ReadonlySet<string> = new Set([
  '==',
  '!=',
  '>',
  '<',
  '>=',
  '<=',
]);

/** Type of a well typed expression. */
export function typeOf(expr: Expr): ValueType {
  switch (expr.type) {
    case 'number':
      return 'scalar';
    case 'string':
      return 'string';
    case 'vector':
    case 'aggregate':
      return 'vector';
    case 'matrix':
      return 'matrix';
    case 'call':
      return FUNCTIONS[expr.name].returns;
    case 'unary':
      return typeOf(expr.expr);
    default:
      return typeOf(expr.left) === 'scalar' && typeOf(expr.right) === 'scalar'
        ? 'scalar'
        : 'vector';
  }
}

const TYPE_WORDS: Record<ValueType, string> = {
  scalar: 'scalar',
  vector: 'instant vector',
  matrix: 'range vector',
  string: 'string',
};

/** @throws PromqlParseError in Prometheus' words when an argument has another type. */
export function expectType(
  expr: Expr,
  wanted: ValueType,
  context: string,
): void {
  const actual = typeOf(expr);
  if (actual !== wanted) {
    throw new PromqlParseError(
      `expected type ${TYPE_WORDS[wanted]} in ${context}, got ${TYPE_WORDS[actual]}`,
    );
  }
}

/** Checks the arguments of a call against its signature. */
export function checkCall(name: string, args: Expr[]): void {
  const signature = FUNCTIONS[name];
  const required = signature.args.length - (signature.optional ?? 0);
  if (args.length < required || args.length > signature.args.length) {
    throw new PromqlParseError(
      `expected ${required} argument(s) in call to "${name}", got ${args.length}`,
    );
  }
  args.forEach((arg, index) =>
    expectType(arg, signature.args[index], `call to function "${name}"`),
  );
}
