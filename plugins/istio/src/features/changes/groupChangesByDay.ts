import type { Change } from '@istio-backstage/plugin-istio-common';
import { presentMoment } from '../../components/presentTime';

const DAY_MS = 86_400_000;
const WEEKDAYS = [
  'Sunday',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
];

export interface ChangeDay {
  /** The UTC day, `2026-07-14`. */
  key: string;
  title: string;
  changes: Change[];
}

/**
 * Heading of a day: `Today, 14 Jul`, `Yesterday, 13 Jul`, `Sunday, 12 Jul`, and beyond a week
 * `7 Jul`, with the year where it is another. Days are UTC days, as all times on the screen are.
 */
export function presentDay(iso: string, now: number): string {
  const time = Date.parse(iso);
  const daysAgo = Math.floor(now / DAY_MS) - Math.floor(time / DAY_MS);
  // Told from a moment two days on, a day is never "today" and so reads as a date.
  const date = presentMoment(iso, Math.max(now, time + 2 * DAY_MS));
  const withoutYear = date.replace(/ \d{4}$/, '');
  if (daysAgo === 0) return `Today, ${withoutYear}`;
  if (daysAgo === 1) return `Yesterday, ${withoutYear}`;
  if (daysAgo > 1 && daysAgo < 7) {
    return `${WEEKDAYS[new Date(time).getUTCDay()]}, ${withoutYear}`;
  }
  return date;
}

/** Groups changes by UTC day in the order they come (the API answers newest first). */
export function groupChangesByDay(changes: Change[], now: number): ChangeDay[] {
  const days = new Map<string, ChangeDay>();
  for (const change of changes) {
    const key = new Date(change.createdAt).toISOString().slice(0, 10);
    const day = days.get(key) ?? {
      key,
      title: presentDay(change.createdAt, now),
      changes: [],
    };
    day.changes.push(change);
    days.set(key, day);
  }
  return [...days.values()];
}
