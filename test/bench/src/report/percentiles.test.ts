import { summarize } from './percentiles';

describe('summarize', () => {
  it('takes the nearest rank of samples in any order', () => {
    const samples = Array.from({ length: 200 }, (_, index) => 200 - index);
    expect(summarize(samples)).toEqual({
      p50: 100,
      p95: 190,
      p99: 198,
      max: 200,
    });
  });

  it('is the sample itself when there is one', () => {
    expect(summarize([7])).toEqual({ p50: 7, p95: 7, p99: 7, max: 7 });
  });

  it('has no figures for no samples', () => {
    expect(() => summarize([])).toThrow(RangeError);
  });
});
