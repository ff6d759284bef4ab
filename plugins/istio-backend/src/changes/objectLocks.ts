import {
  objectKey,
  type ObjectRef,
} from '@istio-backstage/plugin-istio-common';

/** Key of an object over all clusters, whatever API version names it. */
export function lockKeyOf(object: ObjectRef): string {
  return `${object.cluster}/${objectKey(object)}`;
}
