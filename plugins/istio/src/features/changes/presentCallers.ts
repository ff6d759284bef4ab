import {
  losesAccess,
  type AffectedCaller,
} from '@istio-backstage/plugin-istio-common';

/**
 * One row per component that calls, its versions added up; workloads that are no component of the
 * catalog stay apart. Those that call most first.
 */
export function mergeCallers(
  callers: readonly AffectedCaller[],
): AffectedCaller[] {
  const merged = new Map<string, AffectedCaller>();
  for (const caller of callers) {
    const key =
      caller.entityRef ?? `${caller.namespace ?? ''}/${caller.workload ?? ''}`;
    const known = merged.get(key);
    merged.set(key, {
      ...caller,
      ...mergedAccess(known, caller),
      requestsPerSecond:
        caller.requestsPerSecond + (known?.requestsPerSecond ?? 0),
      movedBefore: caller.movedBefore + (known?.movedBefore ?? 0),
      movedAfter: caller.movedAfter + (known?.movedAfter ?? 0),
    });
  }
  return [...merged.values()].sort(
    (a, b) => b.requestsPerSecond - a.requestsPerSecond,
  );
}

/** Of several versions the one that is refused counts: the others do not make up for it. */
function mergedAccess(
  known: AffectedCaller | undefined,
  caller: AffectedCaller,
): Pick<AffectedCaller, 'access'> {
  const access =
    known?.access && (losesAccess(known) || !losesAccess(caller))
      ? known.access
      : caller.access;
  return access ? { access } : {};
}
