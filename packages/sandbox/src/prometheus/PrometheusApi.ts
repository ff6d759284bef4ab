import { evaluatePromql } from './promql/evaluatePromql';
import { matches } from './promql/literals';
import { parsePromql } from './promql/parsePromql';
import {
  Expr,
  Matcher,
  MatrixSelector,
  PromqlExecutionError,
  PromqlParseError,
  SampleSource,
  SourceSeries,
} from './promql/types';
import {
  formatPoint,
  instantData,
  parseStep,
  parseTime,
  rangeData,
  sortedLabels,
} from './formatValues';

/** An answer of the API before it is written. */
export interface ApiAnswer {
  status: number;
  body: unknown;
}

/** A refusal in Prometheus' shape. */
class ApiRefusal extends Error {
  constructor(
    readonly status: number,
    readonly errorType: 'bad_data' | 'execution',
    message: string,
  ) {
    super(message);
  }
}

const MAX_POINTS = 11_000;

const badData = (message: string) => new ApiRefusal(400, 'bad_data', message);

/** Prometheus' HTTP API (v1) over computed series. Answers are values; nothing throws. */
export class PrometheusApi {
  constructor(
    private readonly source: SampleSource,
    private readonly clock: () => number,
    private readonly scrapeIntervalMs: number,
  ) {}

  /** `path` is what follows `/api/v1/`. Undefined: no such endpoint. */
  answer(path: string, parameters: URLSearchParams): ApiAnswer | undefined {
    try {
      const data = this.dataOf(path, parameters);
      return data === undefined
        ? undefined
        : { status: 200, body: { status: 'success', data } };
    } catch (error) {
      return refusal(error);
    }
  }

  private dataOf(path: string, parameters: URLSearchParams): unknown {
    const label = /^label\/([^/]+)\/values$/.exec(path);
    if (label) return this.labelValues(label[1], parameters);
    switch (path) {
      case 'query':
        return this.query(parameters);
      case 'query_range':
        return this.queryRange(parameters);
      case 'series':
        return this.series(parameters);
      case 'labels':
        return this.labels(parameters);
      case 'status/buildinfo':
        return {
          version: '2.42.0',
          revision: 'sandbox',
          branch: 'sandbox',
          buildUser: '',
          buildDate: '',
          goVersion: '',
        };
      case 'status/config':
        return {
          yaml: `global:\n  scrape_interval: ${
            this.scrapeIntervalMs / 1000
          }s\n`,
        };
      default:
        return undefined;
    }
  }

  private query(parameters: URLSearchParams): unknown {
    const at = this.time(parameters, 'time') ?? this.clock();
    const expr = parse(parameters.get('query') ?? '');
    if (expr.type === 'matrix') return this.rawSamples(expr, at);
    const grid = { start: at, step: 1, count: 1 };
    return instantData(evaluatePromql(expr, this.source, grid), at);
  }

  /** A range vector on its own answers with its samples. */
  private rawSamples(expr: MatrixSelector, at: number): unknown {
    const end = at - expr.selector.offsetMs;
    const start = end - expr.rangeMs;
    const result = this.source
      .select(expr.selector.matchers, start, end)
      .map(series => ({
        metric: sortedLabels(series.labels),
        values: series.samples(start, end).map(({ t, v }) => formatPoint(t, v)),
      }))
      .filter(({ values }) => values.length > 0);
    return { resultType: 'matrix', result };
  }

  private queryRange(parameters: URLSearchParams): unknown {
    const start = this.requiredTime(parameters, 'start');
    const end = this.requiredTime(parameters, 'end');
    if (end < start) {
      throw badData(
        'invalid parameter "end": end timestamp must not be before start time',
      );
    }
    const stepText = parameters.get('step') ?? '';
    const step = parseStep(stepText);
    if (step === undefined) {
      throw badData(
        `invalid parameter "step": cannot parse "${stepText}" to a valid duration`,
      );
    }
    if (step <= 0) {
      throw badData(
        'invalid parameter "step": zero or negative query resolution step widths are not accepted. Try a positive integer',
      );
    }
    if ((end - start) / step > MAX_POINTS) {
      throw badData(
        'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
      );
    }
    const expr = parsePromql(parameters.get('query') ?? '');
    if (expr.type === 'matrix' || expr.type === 'string') {
      const type = expr.type === 'matrix' ? 'range vector' : 'string';
      throw badData(
        `invalid expression type "${type}" for range query, must be Scalar or instant Vector`,
      );
    }
    const count = Math.floor((end - start) / step) + 1;
    const grid = { start, step, count };
    const value = evaluatePromql(expr, this.source, grid);
    if (value.type === 'string') {
      throw badData('invalid expression type "string" for range query');
    }
    return rangeData(value, grid);
  }

