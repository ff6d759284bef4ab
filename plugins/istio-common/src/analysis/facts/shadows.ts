import { memoizeByIdentity } from '../../resources/memoize';
import { namespacedName } from '../../resources/objectKey';
import type { KubeObject } from '../../resources/types';
import { readVirtualService } from '../../resources/virtualService';
import { indexLists } from '../../mesh/route/indexLists';
import { expandVirtualService } from '../../mesh/traffic/expandVirtualService';
import type { RuleEntry } from '../../mesh/traffic/ruleEntry';
import type { KeyedLists } from '../../snapshot/KeyedLists';
import type { MeshSnapshot } from '../../snapshot/types';

const own = memoizeByIdentity(
  (_object: KubeObject) => new Map<string, readonly RuleEntry[]>(),
);

/**
 * A VirtualService's own rules as Istio evaluates them, without those of its delegates: they depend on the
 * object alone.
 */
export function ownRules(
  snapshot: MeshSnapshot,
  object: KubeObject,
): readonly RuleEntry[] {
  const byDomain = own(object);
  const known = byDomain.get(snapshot.domain);
  if (known) return known;
  const entries = expandVirtualService(snapshot, object).filter(
    entry => entry.object === object,
  );
  byDomain.set(snapshot.domain, entries);
  return entries;
}

/** Whether another VirtualService's rules stand in the place of one of its own. */
export function delegates(object: KubeObject): boolean {
  return readVirtualService(object).rules.some(({ delegate }) => delegate);
}

const byDelegate = indexLists<KubeObject>({
  entriesFor: () => (object, put) => {
    for (const { delegate } of readVirtualService(object).rules) {
      if (!delegate) continue;
      const { namespace = object.metadata.namespace, name } = delegate;
      put(namespacedName({ namespace, name }), object);
    }
  },
});

/** VirtualServices by the `namespace/name` of what they delegate to. */
export function namedDelegates(snapshot: MeshSnapshot): KeyedLists<KubeObject> {
  return byDelegate([snapshot.list('VirtualService')]);
}
