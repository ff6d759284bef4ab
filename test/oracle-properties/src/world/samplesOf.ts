import * as fc from 'fast-check';

/** So many are in memory at a time. */
const CHUNK = 100;

/** Any odd number spreads the seeds of the chunks. */
const STEP = 1_000_003;

/** Values that come from the seed alone; more of them begin with the same ones. */
export function* samplesOf<T>(
  arbitrary: fc.Arbitrary<T>,
  options: { seed: number; count: number },
): Generator<T> {
  const { seed, count } = options;
  for (let done = 0; done < count; done += CHUNK) {
    yield* fc.sample(arbitrary, {
      // fast-check takes 32 bits of it.
      seed: (seed + (done / CHUNK) * STEP) | 0,
      numRuns: Math.min(CHUNK, count - done),
    });
  }
}
