import type { Target } from '../routing/types';
import { limitOutcomes } from './limitOutcomes';
import type { Outcome } from './types';

const outcome = (more: Partial<Outcome>): Outcome => ({
  target: { waitMs: 0 } as Target,
  share: 1,
  code: '200',
  flagsAtSource: '-',
  flagsAtServer: '-',
  waitMs: 0,
  profile: { p50: 10, p99: 100 },
  failed: false,
  ...more,
});
const failing = (share: number, code = '503') =>
  outcome({ share, code, failed: true });

const told = (outcomes: Outcome[]) =>
  Object.fromEntries(
    outcomes.map(({ code, flagsAtSource, share }) => [
      `${code} ${flagsAtSource}`,
      Number(share.toFixed(4)),
    ]),
  );

describe('limitOutcomes', () => {
  it('lets further tries rescue what the rule tries again', () => {
    expect(
      told(
        limitOutcomes(
          [failing(0.2), failing(0.1, '404'), outcome({ share: 0.7 })],
          {
            retries: { attempts: 2, on: ['503'] },
          },
        ),
      ),
    ).toEqual({ '503 URX': 0.008, '404 -': 0.1, '200 -': 0.892 });
  });

  it('rescues nothing where every try fails', () => {
    expect(
      told(
        limitOutcomes([failing(1)], { retries: { attempts: 3, on: ['5xx'] } }),
      ),
    ).toEqual({ '503 -': 1 });
  });

  it('cuts off the slow part, and failures that wait longer', () => {
    const cut = limitOutcomes(
      [outcome({ share: 0.9 }), { ...failing(0.1), waitMs: 5000 }],
      { timeoutMs: 100 },
    );
    expect(told(cut.filter(({ share }) => share > 0.05))).toEqual({
      '200 -': 0.891,
      '504 UT': 0.1,
    });
    expect(cut.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
  });

  it('does not count a delay that the rule injects', () => {
    const delayed = outcome({
      target: { waitMs: 3000 } as Target,
      waitMs: 3000,
    });
    const [slowest] = limitOutcomes([delayed], { timeoutMs: 2000 });
    expect(told([slowest])).toEqual({
      '200 -': 1,
    });
  });
});
