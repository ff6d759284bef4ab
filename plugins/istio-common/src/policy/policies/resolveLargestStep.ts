import type { Plan } from '../../changes/types';
import { fieldsListOf, fieldsOf, type Fields } from '../../resources/fields';
import { pairRules } from './pairRules';

/** Shares of a rule's destinations by what they name; equal shares of nothing are 0. */
function sharesOf(rule: Fields): Map<string, number> {
  const isGatewayApi = rule.backendRefs !== undefined;
  const entries = fieldsListOf(isGatewayApi ? rule.backendRefs : rule.route);
  const lone = !isGatewayApi && entries.length === 1;
  const weights = entries.map(({ weight }) =>
    lone ? 1 : Number(weight ?? (isGatewayApi ? 1 : 0)),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const shares = new Map<string, number>();
  entries.forEach(({ weight: _, headers: __, filters: ___, ...entry }, at) => {
    const key = JSON.stringify(entry);
    // Two destinations that name the same are told apart by their place.
    shares.set(
      shares.has(key) ? `${key} ${at}` : key,
      sum > 0 ? weights[at] / sum : 0,
    );
  });
  return shares;
}

/**
 * The largest share, 0..1, that one edit of the plan moves to or from one destination of a rule that is
 * there before and after. Taken per object: over clusters that differ, opposite steps would cancel out in a
 * mean.
 */
export function resolveLargestStep(plan: Plan): number {
  const steps = plan.operations.flatMap(({ before, after }) =>
    before && after
      ? pairRules(fieldsOf(before.spec), fieldsOf(after.spec)).both.flatMap(
          ([was, is]) => differences(sharesOf(was), sharesOf(is)),
        )
      : [],
  );
  return Math.max(0, ...steps);
}

function differences(
  was: Map<string, number>,
  is: Map<string, number>,
): number[] {
  return [...new Set([...was.keys(), ...is.keys()])].map(key =>
    Math.abs((is.get(key) ?? 0) - (was.get(key) ?? 0)),
  );
}
