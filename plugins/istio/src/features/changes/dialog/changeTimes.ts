/** When a change is applied and when it is taken back, as typed: `2026-01-31T09:00`, in UTC. */
export interface ChangeTimes {
  applyAt?: string;
  expiresAt?: string;
}

/** ISO time of what was typed; undefined for nothing, or for what is no time. */
function readTime(typed: string | undefined): string | undefined {
  const time = typed ? Date.parse(`${typed}Z`) : NaN;
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

/** The times as the API takes them; absent ones are left out. */
export function readTimes({ applyAt, expiresAt }: ChangeTimes): ChangeTimes {
  const from = readTime(applyAt);
  const to = readTime(expiresAt);
  return {
    ...(from ? { applyAt: from } : {}),
    ...(to ? { expiresAt: to } : {}),
  };
}

/** Why the times cannot be taken; undefined when they can. */
export function timesProblem(
  times: ChangeTimes & { breakGlass?: boolean },
  now: number,
): string | undefined {
  const { applyAt, expiresAt } = readTimes(times);
  if (applyAt && times.breakGlass) {
    return 'an emergency is applied at once, so it takes no time to apply';
  }
  if (applyAt && Date.parse(applyAt) <= now) {
    return 'the time to apply is over';
  }
  if (expiresAt && Date.parse(expiresAt) <= now) {
    return 'the end is over already';
  }
  return applyAt && expiresAt && expiresAt <= applyAt
    ? 'the end is before the time to apply'
    : undefined;
}
