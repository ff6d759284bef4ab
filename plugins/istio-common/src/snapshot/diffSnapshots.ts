import { KIND_NAMES } from '../resources/kinds';
import { objectKey } from '../resources/objectKey';
import type { KubeObject } from '../resources/types';
import type { MeshSnapshot } from './types';

/** One object before and after; one of them is absent for a creation or a removal. */
export interface ObjectChange {
  before?: KubeObject;
  after?: KubeObject;
}

/**
 * The objects that differ between two snapshots of one cluster, by identity: a kind whose list is the
 * same is not looked at.
 */
export function diffSnapshots(
  before: MeshSnapshot,
  after: MeshSnapshot,
): ObjectChange[] {
  return KIND_NAMES.flatMap(kind => {
    const old = before.list(kind);
    const now = after.list(kind);
    if (old === now) return [];
    const gone = new Map(old.map(object => [objectKey(object), object]));
    const changes: ObjectChange[] = [];
    for (const object of now) {
      const key = objectKey(object);
      const known = gone.get(key);
      gone.delete(key);
      if (known !== object) {
        changes.push(
          known ? { before: known, after: object } : { after: object },
        );
      }
    }
    for (const object of gone.values()) changes.push({ before: object });
    return changes;
  });
}
