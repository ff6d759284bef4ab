import type { QueryAnswer } from './ask';

type Point = [number, string];

interface Row {
  metric?: Record<string, string>;
  value?: Point;
  values?: Point[];
}

function canonical(metric: Record<string, string> = {}): string {
  return JSON.stringify(
    Object.entries(metric).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** Rows with their labels as text. Only sorted vectors have an order. */
function rowsOf(result: unknown, ordered: boolean): [string, Point[]][] {
  if (!Array.isArray(result)) return [];
  if (typeof result[0] === 'number') return [['', [result as Point]]];
  const rows = (result as Row[]).map(
    ({ metric, value, values }): [string, Point[]] => [
      canonical(metric),
      values ?? [value!],
    ],
  );
  return ordered ? rows : rows.sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Sums run in another order than Go's: more than the last digits would be another rule. */
function isClose(ours: string, real: string): boolean {
  if (!/^-?\d/.test(real)) return ours === real;
  return (
    Math.abs(Number(ours) - Number(real)) <=
    1e-9 * Math.max(1, Math.abs(Number(real)))
  );
}

/** How many points two answers share; fails where they differ by more than rounding. */
export function expectSameAnswer(
  real: QueryAnswer,
  ours: QueryAnswer,
  { ordered = false } = {},
): number {
  expect({
    status: ours.status,
    errorType: ours.body.errorType,
    resultType: ours.body.data?.resultType,
  }).toEqual({
    status: real.status,
    errorType: real.body.errorType,
    resultType: real.body.data?.resultType,
  });
  const theirs = rowsOf(real.body.data?.result, ordered);
  const own = rowsOf(ours.body.data?.result, ordered);
  expect(own.map(([metric]) => metric)).toEqual(
    theirs.map(([metric]) => metric),
  );
  const apart = theirs.flatMap(([metric, points], row) => {
    const [, mine] = own[row];
    const same =
      mine.length === points.length &&
      points.every(
        ([at, value], index) =>
          mine[index][0] === at && isClose(mine[index][1], value),
      );
    return same ? [] : [{ metric, real: points, ours: mine }];
  });
  expect(apart).toEqual([]);
  return theirs.reduce((sum, [, points]) => sum + points.length, 0);
}
