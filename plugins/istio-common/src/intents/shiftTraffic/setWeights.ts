import type { Fields } from '../../resources/fields';
import type { VersionWeight } from '../types';
import type { RouteRule } from '../routing/routeRule';

/**
 * The rule's entries with their new weights. An entry whose weight already says it stays the very
 * same object, an omitted weight that means the same number included.
 */
export function setWeights(rule: RouteRule, after: VersionWeight[]): Fields[] {
  return rule.entries.map((entry, index) => {
    const { key, weight } = rule.destinations[index];
    const percent = after.find(each => each.key === key)?.percent ?? 0;
    return (weight ?? rule.omitted) === percent
      ? entry
      : { ...entry, weight: percent };
  });
}
