import { groupingOf } from './labels';
import { BinaryExpr, GridSeries } from './types';

/** `and`, `or`, `unless`: which samples stay is decided at every step. */
export function evaluateSet(
  expr: BinaryExpr,
  operands: { left: GridSeries[]; right: GridSeries[] },
): GridSeries[] {
  const grouping = groupingOf({
    without: !expr.matching.on,
    labels: expr.matching.labels,
  });
  const index = (series: GridSeries[]) => {
    const byKey = new Map<string, GridSeries[]>();
    for (const one of series) {
      const key = grouping.key(one.labels);
      byKey.set(key, [...(byKey.get(key) ?? []), one]);
    }
    return byKey;
  };
  const keep = (
    series: GridSeries[],
    others: Map<string, GridSeries[]>,
    whenPresent: boolean,
  ) =>
    series
      .map(one => {
        const group = others.get(grouping.key(one.labels)) ?? [];
        const present = one.present.map((here, step) =>
          Number(
            here === 1 &&
              group.some(other => other.present[step]) === whenPresent,
          ),
        );
        return { ...one, present };
      })
      .filter(one => one.present.includes(1));
  if (expr.op === 'and')
    return keep(operands.left, index(operands.right), true);
  if (expr.op === 'unless') {
    return keep(operands.left, index(operands.right), false);
  }
  return [
    ...operands.left,
    ...keep(operands.right, index(operands.left), false),
  ];
}
