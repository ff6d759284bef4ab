import fc from 'fast-check';
import { coversHost, coversPattern } from './coversHost';
import { judgeExpiry } from './judgeExpiry';

const DAY = 24 * 3600 * 1000;

describe('judgeExpiry', () => {
  it('never says valid of a certificate that ended, and never gets better with time', () => {
    const order = ['valid', 'soon', 'urgent', 'expired'];
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4000 }),
        fc.double({ min: 0, max: 2, noNaN: true }),
        fc.double({ min: 0, max: 2, noNaN: true }),
        (lifetime, a, b) => {
          const times = { notBefore: 0, notAfter: lifetime * DAY };
          const [early, late] = [a, b]
            .sort((x, y) => x - y)
            .map(share => judgeExpiry(times, { now: share * times.notAfter }));
          expect(order.indexOf(late)).toBeGreaterThanOrEqual(
            order.indexOf(early),
          );
          expect(late === 'expired').toBe(Math.max(a, b) >= 1);
        },
      ),
    );
  });

  it('says unknown where the end is not known', () => {
    expect(judgeExpiry({ notBefore: 0 }, { now: 1 })).toBe('unknown');
  });
});

describe('coversHost', () => {
  it.each([
    ['shop.example', 'shop.example', true],
    ['*.example', 'shop.example', true],
    ['*.example', 'a.shop.example', false],
    ['*.example', 'example', false],
    ['*', 'example', false],
  ])('%s for %s: %s', (name, host, expected) => {
    expect(coversHost(name, host)).toBe(expected);
  });

  it('asks of a pattern only that some host of it is named', () => {
    expect(coversPattern('a.shop.example', '*.shop.example')).toBe(true);
    expect(coversPattern('*.shop.example', '*.shop.example')).toBe(true);
    expect(coversPattern('shop.example', '*.shop.example')).toBe(false);
  });
});
