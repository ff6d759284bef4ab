/** Lists that say who gets which share: none may be left out. */
const COMPLETE = new Set(['destinations']);

/**
 * Where an answer is not what was expected; empty: it is. Only what is named counts: fields that are left
 * out may be anything, and a list must hold an entry for each that is named. Of `destinations` all must be
 * named. Numbers may differ by a hundredth, as shares of thirds do.
 */
export function compareExpected(
  expected: unknown,
  actual: unknown,
  path = '',
): string[] {
  if (Array.isArray(expected)) {
    return compareLists(expected as unknown[], actual, path);
  }
  if (typeof expected === 'object' && expected !== null) {
    if (typeof actual !== 'object' || actual === null) {
      return [differs(path, expected, actual)];
    }
    return Object.entries(expected).flatMap(([key, value]) =>
      compareExpected(
        value,
        (actual as Record<string, unknown>)[key],
        path === '' ? key : `${path}.${key}`,
      ),
    );
  }
  if (typeof expected === 'number' && typeof actual === 'number') {
    return Math.abs(expected - actual) <= 0.01
      ? []
      : [differs(path, expected, actual)];
  }
  return (expected ?? undefined) === (actual ?? undefined)
    ? []
    : [differs(path, expected, actual)];
}

function compareLists(
  expected: readonly unknown[],
  actual: unknown,
  path: string,
): string[] {
  const rest: unknown[] = Array.isArray(actual)
    ? [...(actual as unknown[])]
    : [];
  const missing = expected.filter(item => {
    const index = rest.findIndex(
      candidate => compareExpected(item, candidate).length === 0,
    );
    if (index >= 0) {
      rest.splice(index, 1);
    }
    return index < 0;
  });
  const complete = COMPLETE.has(path.split('.').pop() ?? '');
  const surplus = complete || expected.length === 0 ? rest : [];
  return missing.length + surplus.length > 0
    ? [differs(path, expected, actual)]
    : [];
}

function differs(path: string, expected: unknown, actual: unknown): string {
  const where = path === '' ? 'the answer' : path;
  return `${where} is ${show(actual)}, expected ${show(expected)}`;
}

function show(value: unknown): string {
  return value === undefined ? 'absent' : JSON.stringify(value);
}
