const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

/** Seconds between a moment and now, never below zero: a server's clock may be ahead of the browser's. */
function secondsSince(iso: string, now: number): number {
  return Math.max(0, Math.round((now - Date.parse(iso)) / 1000));
}

/**
 * How long ago a moment was: seconds below a minute, then minutes, hours, days.
 *
 * @param iso - the moment as ISO 8601
 * @param now - epoch milliseconds
 */
export function presentAge(iso: string, now: number): string {
  return `${presentSpan(secondsSince(iso, now))} ago`;
}

/**
 * How long ago the newest and the oldest of several moments were: "9 to 11 s ago", "4 s to 2 min ago".
 */
export function presentAgeRange(isos: readonly string[], now: number): string {
  const seconds = isos.map(iso => secondsSince(iso, now));
  const newest = presentSpan(Math.min(...seconds));
  const oldest = presentSpan(Math.max(...seconds));
  if (newest === oldest) return `${oldest} ago`;
  const [amount, unit] = newest.split(' ');
  const from = oldest.endsWith(` ${unit}`) ? amount : newest;
  return `${from} to ${oldest} ago`;
}

/** A span of seconds in its largest whole unit: "22 s", "7 min", "3 h", "12 d". */
export function presentSpan(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** Clock time in UTC, "14:21". */
export function presentClock(iso: string): string {
  const date = new Date(iso);
  return `${twoDigits(date.getUTCHours())}:${twoDigits(date.getUTCMinutes())}`;
}

/** "14:21" today, "11 Jul" this year, "11 Jul 2025" before; days and hours in UTC. */
export function presentMoment(iso: string, now: number): string {
  const date = new Date(iso);
  const today = new Date(now);
  const sameYear = date.getUTCFullYear() === today.getUTCFullYear();
  const day = `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
  const isToday =
    sameYear &&
    date.getUTCMonth() === today.getUTCMonth() &&
    date.getUTCDate() === today.getUTCDate();
  if (isToday) return presentClock(iso);
  return sameYear ? day : `${day} ${date.getUTCFullYear()}`;
}

/** Complete and unambiguous: "14 Jul 2026, 14:21:07 UTC". */
export function presentFullTime(iso: string): string {
  const date = new Date(iso);
  const day = `${date.getUTCDate()} ${
    MONTHS[date.getUTCMonth()]
  } ${date.getUTCFullYear()}`;
  return `${day}, ${presentClock(iso)}:${twoDigits(date.getUTCSeconds())} UTC`;
}
