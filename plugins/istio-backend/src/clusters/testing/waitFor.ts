import { setTimeout as pause } from 'node:timers/promises';

/** Waits until the check answers without throwing; its last error is the test's. */
export async function waitFor<T>(
  check: () => T | Promise<T>,
  timeoutMs = 4_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await pause(10);
    }
  }
}
