import { findDifference } from './matchVerdict';

describe('findDifference', () => {
  const shares = { status: 200, to: { a: 0.8, b: 0.2 } };

  it.each([
    [{ status: 200, to: { a: 330, b: 70 } }, undefined],
    [{ status: 200, to: { a: 360, b: 40 } }, 'to: '],
    [{ status: 200, to: { a: 400 } }, 'to: '],
    [{ status: 200, to: { a: 320, b: 79, c: 1 } }, 'to: '],
    [{ status: 200, to: { b: 1 } }, undefined],
    [{ status: 200, to: { c: 1 } }, 'to: '],
    [{ status: 503, to: { a: 320, b: 80 } }, 'status: 200 against 503'],
    [{ ...shares, flags: 'UH' }, 'flags: undefined against "UH"'],
    [{ status: 200 }, 'to: '],
  ])('80/20 against %j', (counted, difference) => {
    expect(findDifference(shares, counted)?.slice(0, difference?.length)).toBe(
      difference,
    );
  });

  it('compares other verdicts by value', () => {
    expect(
      findDifference({ decision: 'allow' }, { decision: 'allow' }),
    ).toBeUndefined();
    expect(findDifference({ decision: 'allow' }, { decision: 'deny' })).toBe(
      'decision: "allow" against "deny"',
    );
  });
});
