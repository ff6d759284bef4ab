import { isEqualJson } from '../changes/buildJsonPatch';

export type JsonMap = Record<string, unknown>;

export function isMap(value: unknown): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether everything that the part says stands in the whole; what it does not say may be anything. */
export function isPartOf(part: unknown, whole: unknown): boolean {
  return findDifference(part, whole) === undefined;
}

/** Path of the first field of the part that the whole has otherwise: `spec.http[0].timeout`. */
export function findDifference(
  part: unknown,
  whole: unknown,
  path = '',
): string | undefined {
  if (isMap(part) && isMap(whole)) {
    for (const [key, value] of Object.entries(part)) {
      if (value === undefined) continue;
      const child = path === '' ? key : `${path}.${key}`;
      if (!Object.hasOwn(whole, key) && !isVoid(value)) return child;
      const found = isVoid(value)
        ? undefined
        : findDifference(value, whole[key], child);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (Array.isArray(part) && Array.isArray(whole)) {
    if (part.length !== whole.length) return path;
    for (const [index, item] of part.entries()) {
      const found = findDifference(item, whole[index], `${path}[${index}]`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  return isEqualJson(part, whole) ? undefined : path;
}

/** The API server does not keep an empty map or null apart from an absent field. */
function isVoid(value: unknown): boolean {
  return value === null || (isMap(value) && Object.keys(value).length === 0);
}

/** Which items of one list go on as which of the other; items of neither pair are gone or new. */
export function alignLists(
  before: readonly unknown[],
  after: readonly unknown[],
): (readonly [before: number | undefined, after: number | undefined])[] {
  const pairs: (readonly [number | undefined, number | undefined])[] = [];
  const anchors = findAnchors(before, after);
  let i = 0;
  let j = 0;
  for (const [nextI, nextJ] of [
    ...anchors,
    [before.length, after.length] as const,
  ]) {
    // Between two items that stay, what stood at the same place is taken for edited.
    while (i < nextI && j < nextJ) {
      pairs.push([i, j]);
      i += 1;
      j += 1;
    }
    while (i < nextI) {
      pairs.push([i, undefined]);
      i += 1;
    }
    while (j < nextJ) {
      pairs.push([undefined, j]);
      j += 1;
    }
    if (nextI < before.length) {
      pairs.push([nextI, nextJ]);
      i = nextI + 1;
      j = nextJ + 1;
    }
  }
  return pairs;
}

/** Longest run of items that are equal, or have the same `name`, in both lists' order. */
function findAnchors(
  before: readonly unknown[],
  after: readonly unknown[],
): (readonly [number, number])[] {
  const width = after.length + 1;
  const longest = new Uint32Array((before.length + 1) * width);
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      longest[i * width + j] = isSame(before[i], after[j])
        ? longest[(i + 1) * width + j + 1] + 1
        : Math.max(longest[(i + 1) * width + j], longest[i * width + j + 1]);
    }
  }
  const anchors: (readonly [number, number])[] = [];
  let i = 0;
  let j = 0;
  while (i < before.length && j < after.length) {
    if (isSame(before[i], after[j])) {
      anchors.push([i, j]);
      i += 1;
      j += 1;
    } else if (longest[(i + 1) * width + j] >= longest[i * width + j + 1]) {
      i += 1;
    } else {
      j += 1;
    }
  }
  return anchors;
}

function isSame(left: unknown, right: unknown): boolean {
  return (
    isEqualJson(left, right) ||
    (isMap(left) &&
      isMap(right) &&
      typeof left.name === 'string' &&
      left.name === right.name)
  );
}
