/**
 * Remembers the result per argument object. Sound because objects of a snapshot are never mutated;
 * weak, so a replaced object takes its reading with it.
 */
export function memoizeByIdentity<A extends object, R>(
  read: (argument: A) => R,
): (argument: A) => R {
  const known = new WeakMap<A, { result: R }>();
  return argument => {
    const hit = known.get(argument);
    if (hit) {
      return hit.result;
    }
    const result = read(argument);
    known.set(argument, { result });
    return result;
  };
}
