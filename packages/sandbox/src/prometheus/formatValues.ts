import { labelsKey } from './promql/labels';
import { parseDuration } from './promql/literals';
import type { GridSeries, GridValue, Labels } from './promql/types';

/** A sample's value as Prometheus writes it: the shortest digits, never an exponent. */
export function formatSample(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Infinity) return '+Inf';
  if (value === -Infinity) return '-Inf';
  const text = String(value);
  const exponent = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (!exponent) return Object.is(value, -0) ? '-0' : text;
  const [, sign, first, rest = '', power] = exponent;
  const digits = first + rest;
  const point = 1 + Number(power);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return sign + digits.padEnd(point, '0');
}

/** Sample of an instant: [seconds, text]. */
export function formatPoint(timeMs: number, value: number): [number, string] {
  return [timeMs / 1000, formatSample(value)];
}

/** Labels in the order Prometheus prints them. */
export function sortedLabels(labels: Labels): Labels {
  return Object.fromEntries(
    Object.keys(labels)
      .sort()
      .filter(name => labels[name] !== '')
      .map(name => [name, labels[name]]),
  );
}

/** `data` of an instant query. */
export function instantData(value: GridValue, timeMs: number): unknown {
  if (value.type === 'string') {
    return { resultType: 'string', result: [timeMs / 1000, value.value] };
  }
  if (value.type === 'scalar') {
    return {
      resultType: 'scalar',
      result: formatPoint(timeMs, value.values[0]),
    };
  }
  return {
    resultType: 'vector',
    result: value.series
      .filter(series => series.present[0])
      .map(series => ({
        metric: sortedLabels(series.labels),
        value: formatPoint(timeMs, series.values[0]),
      })),
  };
}

/** `data` of a range query. */
export function rangeData(
  value: Exclude<GridValue, { type: 'string' }>,
  grid: { start: number; step: number; count: number },
): unknown {
  const series: GridSeries[] =
    value.type === 'vector'
      ? value.series
      : [
          {
            labels: {},
            values: value.values,
            present: new Uint8Array(grid.count).fill(1),
          },
        ];
  const result = series
    .filter(one => one.present.includes(1))
    .map(one => ({ key: labelsKey(one.labels), one }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ one }) => {
      const values: [number, string][] = [];
      one.present.forEach((here, step) => {
        if (here) {
          const at = grid.start + step * grid.step;
          values.push(formatPoint(at, one.values[step]));
        }
      });
      return { metric: sortedLabels(one.labels), values };
    });
  return { resultType: 'matrix', result };
}

/** Epoch milliseconds of a time parameter: seconds or RFC 3339. Undefined: not a time. */
export function parseTime(text: string): number | undefined {
  if (/^-?\d+(\.\d*)?(e[+-]?\d+)?$/i.test(text)) {
    return Math.round(Number(text) * 1000);
  }
  if (
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/.test(
      text,
    )
  ) {
    const parsed = Date.parse(text);
    return Number.isNaN(parsed) ? undefined : parsed;
  }
  return undefined;
}

/** Milliseconds of a duration parameter: seconds or a Prometheus duration. */
export function parseStep(text: string): number | undefined {
  if (/^-?\d+(\.\d*)?(e[+-]?\d+)?$/i.test(text)) {
    return Math.round(Number(text) * 1000);
  }
  return parseDuration(text);
}