  private series(parameters: URLSearchParams): unknown {
    if (!parameters.has('match[]')) {
      throw badData('no match[] parameter provided');
    }
    const found = new Map<string, unknown>();
    for (const series of this.matched(parameters)) {
      const labels = sortedLabels(series.labels);
      found.set(JSON.stringify(labels), labels);
    }
    return [...found.keys()].sort().map(key => found.get(key));
  }

  private labels(parameters: URLSearchParams): string[] {
    const names = new Set<string>();
    for (const series of this.matched(parameters)) {
      Object.keys(series.labels).forEach(name => names.add(name));
    }
    return [...names].sort();
  }

  private labelValues(name: string, parameters: URLSearchParams): string[] {
    if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name)) {
      throw badData(`invalid label name: ${JSON.stringify(name)}`);
    }
    const values = new Set<string>();
    for (const series of this.matched(parameters)) {
      if (series.labels[name]) values.add(series.labels[name]);
    }
    return [...values].sort();
  }

  /** Series of all `match[]` selectors (everything without one) between `start` and `end`. */
  private matched(parameters: URLSearchParams): SourceSeries[] {
    const start = this.time(parameters, 'start') ?? 0;
    const end = this.time(parameters, 'end') ?? this.clock();
    const everything: Matcher[] = [{ label: '__name__', op: '!=', value: '' }];
    const texts = parameters.getAll('match[]');
    const selectors = texts.length
      ? texts.map(text => selectorOf(text))
      : [everything];
    return selectors.flatMap(matchers =>
      this.source
        .select(matchers, start, end)
        .filter(series =>
          matchers.every(matcher =>
            matches(matcher, series.labels[matcher.label] ?? ''),
          ),
        ),
    );
  }

  private time(parameters: URLSearchParams, name: string): number | undefined {
    const text = parameters.get(name);
    if (text === null || text === '') return undefined;
    const time = parseTime(text);
    if (time === undefined) {
      throw badData(
        `invalid parameter "${name}": cannot parse "${text}" to a valid timestamp`,
      );
    }
    return time;
  }

  private requiredTime(parameters: URLSearchParams, name: string): number {
    const time = this.time(parameters, name);
    if (time === undefined) {
      throw badData(
        `invalid parameter "${name}": cannot parse "" to a valid timestamp`,
      );
    }
    return time;
  }
}

function selectorOf(text: string): Matcher[] {
  let expr: Expr;
  try {
    expr = parsePromql(text);
  } catch (error) {
    if (error instanceof PromqlParseError) {
      throw badData(`invalid parameter "match[]": ${error.message}`);
    }
    throw error;
  }
  if (expr.type !== 'vector') {
    throw badData(
      `invalid parameter "match[]": not a series selector: ${text}`,
    );
  }
  return expr.matchers;
}

function parse(query: string): Expr {
  try {
    return parsePromql(query);
  } catch (error) {
    if (error instanceof PromqlParseError) {
      throw badData(`invalid parameter "query": ${error.message}`);
    }
    throw error;
  }
}

function refusal(error: unknown): ApiAnswer {
  const body = (errorType: string, message: string) => ({
    status: 'error',
    errorType,
    error: message,
  });
  if (error instanceof ApiRefusal) {
    return {
      status: error.status,
      body: body(error.errorType, error.message),
    };
  }
  if (error instanceof PromqlParseError) {
    return { status: 400, body: body('bad_data', error.message) };
  }
  if (error instanceof PromqlExecutionError) {
    return { status: 422, body: body('execution', error.message) };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { status: 500, body: body('internal', message) };
}
