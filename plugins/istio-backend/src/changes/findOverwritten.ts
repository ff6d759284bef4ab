import {
  hashObject,
  kindNameOf,
  type KubeObject,
  type ObjectRef,
} from '@istio-backstage/plugin-istio-common';
import type { MeshReader } from '@istio-backstage/plugin-istio-node';
import { CHANGE_ID_ANNOTATION } from '../clusters/KubernetesMeshWriterAnnotations';
import type { StoredChange, StoredOperation } from './types';

type Snapshots = Pick<MeshReader, 'snapshot'>;

/** The cached object; undefined when it is not there or its kind is not current. */
export function findCached(
  object: ObjectRef,
  reader: Snapshots,
): { synced: boolean; object?: KubeObject } {
  const kind = kindNameOf(object);
  const snapshot = reader.snapshot(object.cluster);
  if (!kind || snapshot?.freshness[kind].state !== 'synced') {
    return { synced: false };
  }
  return {
    synced: true,
    object: snapshot.get(kind, object.namespace, object.name),
  };
}

/** An applied object of the change that another, later change of the portal wrote to. */
export function findOverwritten(
  change: StoredChange,
  reader: Snapshots,
): StoredOperation | undefined {
  return change.operations.find(operation => {
    const { outcome, action, object } = operation;
    if (outcome !== 'applied' || action === 'delete') {
      return false;
    }
    const live = findCached(object, reader).object;
    const writtenBy = live?.metadata.annotations?.[CHANGE_ID_ANNOTATION];
    // ULIDs sort by time: an older id is a cache that has not seen this change yet.
    return writtenBy !== undefined && writtenBy > change.id;
  });
}

/**
 * Like `findOverwritten`, but an object that later changes brought back to what this one made of it counts
 * as its own again: of several changes, the newest can be taken back first, and then the one before.
 */
export function findChangedSince(
  change: StoredChange,
  reader: Snapshots,
): StoredOperation | undefined {
  const overwritten = findOverwritten(change, reader);
  return change.operations.every(operation => isAsLeft(operation, reader))
    ? undefined
    : overwritten;
}

/** Whether the object is what the operation made of it, as far as the cache shows. */
export function isAsLeft(
  operation: StoredOperation,
  reader: Snapshots,
): boolean {
  const { outcome, object, result } = operation;
  if (outcome !== 'applied') {
    return true;
  }
  const live = findCached(object, reader).object;
  return (
    live !== undefined &&
    result !== undefined &&
    hashObject(live) === hashObject(result as unknown as KubeObject)
  );
}

/** Whether the watches show every applied object of the change, or something newer. */
export function isObserved(change: StoredChange, reader: Snapshots): boolean {
  const applied = change.operations.filter(
    ({ outcome }) => outcome === 'applied',
  );
  return applied.every(({ object, action, resourceVersion }) => {
    const cached = findCached(object, reader);
    if (!cached.synced) {
      return false;
    }
    const live = cached.object;
    if (action === 'delete') {
      return live === undefined;
    }
    const writtenBy = live?.metadata.annotations?.[CHANGE_ID_ANNOTATION] ?? '';
    return (
      live !== undefined &&
      (live.metadata.resourceVersion === resourceVersion ||
        writtenBy >= change.id)
    );
  });
}
