import {
  KINDS,
  kindNameOf,
  type KindInfo,
  type ObjectRef,
} from '@istio-backstage/plugin-istio-common';

/** Groups the product may ever write to; everything else is refused before a request is made. */
const WRITABLE_GROUPS = new Set([
  'networking.istio.io',
  'security.istio.io',
  'gateway.networking.k8s.io',
]);

/** Throws for kinds the product does not know. */
export function resourceOf(
  object: Pick<ObjectRef, 'apiVersion' | 'kind'>,
): KindInfo {
  const kind = kindNameOf(object);
  if (!kind) {
    throw new Error(
      `The portal does not know the kind ${object.kind} (${object.apiVersion})`,
    );
  }
  return KINDS[kind];
}

/** Whether the product may write objects of this kind at all. */
export function isWritable(
  object: Pick<ObjectRef, 'apiVersion' | 'kind'>,
): boolean {
  const kind = kindNameOf(object);
  return kind !== undefined && WRITABLE_GROUPS.has(KINDS[kind].group);
}

export function collectionPathOf(object: ObjectRef): string {
  const { group, plural } = resourceOf(object);
  const root = group
    ? `/apis/${object.apiVersion}`
    : `/api/${object.apiVersion}`;
  return object.namespace
    ? `${root}/namespaces/${encodeURIComponent(object.namespace)}/${plural}`
    : `${root}/${plural}`;
}

export function objectPathOf(object: ObjectRef): string {
  return `${collectionPathOf(object)}/${encodeURIComponent(object.name)}`;
}

/** `VirtualService catalog/reviews`. */
export function describeObject(
  object: Pick<ObjectRef, 'kind' | 'namespace' | 'name'>,
): string {
  const name = object.namespace
    ? `${object.namespace}/${object.name}`
    : object.name;
  return `${object.kind} ${name}`;
}
