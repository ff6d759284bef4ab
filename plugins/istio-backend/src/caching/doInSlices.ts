import { setImmediate as nextTurn } from 'node:timers/promises';

const SLICE_MS = 5;

/** Works through a list without holding up requests: after some milliseconds others get their turn. */
export async function doInSlices<T>(
  items: Iterable<T>,
  work: (item: T) => void,
): Promise<void> {
  let startedAt = performance.now();
  for (const item of items) {
    work(item);
    if (performance.now() - startedAt > SLICE_MS) {
      await nextTurn();
      startedAt = performance.now();
    }
  }
}
