import {
  FreezeCalendar,
  findWindowProblem,
  type FreezeWindow,
} from './FreezeCalendar';

const WEEKEND: FreezeWindow = {
  name: 'Weekend',
  timeZone: 'Europe/Berlin',
  when: { cron: '0 16 * * 5', duration: 'P2DT14H' },
};
const CHRISTMAS: FreezeWindow = {
  name: 'Christmas',
  timeZone: 'Europe/Berlin',
  clusters: ['prod-eu'],
  when: { from: '2026-12-23T12:00', to: '2027-01-02T08:00' },
};
const NIGHT: FreezeWindow = {
  name: 'Night',
  timeZone: 'America/New_York',
  when: { cron: '30 2 * * *', duration: 'PT1H' },
};

const PLACE = { cluster: 'prod-eu', namespace: 'payments' };

const at = (time: string, window: FreezeWindow, ...places: object[]) =>
  FreezeCalendar.create([window])
    .activeAt(
      Date.parse(time),
      (places.length ? places : [{}]).map(place => ({ ...PLACE, ...place })),
    )
    .map(({ until }) => until)
    .join();

describe('FreezeCalendar', () => {
  it.each<[string, FreezeWindow, string, string]>([
    // Summer time begins on Sunday, 29 March 2026 at 02:00: the window is an hour shorter.
    ['2026-03-27T14:59:59Z', WEEKEND, 'before 16:00 in winter', ''],
    [
      '2026-03-27T15:00:00Z',
      WEEKEND,
      'from 16:00 in winter',
      'Mon 30 Mar 2026, 06:00 Europe/Berlin',
    ],
    [
      '2026-03-30T03:59:59Z',
      WEEKEND,
      'until 06:00 in summer',
      'Mon 30 Mar 2026, 06:00 Europe/Berlin',
    ],
    ['2026-03-30T04:00:00Z', WEEKEND, 'off at 06:00 in summer', ''],
    // It ends on Sunday, 25 October 2026 at 03:00: the window is an hour longer.
    ['2026-10-23T13:59:59Z', WEEKEND, 'before 16:00 in summer', ''],
    [
      '2026-10-26T04:59:59Z',
      WEEKEND,
      'until 06:00 in winter',
      'Mon 26 Oct 2026, 06:00 Europe/Berlin',
    ],
    ['2026-10-26T05:00:00Z', WEEKEND, 'off at 06:00 in winter', ''],
    ['2026-12-23T10:59:59Z', CHRISTMAS, 'before noon', ''],
    [
      '2026-12-23T11:00:00Z',
      CHRISTMAS,
      'from noon',
      'Sat 2 Jan 2027, 08:00 Europe/Berlin',
    ],
    ['2027-01-02T07:00:00Z', CHRISTMAS, 'off at its end', ''],
    [
      '2026-06-10T06:45:00Z',
      NIGHT,
      'a short one at night',
      'Wed 10 Jun 2026, 03:30 America/New_York',
    ],
    ['2026-06-10T07:30:00Z', NIGHT, 'off an hour later', ''],
  ])('%s, %#: %s %s', (time, window, _, until) => {
    expect(at(time, window)).toBe(until);
  });

  it('concerns the clusters that it names', () => {
    expect(at('2026-12-24T00:00:00Z', CHRISTMAS, { cluster: 'staging' })).toBe(
      '',
    );
  });

  it('concerns the namespaces that it names, in the clusters that it names', () => {
    const closing = { ...CHRISTMAS, namespaces: ['payments'] };
    const isOn = (...places: object[]) =>
      at('2026-12-24T00:00:00Z', closing, ...places) !== '';
    const elsewhere = { namespace: 'catalog' };
    expect(isOn({})).toBe(true);
    expect(isOn(elsewhere)).toBe(false);
    expect(isOn(elsewhere, {})).toBe(true);
    expect(isOn(elsewhere, { cluster: 'staging' })).toBe(false);
  });

  it('is a guardrail that names the window and its end', () => {
    const calendar = FreezeCalendar.create([CHRISTMAS]);
    expect(calendar.judge(Date.parse('2026-12-24T00:00:00Z'), [PLACE])).toEqual(
      [
        {
          policy: 'freeze-window',
          verdict: 'deny',
          text: 'Freeze “Christmas” until Sat 2 Jan 2027, 08:00 Europe/Berlin',
        },
      ],
    );
    expect(
      calendar.judge(Date.parse('2026-11-24T00:00:00Z'), [PLACE]),
    ).toMatchObject([{ verdict: 'pass' }]);
    expect(FreezeCalendar.create([]).judge(0, [])).toEqual([]);
  });
});

describe('findWindowProblem', () => {
  it.each<[Partial<FreezeWindow>, string | undefined]>([
    [{}, undefined],
    [
      { timeZone: 'Berlin' },
      'timeZone: must be an IANA time zone such as Europe/Berlin',
    ],
    [
      { when: { cron: '99 * * * *', duration: 'P1D' } },
      'cron: must be a cron expression such as 0 16 * * 5',
    ],
    [
      { when: { cron: '0 16 * * 5', duration: '2 days' } },
      'duration: must be an ISO 8601 duration such as P2DT14H',
    ],
    [
      { when: { from: 'soon', to: '2027-01-02T08:00' } },
      'from: must be a time such as 2026-12-23T12:00',
    ],
    [
      { when: { from: '2027-01-02T08:00', to: '2027-01-01T08:00' } },
      'to: must be after from',
    ],
  ])('%j: %s', (patch, problem) => {
    expect(findWindowProblem({ ...WEEKEND, ...patch })).toBe(problem);
  });
});
