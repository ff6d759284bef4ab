import { kindNameOf } from '../resources/kinds';
import type { KubeObject, ObjectRef } from '../resources/types';
import type { MeshSnapshot } from '../snapshot/types';
import { buildJsonPatch, type PatchEdit } from './buildJsonPatch';
import { diffObjects } from './diffObjects';
import { findFieldManagers } from './findFieldManagers';
import { hashJson, hashObject } from './hashObject';
import {
  BOOKKEEPING_ANNOTATIONS,
  dropServerFields,
  stripServerFields,
} from './stripServerFields';
import type { JsonPatchOperation, Plan, PlanOperation } from './types';

/** A plan's operation before it has its place. */
export type UnplacedOperation = Omit<PlanOperation, 'index'>;

/** Finds the object of a reference, or of a desired object, in the snapshot. */
export function findObject(
  snapshot: MeshSnapshot,
  named: Pick<ObjectRef, 'apiVersion' | 'kind' | 'namespace' | 'name'>,
): KubeObject | undefined {
  const kind = kindNameOf(named);
  return kind && snapshot.get(kind, named.namespace, named.name);
}

/** Creates the object, or edits what is there; undefined when nothing would change. */
export function planWrite(
  snapshot: MeshSnapshot,
  desired: KubeObject,
): UnplacedOperation | undefined {
  const object = referTo(snapshot, desired);
  const base = findObject(snapshot, object);
  if (!base) {
    const body = stripServerFields(desired);
    return {
      action: 'create',
      object,
      body,
      after: body,
      diff: diffObjects(undefined, desired),
      fieldManagers: [],
    };
  }
  const edits = buildJsonPatch(
    dropServerFields(base),
    keepBookkeeping(base, dropServerFields(desired)),
  );
  if (edits.length === 0) {
    return undefined;
  }
  return {
    action: 'patch',
    object: { ...object, apiVersion: base.apiVersion },
    base: describeBase(base),
    patch: [...guardPatch(base, edits), ...edits.map(toOperation)],
    before: stripServerFields(base),
    after: stripServerFields(desired),
    diff: diffObjects(base, desired),
    fieldManagers: findFieldManagers(
      base,
      edits.map(edit => edit.path),
    ),
  };
}

/** Deletes the object; undefined when it is not there. */
export function planDelete(
  snapshot: MeshSnapshot,
  object: ObjectRef,
): UnplacedOperation | undefined {
  const base = findObject(snapshot, object);
  return (
    base && {
      action: 'delete',
      object: referTo(snapshot, base),
      base: describeBase(base),
      before: stripServerFields(base),
      diff: diffObjects(base, undefined),
      fieldManagers: findFieldManagers(base, ['/spec']),
    }
  );
}

/** Numbers the operations and hashes what will be sent. */
export function sealPlan(operations: UnplacedOperation[]): Plan {
  return {
    hash: hashJson(
      operations.map(({ object, action, base, body, patch }) => ({
        object,
        action,
        base,
        body,
        patch,
      })),
    ),
    operations: operations.map((operation, index) => ({ index, ...operation })),
  };
}

function referTo(snapshot: MeshSnapshot, object: KubeObject): ObjectRef {
  const { namespace, name } = object.metadata;
  return {
    cluster: snapshot.cluster,
    apiVersion: object.apiVersion,
    kind: object.kind,
    ...(namespace !== undefined && { namespace }),
    name,
  };
}

function describeBase(base: KubeObject) {
  const { uid, resourceVersion, generation, name } = base.metadata;
  if (!uid || !resourceVersion) {
    // Without them the write could not be guarded against a change in between.
    throw new Error(
      `${base.kind} ${name} has no uid or resourceVersion: it did not come from an API server and cannot be edited`,
    );
  }
  return {
    uid,
    resourceVersion,
    ...(generation !== undefined && { generation }),
    hash: hashObject(base),
  };
}

/** `test` operations: same object, same version, same old values. */
function guardPatch(
  base: KubeObject,
  edits: PatchEdit[],
): JsonPatchOperation[] {
  const { uid, resourceVersion } = describeBase(base);
  return [
    { op: 'test', path: '/metadata/uid', value: uid },
    { op: 'test', path: '/metadata/resourceVersion', value: resourceVersion },
    ...edits.flatMap(edit =>
      edit.op === 'add'
        ? []
        : [{ op: 'test' as const, path: edit.path, value: edit.old }],
    ),
  ];
}

function toOperation(edit: PatchEdit): JsonPatchOperation {
  return edit.op === 'remove'
    ? { op: edit.op, path: edit.path }
    : { op: edit.op, path: edit.path, value: edit.value };
}

/**
 * Bookkeeping annotations and empty maps of the base stay in the desired object, so that the patch
 * neither removes nor tests more than a person's own fields.
 */
function keepBookkeeping(base: KubeObject, desired: KubeObject): KubeObject {
  const metadata = { ...desired.metadata };
  if (isEmptyMap(base.metadata.labels) && !metadata.labels) {
    metadata.labels = base.metadata.labels;
  }
  const kept = Object.entries(base.metadata.annotations ?? {}).filter(([key]) =>
    (BOOKKEEPING_ANNOTATIONS as readonly string[]).includes(key),
  );
  if (kept.length > 0) {
    metadata.annotations = {
      ...metadata.annotations,
      ...Object.fromEntries(kept),
    };
  } else if (isEmptyMap(base.metadata.annotations) && !metadata.annotations) {
    metadata.annotations = base.metadata.annotations;
  }
  return { ...desired, metadata };
}

function isEmptyMap(map: Record<string, string> | undefined): boolean {
  return map !== undefined && Object.keys(map).length === 0;
}
