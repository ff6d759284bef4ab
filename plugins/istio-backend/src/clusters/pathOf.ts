import { KINDS, KindName } from '@istio-backstage/plugin-istio-common';

/** Path of all objects of a kind, over all namespaces. */
export function pathOf(kind: KindName): string {
  const { group, version, plural } = KINDS[kind];
  return group
    ? `/apis/${group}/${version}/${plural}`
    : `/api/${version}/${plural}`;
}
