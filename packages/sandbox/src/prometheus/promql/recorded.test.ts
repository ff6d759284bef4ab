import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { StoredSeries, StoredSource } from '../StoredSource';
import { PrometheusApi } from '../PrometheusApi';

interface Answer {
  status: number;
  body: {
    status: string;
    errorType?: string;
    data?: { resultType: string; result: unknown };
  };
}

interface Recorded {
  at: number;
  range: { start: number; end: number; step: number };
  series: {
    labels: Record<string, string>;
    samples: [number, number | 'NaN'][];
  }[];
  recorded: { query: string; instant: Answer; range: Answer }[];
}

const fixture: Recorded = JSON.parse(
  readFileSync(resolve(__dirname, '../__fixtures__/recorded.json'), 'utf8'),
);

const api = new PrometheusApi(
  new StoredSource(
    fixture.series.map(
      ({ labels, samples }) =>
        new StoredSeries(
          labels,
          samples.map(([t, v]) => ({ t, v: Number(v) })),
        ),
    ),
  ),
  () => fixture.at * 1000,
  15_000,
);

type Row = {
  metric?: object;
  value?: [number, string];
  values?: [number, string][];
};

/** Rows by label set; instant vectors have no order unless the query sorts. */
function rowsOf(
  result: unknown,
  ordered: boolean,
): [string, [number, string][]][] {
  if (!Array.isArray(result)) return [];
  if (typeof result[0] === 'number') {
    return [['', [result as [number, string]]]];
  }
  const rows = (result as Row[]).map(
    ({ metric, value, values }): [string, [number, string][]] => [
      JSON.stringify(metric),
      values ?? [value!],
    ],
  );
  return ordered ? rows : rows.sort(([a], [b]) => (a < b ? -1 : 1));
}

function expectSame(actual: Answer, expected: Answer, query: string): void {
  expect(actual.status).toBe(expected.status);
  expect(actual.body.errorType).toBe(expected.body.errorType);
  expect(actual.body.data?.resultType).toBe(expected.body.data?.resultType);
  const ordered = query.startsWith('sort');
  const ours = rowsOf(actual.body.data?.result, ordered);
  const theirs = rowsOf(expected.body.data?.result, ordered);
  expect(ours.map(([metric]) => metric)).toEqual(
    theirs.map(([metric]) => metric),
  );
  theirs.forEach(([, points], index) => {
    const own = ours[index][1];
    expect(own.map(([t]) => t)).toEqual(points.map(([t]) => t));
    points.forEach(([, value], step) => {
      if (/^-?\d/.test(value)) {
        // Sums run in another order than Go's; more than the last digits would be another rule.
        const number = Number(value);
        const tolerance = 1e-9 * Math.max(1, Math.abs(number));
        expect(Math.abs(Number(own[step][1]) - number)).toBeLessThan(tolerance);
      } else expect(own[step][1]).toBe(value);
    });
  });
}

describe('answers of a real Prometheus 2.42 on the same series', () => {
  it('covers enough', () => {
    expect(fixture.recorded.length).toBeGreaterThan(150);
  });

  it.each(fixture.recorded.map(one => [one.query, one] as const))(
    '%s',
    (query, { instant, range }) => {
      expect.hasAssertions();
      const ask = (path: string, parameters: Record<string, string>) =>
        api.answer(path, new URLSearchParams(parameters)) as Answer;
      expectSame(
        ask('query', { query, time: String(fixture.at) }),
        instant,
        query,
      );
      const { start, end, step } = fixture.range;
      expectSame(
        ask('query_range', {
          query,
          start: String(start),
          end: String(end),
          step: String(step),
        }),
        range,
        '',
      );
    },
  );
});
