import { buildChange } from './__fixtures__/changes';
import { groupChangesByDay, presentDay } from './groupChangesByDay';

const now = Date.parse('2026-07-14T00:10:00Z');

describe('groupChangesByDay', () => {
  it.each([
    ['2026-07-14T00:05:00Z', 'Today, 14 Jul'],
    ['2026-07-13T23:59:59Z', 'Yesterday, 13 Jul'],
    ['2026-07-12T10:00:00Z', 'Sunday, 12 Jul'],
    ['2026-07-07T10:00:00Z', '7 Jul'],
    ['2025-12-31T10:00:00Z', '31 Dec 2025'],
  ])('heads %s', (iso, expected) => {
    expect(presentDay(iso, now)).toBe(expected);
  });

  it('keeps the order of the list within and between days', () => {
    const changes = [
      '2026-07-14T00:05:00Z',
      '2026-07-13T22:00:00Z',
      '2026-07-13T09:00:00Z',
    ].map(createdAt => buildChange({ createdAt, id: createdAt }));
    expect(
      groupChangesByDay(changes, now).map(day => [
        day.key,
        day.changes.map(change => change.id),
      ]),
    ).toEqual([
      ['2026-07-14', ['2026-07-14T00:05:00Z']],
      ['2026-07-13', ['2026-07-13T22:00:00Z', '2026-07-13T09:00:00Z']],
    ]);
  });
});
