import {
  presentAge,
  presentAgeRange,
  presentClock,
  presentFullTime,
  presentMoment,
  presentSpan,
} from './presentTime';

const now = Date.parse('2026-07-14T14:32:00Z');

describe('presentTime', () => {
  it.each([
    ['2026-07-14T14:31:38Z', '22 s ago'],
    ['2026-07-14T14:31:00Z', '1 min ago'],
    ['2026-07-14T14:25:00Z', '7 min ago'],
    ['2026-07-14T11:00:00Z', '3 h ago'],
    ['2026-07-02T11:00:00Z', '12 d ago'],
    ['2026-07-14T14:32:04Z', '0 s ago'],
  ])('says how old %s is', (iso, expected) => {
    expect(presentAge(iso, now)).toBe(expected);
  });

  it.each([
    [['2026-07-14T14:31:50Z'], '10 s ago'],
    [['2026-07-14T14:31:50Z', '2026-07-14T14:31:52Z'], '8 to 10 s ago'],
    [['2026-07-14T14:31:56Z', '2026-07-14T14:30:00Z'], '4 s to 2 min ago'],
    [['2026-07-14T14:29:59Z', '2026-07-14T14:30:00Z'], '2 min ago'],
  ])('says how old several are: %j', (isos, expected) => {
    expect(presentAgeRange(isos, now)).toBe(expected);
  });

  it('keeps hours until two days are full', () => {
    expect(presentSpan(47 * 3600)).toBe('47 h');
    expect(presentSpan(48 * 3600)).toBe('2 d');
  });

  it.each([
    ['2026-07-14T00:05:00Z', '00:05'],
    ['2026-07-11T10:05:00Z', '11 Jul'],
    ['2025-12-31T23:59:00Z', '31 Dec 2025'],
  ])('names the moment %s', (iso, expected) => {
    expect(presentMoment(iso, now)).toBe(expected);
  });

  it('writes times in UTC', () => {
    expect(presentClock('2026-07-14T16:21:07+02:00')).toBe('14:21');
    expect(presentFullTime('2026-07-14T16:21:07+02:00')).toBe(
      '14 Jul 2026, 14:21:07 UTC',
    );
  });
});
