import { refusal } from '../../__testUtils__/refusal';
import { describeProblem, sentNothing } from './describeProblem';

describe('describeProblem', () => {
  it.each([
    [403, 'forbidden', true],
    [409, 'conflict', true],
    [422, 'invalid', true],
    [503, 'unavailable', true],
    [500, 'failed', false],
  ])('reads status %d', async (status, kind, nothingSent) => {
    const problem = describeProblem(await refusal(status, 'because'));
    expect(problem).toEqual({ kind, message: 'because' });
    expect(sentNothing(problem)).toBe(nothingSent);
  });

  it('takes a lost answer for lost, not for refused', () => {
    const problem = describeProblem(new TypeError('Failed to fetch'));
    expect(problem).toEqual({
      kind: 'failed',
      message: expect.stringContaining('Failed to fetch'),
    });
    expect(sentNothing(problem)).toBe(false);
  });
});
