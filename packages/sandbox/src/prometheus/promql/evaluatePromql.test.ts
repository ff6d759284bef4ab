import fc from 'fast-check';
import { StoredSeries, StoredSource } from '../StoredSource';
import { formatSample } from '../formatValues';
import { evaluatePromql } from './evaluatePromql';
import { bucketQuantile } from './histogramQuantile';
import { parsePromql } from './parsePromql';
import { PromqlExecutionError, PromqlParseError } from './types';

const T = 1_000_000;

/** Samples every 10 s, the last at T. */
const series = (labels: Record<string, string>, values: number[]) =>
  new StoredSeries(
    labels,
    values.map((v, index) => ({
      t: T - (values.length - 1 - index) * 10_000,
      v,
    })),
  );

const source = new StoredSource([
  series({ __name__: 'c', app: 'a' }, [0, 10, 20, 30, 40, 50, 60]),
  series({ __name__: 'c', app: 'b' }, [100, 105, 110, 3, 8, 13, 18]),
]);

function instant(query: string): Record<string, number> {
  const value = evaluatePromql(parsePromql(query), source, {
    start: T,
    step: 1,
    count: 1,
  });
  if (value.type === 'scalar') return { scalar: value.values[0] };
  if (value.type === 'string') throw new Error('a string');
  return Object.fromEntries(
    value.series.map(({ labels, values }) => [labels.app ?? '', values[0]]),
  );
}

describe('evaluatePromql, by hand', () => {
  it('rates a counter over the whole range: 60 in 60 s', () => {
    expect(instant('rate(c{app="a"}[60s])').a).toBeCloseTo(1, 12);
    expect(instant('increase(c{app="a"}[60s])').a).toBeCloseTo(60, 12);
  });

  it('adds what was counted before a reset', () => {
    // 100 to 110, restart, 3 to 18: 10 + 18 = 28.
    expect(instant('increase(c{app="b"}[60s])').b).toBeCloseTo(28, 12);
  });

  it('extrapolates to the ends of the range when the samples come close', () => {
    // In (T-35 s, T]: 30, 40, 50, 60 over 30 s; 5 s to the start are less than 1.1 intervals.
    expect(instant('increase(c{app="a"}[35s])').a).toBeCloseTo(35, 12);
  });

  it('stretches by half an interval where a series begins', () => {
    // 70 s of the range are before the first sample, and a counter at 100 could have been lower.
    expect(instant('increase(c{app="b"}[130s])').b).toBeCloseTo(
      (28 * 65) / 60,
      9,
    );
  });

  it('does not extrapolate a counter below zero', () => {
    // The first sample is 0: nothing is added before it.
    expect(instant('increase(c{app="a"}[130s])').a).toBeCloseTo(60, 12);
  });

  it('interpolates inside a bucket', () => {
    const buckets = [
      { upperBound: 10, count: 10 },
      { upperBound: 20, count: 30 },
      { upperBound: Infinity, count: 40 },
    ];
    expect(bucketQuantile(0.5, buckets)).toBe(15);
    expect(bucketQuantile(0.25, buckets)).toBe(10);
    expect(bucketQuantile(0.125, buckets)).toBe(5);
    expect(bucketQuantile(0.99, buckets)).toBe(20);
  });

  it('keeps precedence: unary minus is weaker than a power', () => {
    expect(instant('-2 ^ 2').scalar).toBe(-4);
    expect(instant('1 - -2 ^ 2').scalar).toBe(5);
    expect(instant('2 ^ 3 ^ 2').scalar).toBe(512);
  });

  it.each([
    'c @ 1000',
    'max_over_time(c[5m:1m])',
    'predict_linear(c[5m], 60)',
    'count_values("v", c)',
    'c atan2 c',
    '{"quoted.name"}',
    'c[300]',
    'c offset 60',
    'c{app=~"(?i:a)"}',
    'c{app=~"[[:alpha:]]"}',
    'c + 5m',
  ])('refuses %s instead of answering wrongly', query => {
    expect(() => instant(query)).toThrow(PromqlExecutionError);
  });

  it('refuses text that is not PromQL, whatever it is', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        let refused: unknown;
        try {
          instant(text);
        } catch (error) {
          refused = error;
        }
        const known =
          refused === undefined ||
          refused instanceof PromqlParseError ||
          refused instanceof PromqlExecutionError;
        expect(known || (refused as Error).message === 'a string').toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe('formatSample', () => {
  it.each([
    [1e21, '1000000000000000000000'],
    [1.5e-7, '0.00000015'],
    [-0.25, '-0.25'],
    [NaN, 'NaN'],
    [-Infinity, '-Inf'],
  ])('writes %p as %s', (value, text) => {
    expect(formatSample(value)).toBe(text);
  });

  it('loses nothing and never writes an exponent', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        value => {
          const text = formatSample(value);
          expect(text).not.toMatch(/e/i);
          expect(Number(text)).toBe(value);
        },
      ),
    );
  });
});
