import { memoizeByIdentity } from '../../resources/memoize';

/**
 * Remembers what was computed from some lists, as long as the lists live. Snapshots that share their
 * lists share the result; a snapshot with one list exchanged computes anew only what depends on it.
 */
export function perLists<R>(
  compute: (lists: readonly object[], variant: string) => R,
): (lists: readonly object[], variant?: string) => R {
  const rootOf = memoizeByIdentity((_first: object): Node<R> => ({}));
  return (lists, variant = '') => {
    let node = rootOf(lists[0]);
    for (let at = 1; at < lists.length; at += 1) {
      node.next ??= new WeakMap();
      let next = node.next.get(lists[at]);
      if (!next) {
        next = {};
        node.next.set(lists[at], next);
      }
      node = next;
    }
    node.results ??= new Map();
    const known = node.results.get(variant);
    if (known) {
      return known.result;
    }
    const result = compute(lists, variant);
    node.results.set(variant, { result });
    return result;
  };
}

interface Node<R> {
  next?: WeakMap<object, Node<R>>;
  results?: Map<string, { result: R }>;
}
