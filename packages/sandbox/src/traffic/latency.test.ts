import {
  distributionOf,
  LATENCY_BOUNDS,
  mixtureOf,
  quantileOf,
} from './latency';

describe('latency', () => {
  it('puts half below p50 and 99 % below p99', () => {
    const { cumulative } = distributionOf({ p50: 100, p99: 1000 });
    const at = (bound: number) => cumulative[LATENCY_BOUNDS.indexOf(bound)];
    expect(at(100)).toBeCloseTo(0.5, 3);
    expect(at(1000)).toBeCloseTo(0.99, 3);
    expect(cumulative[cumulative.length - 1]).toBe(1);
  });

  it('moves by the wait and mixes by weight', () => {
    const waiting = distributionOf({ p50: 10, p99: 20 }, 2000);
    expect(waiting.cumulative[LATENCY_BOUNDS.indexOf(1000)]).toBe(0);
    const mixed = mixtureOf([
      { weight: 3, distribution: distributionOf({ p50: 10, p99: 20 }) },
      { weight: 1, distribution: waiting },
    ]);
    expect(mixed.cumulative[LATENCY_BOUNDS.indexOf(1000)]).toBeCloseTo(0.75, 3);
  });

  it('draws quantiles from the same distribution', () => {
    expect(quantileOf({ p50: 36, p99: 340 }, 0.5)).toBeCloseTo(36, 3);
    expect(quantileOf({ p50: 36, p99: 340 }, 0.99, 2000)).toBeCloseTo(2340, 0);
  });
});
