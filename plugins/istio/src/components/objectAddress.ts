import type { ObjectRef } from '@istio-backstage/plugin-istio-common';

/** An object that a URL names, and the field of it that is to be marked. */
export interface ObjectAddress {
  object: ObjectRef;
  /** Empty: none. */
  fieldPath: string;
}

const OBJECT = 'object';
const FIELD = 'field';
const SEPARATOR = ',';

/**
 * The search of a URL that opens an object beside what is shown already. Names of Kubernetes hold no
 * comma; that of a cluster may, so it stands last.
 */
export function withObject(
  search: string,
  { object, fieldPath }: ObjectAddress,
): string {
  const { kind, apiVersion, namespace = '', name, cluster } = object;
  const params = new URLSearchParams(search);
  params.set(
    OBJECT,
    [kind, apiVersion, namespace, name, cluster].join(SEPARATOR),
  );
  if (fieldPath) params.set(FIELD, fieldPath);
  else params.delete(FIELD);
  return `?${params}`;
}

/** The same search with no object open. */
export function withoutObject(search: string): string {
  const params = new URLSearchParams(search);
  params.delete(OBJECT);
  params.delete(FIELD);
  const text = params.toString();
  return text ? `?${text}` : '';
}

/** The object that a URL opens; one that is not complete opens nothing. */
export function readObject(search: string): ObjectAddress | undefined {
  const params = new URLSearchParams(search);
  const [kind, apiVersion, namespace, name, ...rest] = (
    params.get(OBJECT) ?? ''
  ).split(SEPARATOR);
  const cluster = rest.join(SEPARATOR);
  if (!kind || !apiVersion || !name || !cluster) return undefined;
  return {
    object: {
      cluster,
      apiVersion,
      kind,
      ...(namespace && { namespace }),
      name,
    },
    fieldPath: params.get(FIELD) ?? '',
  };
}
