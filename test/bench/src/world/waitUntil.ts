import { setTimeout as pause } from 'node:timers/promises';

/** Asks again and again until it holds. Throws Error saying what was waited for in vain. */
export async function waitUntil(
  holds: () => Promise<boolean>,
  options: { what: () => string; withinMs: number; everyMs?: number },
): Promise<void> {
  const { what, withinMs, everyMs = 200 } = options;
  const deadline = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > deadline) {
      throw new Error(
        `Waited ${Math.round(withinMs / 1000)} s in vain for ${what()}`,
      );
    }
    await pause(everyMs);
  }
}
