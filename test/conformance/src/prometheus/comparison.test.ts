import { readKnownDifferences } from '../world/readKnownDifferences';
import { ask } from './ask';
import { expectSameAnswer } from './expectSameAnswer';
import { productQueries } from './productQueries';
import { ASKED_AT, fixtureExpressions, recordedSeries } from './recordedSeries';
import { startEvaluator } from './startEvaluator';
import {
  type QueryServer,
  startPrometheus,
  whyNoPrometheus,
} from './startPrometheus';

const reason = whyNoPrometheus();
const seconds = (time: number) => (time / 1000).toFixed(3);
const RANGE = {
  start: seconds(ASKED_AT - 900_000),
  end: seconds(ASKED_AT),
  step: '30',
};

let real: QueryServer;
let ours: QueryServer;

beforeAll(async () => {
  if (reason) return;
  const series = recordedSeries();
  ours = await startEvaluator(series, ASKED_AT);
  real = await startPrometheus(series);
}, 60_000);

afterAll(async () => {
  await ours?.close();
  await real?.close();
});

/** One question to both, as an instant query and over a range; the number of points both gave. */
async function compare(query: string): Promise<number> {
  const instant = { query, time: seconds(ASKED_AT), timeout: '10s' };
  const range = { query, ...RANGE, timeout: '10s' };
  const points = expectSameAnswer(
    await ask(real.url, 'query', instant),
    await ask(ours.url, 'query', instant),
    { ordered: query.startsWith('sort') },
  );
  return (
    points +
    expectSameAnswer(
      await ask(real.url, 'query_range', range),
      await ask(ours.url, 'query_range', range),
    )
  );
}

/** Requests that are refused, or answered without a query. */
const REQUESTS: [string, Record<string, string>][] = [
  ['query', { query: 'sum(' }],
  ['query', { query: '' }],
  ['query', {}],
  ['query', { query: 'nosuchfunction(up)' }],
  ['query', { query: 'rate(istio_requests_total)' }],
  ['query', { query: 'istio_requests_total{a=~"["}' }],
  ['query', { query: 'up', time: 'yesterday' }],
  [
    'query',
    {
      query: 'requests_total + on(app) requests_total',
      time: seconds(ASKED_AT - 70_000),
    },
  ],
  ['query_range', { query: 'up' }],
  ['query_range', { query: 'up', ...RANGE, step: '0' }],
  ['query_range', { query: 'up', ...RANGE, step: 'often' }],
  ['query_range', { query: 'up', ...RANGE, start: 'x' }],
  ['query_range', { query: 'up', ...RANGE, end: '0' }],
  ['query_range', { query: 'up', start: '0', end: '11001', step: '1' }],
  ['query_range', { query: 'up', start: '0', end: '11000', step: '1' }],
  ['query_range', { query: 'istio_requests_total[5m]', ...RANGE }],
  ['query_range', { query: '"text"', ...RANGE }],
  [
    'query_range',
    {
      query: 'up',
      ...RANGE,
      start: '2023-11-14T22:13:20Z',
      end: '2023-11-14T22:23:20.5Z',
      step: '1m',
    },
  ],
  ['series', {}],
  ['nothing', {}],
];

/** What the sandbox refuses by its name and Prometheus evaluates, in the README's words. */
const NOT_EVALUATED: Record<string, string[]> = {
  subqueries: ['max_over_time(rate(requests_total[1m])[5m:1m])'],
  'the @ modifier': ['requests_total @ 1700000600'],
  'regressions and forecasts': [
    'deriv(temperature[5m])',
    'predict_linear(temperature[5m], 60)',
  ],
  'some functions over time': [
    'quantile_over_time(0.5, temperature[5m])',
    'stddev_over_time(temperature[5m])',
    'stdvar_over_time(temperature[5m])',
    'absent_over_time(nothing[5m])',
  ],
  'parts of a date': [
    'year()',
    'month()',
    'day_of_month()',
    'day_of_week()',
    'day_of_year()',
    'days_in_month()',
    'hour()',
    'minute()',
  ],
  trigonometry: [
    ...['sin', 'cos', 'tan', 'sinh', 'cosh', 'tanh', 'asin', 'acos', 'atan'],
    ...['asinh', 'acosh', 'atanh', 'deg', 'rad'],
  ]
    .map(name => `${name}(temperature)`)
    .concat('pi()', 'temperature atan2 temperature'),
  'native histograms': [
    'histogram_count(temperature)',
    'histogram_sum(temperature)',
    'histogram_fraction(0, 1, temperature)',
  ],
  count_values: ['count_values("v", temperature)'],
  label_join: ['label_join(temperature, "a", ",", "room")'],
};

/** The grammar is a newer one, where this function has another name. */
const NOT_IN_THE_GRAMMAR = 'holt_winters';

(reason ? describe.skip : describe)(
  `a real Prometheus on the same series${
    reason ? ` (skipped: ${reason})` : ''
  }`,
  () => {
    const product = productQueries();
    let points = 0;

    it.each(product.map(({ name, query }) => [name, query]))(
      'the product: %s: %s',
      async (_, query) => {
        expect.hasAssertions();
        points += await compare(query);
      },
    );

    it('had something to say about the queries of the product', () => {
      expect(points).toBeGreaterThan(10 * product.length);
    });

    it.each([...fixtureExpressions(), 'requests_total offset -1m'])(
      '%s',
      async query => {
        expect.hasAssertions();
        await compare(query);
      },
    );

    it.each(REQUESTS)('%s %j', async (endpoint, form) => {
      const expected = await ask(real.url, endpoint, form);
      const answer = await ask(ours.url, endpoint, form);
      const shape = ({ status, body, contentType }: typeof answer) => ({
        status,
        fields: Object.keys(body).sort(),
        result: body.status,
        errorType: body.errorType,
        says: typeof body.error,
        json: contentType?.startsWith('application/json'),
      });
      expect(shape(answer)).toEqual(shape(expected));
    });

    it('evaluates what the README says the sandbox does not', () => {
      expect([...Object.keys(NOT_EVALUATED), NOT_IN_THE_GRAMMAR]).toEqual(
        readKnownDifferences('Prometheus'),
      );
    });

    it(`${NOT_IN_THE_GRAMMAR} is not in the grammar`, async () => {
      const form = {
        query: `${NOT_IN_THE_GRAMMAR}(temperature[5m], 0.5, 0.5)`,
        time: seconds(ASKED_AT),
      };
      expect((await ask(real.url, 'query', form)).status).toBe(200);
      const answer = await ask(ours.url, 'query', form);
      expect([answer.status, answer.body.errorType]).toEqual([400, 'bad_data']);
    });

    it.each(
      Object.entries(NOT_EVALUATED).flatMap(([what, queries]) =>
        queries.map(query => [what, query]),
      ),
    )('%s: %s', async (_, query) => {
      const form = { query, time: seconds(ASKED_AT) };
      const expected = await ask(real.url, 'query', form);
      const answer = await ask(ours.url, 'query', form);
      expect([expected.status, expected.body.status]).toEqual([200, 'success']);
      expect(answer.body).toMatchObject({
        status: 'error',
        error: expect.stringMatching(/the sandbox does not evaluate/),
      });
      expect([answer.status, answer.body.errorType]).toEqual([
        422,
        'execution',
      ]);
    });
  },
);
