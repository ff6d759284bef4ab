/** Label set of a series; `__name__` carries the metric's name. A missing label equals the empty string. */
export type Labels = Readonly<Record<string, string>>;

/** One label condition of a selector. */
export interface Matcher {
  label: string;
  op: '=' | '!=' | '=~' | '!~';
  value: string;
  /** Anchored, present for the regular expression operators. */
  regex?: RegExp;
}

export interface VectorSelector {
  type: 'vector';
  matchers: Matcher[];
  /** Milliseconds the selector looks back (`offset`), may be negative. */
  offsetMs: number;
}

export interface MatrixSelector {
  type: 'matrix';
  selector: VectorSelector;
  rangeMs: number;
}

export interface VectorMatching {
  on: boolean;
  labels: string[];
  group?: { side: 'left' | 'right'; include: string[] };
}

export interface BinaryExpr {
  type: 'binary';
  op: string;
  left: Expr;
  right: Expr;
  bool: boolean;
  matching: VectorMatching;
}

export interface AggregateExpr {
  type: 'aggregate';
  op: string;
  grouping: { without: boolean; labels: string[] };
  parameter?: Expr;
  expr: Expr;
}

export interface CallExpr {
  type: 'call';
  name: string;
  args: Expr[];
}

export type Expr =
  | { type: 'number'; value: number }
  | { type: 'string'; value: string }
  | { type: 'unary'; op: '+' | '-'; expr: Expr }
  | VectorSelector
  | MatrixSelector
  | CallExpr
  | AggregateExpr
  | BinaryExpr;

export type ValueType = 'scalar' | 'vector' | 'matrix' | 'string';

/** The query is not PromQL (or not well typed): HTTP 400, `bad_data`. */
export class PromqlParseError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PromqlParseError';
  }
}

/** The query cannot be evaluated, or not by this engine: HTTP 422, `execution`. */
export class PromqlExecutionError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PromqlExecutionError';
  }
}

/** Summary of the samples of one series in a closed range; reused between calls, so copy what must stay. */
export interface WindowSummary {
  count: number;
  firstT: number;
  firstV: number;
  lastT: number;
  lastV: number;
  /** Sum of the values before each counter reset; 0 when the series never falls. */
  resetCorrection: number;
}

/** A reusable place for one sample. */
export interface SampleSlot {
  t: number;
  v: number;
}

/** One stored series. Times are epoch milliseconds; both ends of every range are included. */
export interface SourceSeries {
  readonly labels: Labels;
  /** One label's value, empty when it is missing; cheaper than `labels` where those are made on demand. */
  label(name: string): string;
  /** Newest sample in [from, to]; false when there is none or a staleness marker follows it. */
  latest(from: number, to: number, slot: SampleSlot): boolean;
  /** False when the range holds no sample. */
  summarise(from: number, to: number, summary: WindowSummary): boolean;
  /** Every sample of the range, oldest first. */
  samples(from: number, to: number): SampleSlot[];
}

/** What the evaluator reads. */
export interface SampleSource {
  /** Series that match and may have samples in [from, to]. */
  select(
    matchers: readonly Matcher[],
    from: number,
    to: number,
  ): SourceSeries[];
}

/** Steps of a query, epoch milliseconds. An instant query is a grid of one step. */
export interface Grid {
  start: number;
  step: number;
  count: number;
}

/** One series of a result: values per step of the grid, `present` says which steps have one. */
export interface GridSeries {
  labels: Labels;
  values: Float64Array;
  present: Uint8Array;
}

export type GridValue =
  | { type: 'scalar'; values: Float64Array }
  | { type: 'vector'; series: GridSeries[] }
  | { type: 'string'; value: string };
