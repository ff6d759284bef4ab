/**
 * Remembers what was computed from some lists, as long as the lists live. Snapshots that share their
 * lists share the result; a snapshot with one list exchanged computes anew only what depends on it.
 */
export function perLists<R>(
  compute: (lists: readonly object[], variant: string) => R,
): (lists: readonly object[], variant?: string) => R {
  const root: Node<R> = { next: new WeakMap() };
  return (lists, variant = '') => {
    let node = root;
    for (const list of lists) {
      let next = node.next.get(list);
      if (!next) {
        next = { next: new WeakMap() };
        node.next.set(list, next);
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
  next: WeakMap<object, Node<R>>;
  results?: Map<string, { result: R }>;
}
