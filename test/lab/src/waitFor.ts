/** What to wait for, and for how long. */
interface Waiting {
  /** Ends the sentence "… did not happen in N s". */
  what: string;
  timeoutSeconds: number;
  /** Milliseconds between looks. Default 100. */
  every?: number;
  /** Says why waiting is pointless, such as a server that ended. */
  hopeless?: () => string | undefined;
}

/** Seconds for each step of a lab that comes up: many times what it takes, for machines that do much else. */
export const PATIENCE = 240;

export const pause = (milliseconds: number) =>
  new Promise<void>(resolve => {
    setTimeout(resolve, milliseconds);
  });

/**
 * Resolves with the first answer of `look` that is neither undefined nor false. A look that throws
 * counts as "not yet"; its last message is part of the error.
 *
 * @throws Error when the time is over or `hopeless` speaks
 */
export async function waitFor<T>(
  look: () => Promise<T | undefined | false> | T | undefined | false,
  { what, timeoutSeconds, every = 100, hopeless }: Waiting,
): Promise<T> {
  const deadline = performance.now() + timeoutSeconds * 1000;
  let last = '';
  for (;;) {
    try {
      const answer = await look();
      if (answer !== undefined && answer !== false) return answer;
    } catch (error) {
      last = error instanceof Error ? `: ${error.message}` : '';
    }
    const reason = hopeless?.();
    if (reason) throw new Error(`${what} cannot happen: ${reason}`);
    if (performance.now() > deadline) {
      throw new Error(`${what} did not happen in ${timeoutSeconds} s${last}`);
    }
    await pause(every);
  }
}
