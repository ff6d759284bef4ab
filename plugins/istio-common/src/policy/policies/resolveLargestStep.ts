import type { Plan } from '../../changes/types';

type Fields = Record<string, unknown>;

/** Shares of a rule's destinations: weight over sum, equal shares of nothing being 0. */
function sharesOf(destinations: unknown, unset: number): number[] {
  const weights = (Array.isArray(destinations) ? destinations : []).map(
    (destination: Fields) => Number(destination.weight ?? unset),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map(weight => (sum > 0 ? weight / sum : 0));
}

/** Per rule of a VirtualService or a route of the Gateway API: the shares in order. */
function rulesOf(object: Fields | undefined): number[][] {
  const spec = (object?.spec ?? {}) as Fields;
  const list = (name: string) =>
    Array.isArray(spec[name]) ? (spec[name] as Fields[]) : [];
  return [
    ...['http', 'tcp', 'tls']
      .flatMap(name => list(name))
      .map(rule => sharesOf(rule.route, 0)),
    ...list('rules').map(rule => sharesOf(rule.backendRefs, 1)),
  ];
}

/**
 * The largest share, 0..1, that one edit of the plan moves to or from one destination. Taken per
 * object: over clusters that differ, opposite steps would cancel out in a mean.
 */
export function resolveLargestStep(plan: Plan): number {
  const steps = plan.operations.flatMap(({ before, after }) => {
    if (!before || !after) return [];
    const was = rulesOf(before);
    return rulesOf(after).flatMap((rule, at) =>
      rule.map((share, index) => Math.abs(share - (was[at]?.[index] ?? 0))),
    );
  });
  return Math.max(0, ...steps);
}
