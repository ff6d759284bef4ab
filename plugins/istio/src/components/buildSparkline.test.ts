import { buildSparkline } from './buildSparkline';

const box = { width: 100, height: 26, from: 0, to: 100 };

describe('buildSparkline', () => {
  it('scales from zero to the largest value', () => {
    expect(
      buildSparkline(
        [
          [0, 0],
          [50, 5],
          [100, 10],
        ],
        box,
      ),
    ).toBe('M0.0 23.0L50.0 13.0L100.0 3.0');
  });

  it('leaves a gap where there is no data', () => {
    expect(
      buildSparkline(
        [
          [0, 10],
          [25, null],
          [50, 10],
          [100, 10],
        ],
        box,
      ),
    ).toBe('M0.0 3.0M50.0 3.0L100.0 3.0');
  });

  it('puts zeros on the floor', () => {
    expect(
      buildSparkline(
        [
          [0, 0],
          [100, 0],
        ],
        box,
      ),
    ).toBe('M0.0 23.0L100.0 23.0');
  });

  it('draws nothing from nothing', () => {
    expect(buildSparkline([], box)).toBe('');
    expect(buildSparkline([[5, null]], box)).toBe('');
  });
});
