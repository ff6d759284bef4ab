import { timeOf } from './fields';
import {
  apiGroupOf,
  KINDS,
  kindNameOf,
  kubernetesKindOf,
  KindName,
} from './kinds';
import { memoizeByIdentity } from './memoize';
import { KubeObject, ObjectRef } from './types';

/** `catalog/reviews`, or the bare name of an object without namespace. */
export function namespacedName(object: {
  namespace?: string;
  name: string;
}): string {
  return object.namespace ? `${object.namespace}/${object.name}` : object.name;
}

/** `VirtualService catalog/reviews`, as a person reads it. */
export function describeObject(object: KubeObject | ObjectRef): string {
  return `${object.kind} ${namespacedName(
    'metadata' in object ? (object.metadata as ObjectRef) : object,
  )}`;
}

/** Unique within one cluster: `<group>/<kind>/<namespace>/<name>`; versions of one group are the same object. */
export function objectKey(object: KubeObject | ObjectRef): string {
  const { apiVersion, kind } = object;
  const { namespace, name } = (
    'metadata' in object ? object.metadata : object
  ) as { namespace?: string; name: string };
  return `${apiGroupOf(apiVersion)}/${kind}/${namespace ?? ''}/${name}`;
}

/** A reference that carries the object's own apiVersion, else the one of the table of kinds. */
export function refTo(cluster: string, object: KubeObject): ObjectRef {
  const ref: ObjectRef = {
    cluster,
    apiVersion: object.apiVersion,
    kind: object.kind,
    name: object.metadata.name,
  };
  if (object.metadata.namespace !== undefined) {
    ref.namespace = object.metadata.namespace;
  }
  return ref;
}

/** Fills in apiVersion and kind, which items of a Kubernetes list answer lack. */
export function withKindFields(kind: KindName, object: KubeObject): KubeObject {
  if (object.apiVersion && object.kind) {
    return object;
  }
  const { group, version } = KINDS[kind];
  return {
    ...object,
    apiVersion: group ? `${group}/${version}` : version,
    kind: kubernetesKindOf(kind),
  };
}

/** Whether the object is of that kind of the table. */
export function isKind(object: KubeObject, kind: KindName): boolean {
  return kindNameOf(object) === kind;
}

/** Lists are sorted by it again and again, and times are slow to read. */
const createdAt = memoizeByIdentity(
  ({ metadata }: KubeObject) => timeOf(metadata.creationTimestamp) ?? Infinity,
);

/**
 * Istio's order of configuration: creation time, then name, then namespace. Objects that do not exist
 * yet (no creationTimestamp) come last, as they will once they are created.
 *
 * Source: istio/istio pilot/pkg/model sortConfigByCreationTime.
 */
export function compareByAge(a: KubeObject, b: KubeObject): number {
  const timeA = createdAt(a);
  const timeB = createdAt(b);
  if (timeA !== timeB) {
    return timeA < timeB ? -1 : 1;
  }
  return (
    compareText(a.metadata.name, b.metadata.name) ||
    compareText(a.metadata.namespace ?? '', b.metadata.namespace ?? '')
  );
}

/** Byte order, as Go compares; a locale would sort differently from Istio. */
export function compareText(a: string, b: string): number {
  if (a === b) {
    return 0;
  }
  return a < b ? -1 : 1;
}
