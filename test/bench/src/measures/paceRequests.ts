import { setTimeout as pause } from 'node:timers/promises';

/** One after another. Gives what each call took, in milliseconds. */
export async function oneByOne(
  count: number,
  call: (index: number) => Promise<{ ms: number }>,
): Promise<number[]> {
  const samples: number[] = [];
  for (let index = 0; index < count; index += 1) {
    samples.push((await call(index)).ms);
  }
  return samples;
}

/**
 * At a fixed rate, whether or not earlier calls have ended, and counted from when each should have begun: a
 * backend that stalls delays many calls, and all of them show it.
 */
export async function atRate(
  options: { count: number; perSecond: number },
  call: (index: number) => Promise<unknown>,
): Promise<number[]> {
  const { count, perSecond } = options;
  const startedAt = performance.now();
  const calls: Promise<number>[] = [];
  for (let index = 0; index < count; index += 1) {
    const due = startedAt + (index * 1000) / perSecond;
    const early = due - performance.now();
    if (early > 0) await pause(early);
    const done = call(index).then(() => performance.now() - due);
    // Heard of at once, reported by the end.
    done.catch(() => {});
    calls.push(done);
  }
  return Promise.all(calls);
}
