import { EntityMatch } from '../../entity/types';
import { timeOf } from '../../resources/fields';
import { KubeObject } from '../../resources/types';
import { MeshSnapshot } from '../../snapshot/types';
import { resolveRoutes } from './resolveRoutes';
import { resolveVersions } from './resolveVersions';

/**
 * Epoch milliseconds of the newest change of the objects that route this component or define its versions:
 * what was observed before went by other rules. Writes to the status do not count. Undefined where no
 * object routes it.
 */
export function routeChangedAt(options: {
  match: EntityMatch;
  snapshots: readonly MeshSnapshot[];
}): number | undefined {
  const { match, snapshots } = options;
  return newestChange(
    snapshots.flatMap(snapshot => [
      ...resolveRoutes(snapshot, match).objects,
      ...resolveVersions(snapshot, match).objects,
    ]),
  );
}

/** Epoch milliseconds of the newest change of any of the objects. */
export function newestChange(
  objects: readonly KubeObject[],
): number | undefined {
  const times = objects.flatMap(object => changedAt(object) ?? []);
  return times.length > 0 ? Math.max(...times) : undefined;
}

/** Newest time in `managedFields` outside the status, else the creation; its precision is one second. */
export function changedAt(object: KubeObject): number | undefined {
  const times = (object.metadata.managedFields ?? [])
    .filter(entry => entry.subresource !== 'status')
    .flatMap(entry => timeOf(entry.time) ?? []);
  return times.length > 0
    ? Math.max(...times)
    : timeOf(object.metadata.creationTimestamp);
}
