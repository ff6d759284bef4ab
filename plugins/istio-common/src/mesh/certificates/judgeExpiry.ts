import type { Expiry, ExpiryDays } from './types';

export const DEFAULT_EXPIRY_DAYS: ExpiryDays = { soon: 30, urgent: 7 };

const DAY = 24 * 3600 * 1000;

/**
 * How near the end of a certificate is. One that lives for a week only is not told all its life: what
 * counts as near is never more than a third of its lifetime, the time at which cert-manager has renewed
 * it (a third before the end, unless set otherwise).
 */
export function judgeExpiry(
  { notBefore, notAfter }: { notBefore?: number; notAfter?: number },
  { now, days = DEFAULT_EXPIRY_DAYS }: { now: number; days?: ExpiryDays },
): Expiry {
  if (notAfter === undefined) return 'unknown';
  if (now >= notAfter) return 'expired';
  if (notBefore !== undefined && now < notBefore) return 'notYetValid';
  const lifetime = notBefore === undefined ? Infinity : notAfter - notBefore;
  const left = notAfter - now;
  const within = (limit: number, share: number) =>
    left < Math.min(limit * DAY, lifetime * share);
  if (within(days.urgent, 1 / 10)) return 'urgent';
  return within(days.soon, 1 / 3) ? 'soon' : 'valid';
}

/** "Ends in 12 days, on 2026-07-26." */
export function describeExpiry(
  { notBefore, notAfter }: { notBefore?: number; notAfter: number },
  now: number,
): string {
  const end = dateOf(notAfter);
  if (now >= notAfter) return `Ended ${span(now - notAfter)} ago, on ${end}.`;
  if (notBefore !== undefined && now < notBefore) {
    return `Is not valid before ${dateOf(notBefore)}; ends on ${end}.`;
  }
  return `Ends in ${span(notAfter - now)}, on ${end}.`;
}

function span(milliseconds: number): string {
  const hours = Math.floor(milliseconds / 3_600_000);
  if (hours < 1) return 'less than an hour';
  if (hours < 48) return hours === 1 ? '1 hour' : `${hours} hours`;
  return `${Math.floor(hours / 24)} days`;
}

function dateOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
