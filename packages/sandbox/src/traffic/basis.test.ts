import fc from 'fast-check';
import { Basis, BASIS_SIZE, RATE_FUNCTIONS } from './basis';

const EPOCH = Date.parse('2026-07-07T00:00:00Z');
const rhythm = { daily: 0.2, jitter: 0.1, peakHour: 14 };

describe('Basis', () => {
  it('is the integral of its own rates', () => {
    const basis = new Basis(EPOCH, 'seed', rhythm);
    const from = EPOCH + 3 * 3600_000;
    const integral = new Float64Array(BASIS_SIZE);
    for (let step = 0; step < 3000; step++) {
      const rates = basis.ratesAt(from + (step + 0.5) * 100);
      rates.forEach((rate, index) => {
        integral[index] += rate * 0.1;
      });
    }
    const before = basis.at(from);
    const after = basis.at(from + 300_000);
    integral.forEach((sum, index) =>
      expect(after[index] - before[index]).toBeCloseTo(sum, 3),
    );
  });

  it('starts at zero, and the carrying functions only grow', () => {
    const basis = new Basis(EPOCH, 'seed', rhythm);
    basis.at(EPOCH).forEach(value => expect(value).toBeCloseTo(0, 6));
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 30 * 86_400_000 }),
        fc.integer({ min: 1, max: 86_400_000 }),
        (offset, span) => {
          const low = basis.at(EPOCH + offset);
          const high = basis.at(EPOCH + offset + span);
          for (let index = 0; index < RATE_FUNCTIONS; index++) {
            const mean = (high[index] - low[index]) / (span / 1000);
            expect(mean).toBeGreaterThanOrEqual(basis.lowest() - 1e-3);
          }
        },
      ),
    );
  });
});
