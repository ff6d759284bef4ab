import type { KubeObject, ObjectRef } from '../resources/types';
import type { MeshSnapshot } from '../snapshot/types';
import {
  planDelete,
  planWrite,
  sealPlan,
  type UnplacedOperation,
} from './planOperation';
import type { Plan } from './types';

/** What one cluster shall hold; objects not named stay as they are. */
export interface CompiledChange {
  snapshot: MeshSnapshot;
  desired: KubeObject[];
  removed: ObjectRef[];
}

/**
 * The operations that bring each cluster to its desired objects, cluster after cluster in the given
 * order. Inside a cluster a subset comes before the route that uses it and goes after the route left
 * it. What is already so gives no operation.
 *
 * Throws only when an object to be edited has no uid or resourceVersion (it is not from a cluster).
 */
export function planChange(options: { compiled: CompiledChange[] }): Plan {
  return sealPlan(
    options.compiled.flatMap(({ snapshot, desired, removed }) =>
      [
        ...desired.map(object => planWrite(snapshot, object)),
        ...removed.map(object => planDelete(snapshot, object)),
      ]
        .filter(operation => operation !== undefined)
        .sort((left, right) => rankOf(left) - rankOf(right)),
    ),
  );
}

function rankOf(operation: UnplacedOperation): number {
  const providesDestinations = operation.object.kind === 'DestinationRule';
  if (operation.action === 'delete') {
    return providesDestinations ? 4 : 3;
  }
  if (!providesDestinations) {
    return 1;
  }
  const before = subsetNames(operation.before);
  const after = subsetNames(operation.after);
  const onlyRemoves =
    before.some(name => !after.includes(name)) &&
    after.every(name => before.includes(name));
  return onlyRemoves ? 2 : 0;
}

function subsetNames(rule: Record<string, unknown> | undefined): string[] {
  const spec = rule?.spec as { subsets?: { name?: string }[] } | undefined;
  return (spec?.subsets ?? []).map(subset => subset.name ?? '');
}
