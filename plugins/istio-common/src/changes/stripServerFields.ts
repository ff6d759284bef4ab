import type { KubeObject, ObjectMeta } from '../resources/types';

/**
 * Annotations by which the product finds its own writes again, and the copy of the object that
 * `kubectl apply` keeps. They say nothing about the mesh, so comparing, hashing and reverting leave them out.
 */
export const BOOKKEEPING_ANNOTATIONS = [
  'istio-portal.dev/change-id',
  'istio-portal.dev/changed-by',
  'istio-portal.dev/pending-delete',
  'kubectl.kubernetes.io/last-applied-configuration',
] as const;

const SERVER_OWNED: readonly (keyof ObjectMeta | string)[] = [
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
  'selfLink',
];

/**
 * The object without what the API server writes (`status` and identity, version and time metadata).
 * Order of keys and unknown fields stay. The result shares parts with the argument.
 */
export function dropServerFields(object: KubeObject): KubeObject {
  const { status: _, ...rest } = object;
  const metadata = Object.fromEntries(
    Object.entries(object.metadata).filter(
      ([field]) => !SERVER_OWNED.includes(field),
    ),
  ) as unknown as ObjectMeta;
  return { ...rest, metadata };
}

/**
 * What a person or a controller wrote: `dropServerFields` without bookkeeping
 * annotations, and without empty label and annotation maps, which the API server does not keep apart
 * from absent ones.
 */
export function stripServerFields(object: KubeObject): KubeObject {
  const dropped = dropServerFields(object);
  const { labels, annotations, ...metadata } = dropped.metadata;
  const ownAnnotations = Object.entries(annotations ?? {}).filter(
    ([key]) => !(BOOKKEEPING_ANNOTATIONS as readonly string[]).includes(key),
  );
  return {
    ...dropped,
    metadata: {
      ...metadata,
      ...(labels && Object.keys(labels).length > 0 && { labels }),
      ...(ownAnnotations.length > 0 && {
        annotations: Object.fromEntries(ownAnnotations),
      }),
    },
  };
}
