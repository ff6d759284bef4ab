const DAY_MS = 86_400_000;
/** Further ahead nobody knows any more why. */
const DAYS_AHEAD = 90;

/** What is wrong with the times of a new change, with the field; undefined when nothing is. */
export function findTimeProblem(
  times: {
    applyAt?: number;
    expiresAt?: number;
    proposal?: unknown;
    breakGlass?: unknown;
  },
  now: number,
): string | undefined {
  const { applyAt, expiresAt } = times;
  if (times.proposal !== undefined && expiresAt !== undefined) {
    return 'expiresAt: a change that goes through Git cannot be taken back by itself; revert it when its time is over';
  }
  // Later there is time for an approval, and a freeze that is on then holds it all the same.
  if (times.breakGlass !== undefined && applyAt !== undefined) {
    return 'applyAt: an emergency is applied at once; leave the time away';
  }
  const furthest = now + DAYS_AHEAD * DAY_MS;
  if (applyAt !== undefined && applyAt <= now) {
    return 'applyAt: must be in the future';
  }
  if (applyAt !== undefined && applyAt > furthest) {
    return `applyAt: must be within the next ${DAYS_AHEAD} days`;
  }
  if (expiresAt !== undefined && expiresAt <= now) {
    return 'expiresAt: must be in the future';
  }
  if (expiresAt !== undefined && expiresAt > furthest) {
    return `expiresAt: must be within the next ${DAYS_AHEAD} days`;
  }
  return applyAt !== undefined &&
    expiresAt !== undefined &&
    expiresAt <= applyAt
    ? 'expiresAt: must be after applyAt'
    : undefined;
}
