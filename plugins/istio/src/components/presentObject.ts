import type { ObjectRef } from '@istio-backstage/plugin-istio-common';

/** `namespace/name`, or the name of an object without namespace. */
export function presentObjectName(
  object: Pick<ObjectRef, 'namespace' | 'name'>,
): string {
  return object.namespace ? `${object.namespace}/${object.name}` : object.name;
}

/** The command that prints the object; the group is named, as kinds such as Gateway exist twice. */
export function presentObjectCommand(object: ObjectRef): string {
  const slash = object.apiVersion.indexOf('/');
  const group = slash < 0 ? '' : `.${object.apiVersion.slice(0, slash)}`;
  const namespace = object.namespace ? ` -n ${object.namespace}` : '';
  return `kubectl get ${object.kind.toLowerCase()}${group} ${
    object.name
  }${namespace} -o yaml`;
}
