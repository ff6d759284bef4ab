/**
 * Asks again until the answer fits; the time it took, in milliseconds, with the answer.
 *
 * @throws Error with the last answer (or the last failure) when the time is over
 */
export async function eventually<T>(
  ask: () => Promise<T>,
  fits: (answer: T) => boolean,
  options: {
    withinMs: number;
    what: string;
    everyMs?: number;
    /** Of the last answer, what its message shows. */
    show?: (answer: T) => unknown;
  },
): Promise<{ answer: T; tookMs: number }> {
  const { withinMs, what, everyMs = 500, show } = options;
  const started = Date.now();
  let last: unknown;
  do {
    try {
      const answer = await ask();
      if (fits(answer)) return { answer, tookMs: Date.now() - started };
      last = show ? show(answer) : answer;
    } catch (error) {
      // Jest's realm has an Error of its own: fetch's is not an instance of it.
      last = String(error);
    }
    await new Promise(resolve => setTimeout(resolve, everyMs));
  } while (Date.now() - started < withinMs);
  throw new Error(
    `${what}: not within ${withinMs / 1000} s. Last: ${shorten(last)}`,
  );
}

function shorten(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 3_000);
}
