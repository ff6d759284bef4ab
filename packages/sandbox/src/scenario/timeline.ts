/** Times of a world: everything else is counted back from its start. */
export interface WorldTimes {
  /** Epoch milliseconds. */
  startedAt: number;
  /** Where counters begin: the start of a UTC day, some days before. */
  epoch: number;
}

const UNIT_MS: Record<string, number> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

export function worldTimes(startedAt: number, historyDays: number): WorldTimes {
  const day = Math.floor(startedAt / UNIT_MS.d) * UNIT_MS.d;
  return { startedAt, epoch: day - historyDays * UNIT_MS.d };
}

/** Milliseconds of `22h`. */
export function agoMs(ago: string): number {
  return Number(ago.slice(0, -1)) * UNIT_MS[ago.slice(-1)];
}

/** Epoch milliseconds, whole seconds as Kubernetes keeps them. */
export function momentOf(times: WorldTimes, ago: string): number {
  return Math.floor((times.startedAt - agoMs(ago)) / 1000) * 1000;
}

export function timestamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
