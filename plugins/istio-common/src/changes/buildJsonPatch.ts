/** One RFC 6902 edit, with the value it replaces or removes. */
export type PatchEdit =
  | { op: 'add'; path: string; value: unknown }
  | { op: 'replace'; path: string; value: unknown; old: unknown }
  | { op: 'remove'; path: string; old: unknown };

/**
 * The smallest edits, field by field, that turn one JSON value into the other.
 *
 * Invariant: every path is valid in `before` when the edits are read as a whole (edits of a list
 * come before its removals, which run from the end, and its additions), so `test` operations on the
 * same paths may all stand in front.
 */
export function buildJsonPatch(before: unknown, after: unknown): PatchEdit[] {
  return compare('', before, after);
}

function compare(path: string, before: unknown, after: unknown): PatchEdit[] {
  if (isMap(before) && isMap(after)) {
    return compareMaps(path, before, after);
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    return compareLists(path, before, after);
  }
  return isEqualJson(before, after)
    ? []
    : [{ op: 'replace', path, value: after, old: before }];
}

function compareMaps(
  path: string,
  before: Record<string, unknown>,
  after: Record<string, unknown>,
): PatchEdit[] {
  const edits: PatchEdit[] = [];
  for (const key of definedKeys(before)) {
    const child = `${path}/${escapeSegment(key)}`;
    if (has(after, key)) {
      edits.push(...compare(child, before[key], after[key]));
    } else {
      edits.push({ op: 'remove', path: child, old: before[key] });
    }
  }
  for (const key of definedKeys(after)) {
    if (!has(before, key)) {
      edits.push({
        op: 'add',
        path: `${path}/${escapeSegment(key)}`,
        value: after[key],
      });
    }
  }
  return edits;
}

function compareLists(
  path: string,
  before: unknown[],
  after: unknown[],
): PatchEdit[] {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && isEqualJson(before[start], after[start])) {
    start += 1;
  }
  let end = 0;
  while (
    end < shorter - start &&
    isEqualJson(before[before.length - 1 - end], after[after.length - 1 - end])
  ) {
    end += 1;
  }
  const edits: PatchEdit[] = [];
  const paired = shorter - start - end;
  for (let index = start; index < start + paired; index += 1) {
    edits.push(...compare(`${path}/${index}`, before[index], after[index]));
  }
  for (let index = before.length - end - 1; index >= start + paired; index--) {
    edits.push({ op: 'remove', path: `${path}/${index}`, old: before[index] });
  }
  for (let index = start + paired; index < after.length - end; index += 1) {
    edits.push({ op: 'add', path: `${path}/${index}`, value: after[index] });
  }
  return edits;
}

/** Equality of JSON values: order of keys and `undefined` fields do not count. */
export function isEqualJson(left: unknown, right: unknown): boolean {
  if (Array.isArray(left) && Array.isArray(right)) {
    return (
      left.length === right.length &&
      left.every((item, index) => isEqualJson(item, right[index]))
    );
  }
  if (isMap(left) && isMap(right)) {
    const keys = definedKeys(left);
    return (
      keys.length === definedKeys(right).length &&
      keys.every(key => has(right, key) && isEqualJson(left[key], right[key]))
    );
  }
  return left === right;
}

/** RFC 6901. */
export function escapeSegment(key: string): string {
  return key.replace(/~/g, '~0').replace(/\//g, '~1');
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function has(map: Record<string, unknown>, key: string): boolean {
  return Object.hasOwn(map, key) && map[key] !== undefined;
}

function definedKeys(map: Record<string, unknown>): string[] {
  return Object.keys(map).filter(key => map[key] !== undefined);
}
