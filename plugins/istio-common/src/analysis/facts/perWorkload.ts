import { perLists } from '../../mesh/route/perLists';
import type { KindName } from '../../resources/kinds';
import { memoizeByIdentity } from '../../resources/memoize';
import { ByWorkload } from '../../snapshot/ByWorkload';
import type { MeshSnapshot, WorkloadKey } from '../../snapshot/types';

/**
 * Remembers what was found out about a workload: many rules ask it of the same ones. It must depend on nothing but
 * the objects of these kinds in the workload's namespace, all Namespaces, and what of the kinds could be read; as
 * long as those stay the same it outlives the snapshot.
 */
export function perWorkload<R extends object | string>(
  inputs: readonly KindName[],
  read: (snapshot: MeshSnapshot, workload: WorkloadKey) => R,
): (snapshot: MeshSnapshot, workload: WorkloadKey) => R {
  const known = perLists(() => new ByWorkload<R>());
  const knownIn = memoizeByIdentity((snapshot: MeshSnapshot) => {
    const states = inputs.map(kind => snapshot.freshness[kind].state).join();
    const namespaces = new Map<string, ByWorkload<R>>();
    return (namespace: string): ByWorkload<R> => {
      const hit = namespaces.get(namespace);
      if (hit) return hit;
      const lists = inputs.map(kind => snapshot.inNamespace(kind, namespace));
      const all = snapshot.list('Namespace');
      const entries = known([...lists, all], states);
      namespaces.set(namespace, entries);
      return entries;
    };
  });
  return (snapshot, workload) => {
    const entries = knownIn(snapshot)(workload.namespace);
    const hit = entries.get(workload);
    if (hit !== undefined) return hit;
    const result = read(snapshot, workload);
    entries.set(workload, result);
    return result;
  };
}
