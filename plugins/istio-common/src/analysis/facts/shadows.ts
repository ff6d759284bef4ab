import { namespacedName } from '../../resources/objectKey';
import type { KubeObject } from '../../resources/types';
import { readVirtualService } from '../../resources/virtualService';
import { perLists } from '../../mesh/route/perLists';
import { expandVirtualService } from '../../mesh/traffic/expandVirtualService';
import type { RuleEntry } from '../../mesh/traffic/ruleEntry';
import type { MeshSnapshot } from '../../snapshot/types';

const NONE: ReadonlySet<string> = new Set();

const own = new WeakMap<KubeObject, Map<string, readonly RuleEntry[]>>();

/**
 * A VirtualService's own rules as Istio evaluates them, without those of its delegates: they depend on the
 * object alone.
 */
export function ownRules(
  snapshot: MeshSnapshot,
  object: KubeObject,
): readonly RuleEntry[] {
  const byDomain = own.get(object) ?? new Map<string, readonly RuleEntry[]>();
  own.set(object, byDomain);
  const entries =
    byDomain.get(snapshot.domain) ??
    expandVirtualService(snapshot, object).filter(
      entry => entry.object === object,
    );
  byDomain.set(snapshot.domain, entries);
  return entries;
}

/** Whether another VirtualService's rules stand in the place of one of its own. */
export function delegates(object: KubeObject): boolean {
  return readVirtualService(object).rules.some(({ delegate }) => delegate);
}

const delegatesOf = perLists(lists => {
  const names = new Set<string>();
  for (const object of lists[0] as readonly KubeObject[]) {
    for (const { delegate } of readVirtualService(object).rules) {
      if (delegate) {
        const { namespace = object.metadata.namespace, name } = delegate;
        names.add(namespacedName({ namespace, name }));
      }
    }
  }
  return names.size > 0 ? names : NONE;
});

/** `namespace/name` of everything that a VirtualService delegates to. */
export function namedDelegates(snapshot: MeshSnapshot): ReadonlySet<string> {
  return delegatesOf([snapshot.list('VirtualService')]);
}
