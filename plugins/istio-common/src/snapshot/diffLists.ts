/**
 * What one list has and the other has not, by identity; undefined where that is more than a few. Lists that are
 * nearly the same are compared without a look-up per item.
 */
export function diffLists<T>(
  before: readonly T[],
  after: readonly T[],
  most: number,
): { removed: readonly T[]; added: readonly T[] } | undefined {
  if (Math.abs(before.length - after.length) > most) return undefined;
  let start = 0;
  while (start < before.length && before[start] === after[start]) start += 1;
  let endBefore = before.length;
  let endAfter = after.length;
  while (
    endBefore > start &&
    endAfter > start &&
    before[endBefore - 1] === after[endAfter - 1]
  ) {
    endBefore -= 1;
    endAfter -= 1;
  }
  const removed = new Set(before.slice(start, endBefore));
  const added: T[] = [];
  for (let at = start; at < endAfter; at += 1) {
    if (!removed.delete(after[at])) {
      added.push(after[at]);
      if (added.length > most) return undefined;
    }
  }
  return removed.size > most ? undefined : { removed: [...removed], added };
}
