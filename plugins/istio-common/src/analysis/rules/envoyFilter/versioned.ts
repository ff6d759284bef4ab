import { perLists } from '../../../mesh/route/perLists';
import type { KubeObject } from '../../../resources/types';
import type { MeshSnapshot } from '../../../snapshot/types';
import { readPatches, type EnvoyPatch } from './patches';

interface VersionedPatch {
  object: KubeObject;
  path: string;
}

const build = perLists(lists => {
  const byFilter = new Map<string, VersionedPatch[]>();
  for (const object of lists[0] as readonly KubeObject[]) {
    for (const { filter, path, proxyVersion } of readPatches(object)) {
      if (filter && proxyVersion) {
        byFilter.set(filter, [
          ...(byFilter.get(filter) ?? []),
          { object, path },
        ]);
      }
    }
  }
  return byFilter;
});

/** Another patch of the same filter that is for some versions of the proxy only. */
export function findVersioned(
  snapshot: MeshSnapshot,
  object: KubeObject,
  { filter, path }: EnvoyPatch,
): KubeObject | undefined {
  const all = build([snapshot.list('EnvoyFilter')]).get(filter) ?? [];
  return all.find(other => other.object !== object || other.path !== path)
    ?.object;
}
