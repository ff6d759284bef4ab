import { binomialInterval } from './binomialInterval';

/** How many standard deviations `share` observed lie from a true `p`. */
const deviations = (share: number, p: number, total: number) =>
  Math.abs(share - p) / Math.sqrt((p * (1 - p)) / total);

describe('binomialInterval', () => {
  it.each([
    [200, 1000],
    [7, 1000],
    [1, 30],
    [999, 1000],
  ])('ends where %i of %i would be a surprise of 1 in 1000', (hits, total) => {
    const { low, high } = binomialInterval(hits, total);
    expect(low).toBeGreaterThan(0);
    expect(high).toBeLessThan(1);
    expect(deviations(hits / total, low, total)).toBeCloseTo(3.2905, 3);
    expect(deviations(hits / total, high, total)).toBeCloseTo(3.2905, 3);
  });

  it('holds at the ends, and says nothing without draws', () => {
    expect(binomialInterval(0, 1000).low).toBeCloseTo(0);
    expect(binomialInterval(0, 1000).high).toBeCloseTo(0.0107, 4);
    expect(binomialInterval(1000, 1000).high).toBeCloseTo(1);
    expect(binomialInterval(0, 0)).toEqual({ low: 0, high: 1 });
  });
});
