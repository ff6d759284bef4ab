import { readTimes, timesProblem } from './changeTimes';

describe('readTimes', () => {
  it.each([
    [{}, {}],
    [{ applyAt: '', expiresAt: 'tomorrow' }, {}],
    [
      { applyAt: '2026-03-29T02:30', expiresAt: '2026-03-30T02:30' },
      {
        applyAt: '2026-03-29T02:30:00.000Z',
        expiresAt: '2026-03-30T02:30:00.000Z',
      },
    ],
  ])('%j', (typed, times) => expect(readTimes(typed)).toEqual(times));
});

describe('timesProblem', () => {
  const now = Date.parse('2026-03-29T00:00:00Z');
  it.each([
    [{}, undefined],
    [{ applyAt: '2026-03-29T01:00', expiresAt: '2026-03-29T02:00' }, undefined],
    [{ applyAt: '2026-03-28T23:59' }, 'the time to apply is over'],
    [{ expiresAt: '2026-03-29T00:00' }, 'the end is over already'],
    [
      { applyAt: '2026-03-29T03:00', expiresAt: '2026-03-29T02:00' },
      'the end is before the time to apply',
    ],
    [{ breakGlass: true, expiresAt: '2026-03-29T02:00' }, undefined],
    [
      { breakGlass: true, applyAt: '2026-03-29T01:00' },
      'an emergency is applied at once, so it takes no time to apply',
    ],
  ])('%j: %s', (typed, problem) =>
    expect(timesProblem(typed, now)).toBe(problem),
  );
});
