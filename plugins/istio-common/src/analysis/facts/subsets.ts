import { readDestinationRule } from '../../resources/destinationRule';
import { hostSpecificity } from '../../resources/host';
import type { KubeObject } from '../../resources/types';
import { destinationRules } from '../../mesh/traffic/routingIndex';
import type { MeshSnapshot } from '../../snapshot/types';

/** Every DestinationRule whose host covers this one, whoever sees it. */
export function rulesForHost(
  snapshot: MeshSnapshot,
  host: string,
): readonly KubeObject[] {
  const index = destinationRules(snapshot);
  const wide = index.wildcards
    .filter(({ pattern }) => hostSpecificity(pattern, host) !== undefined)
    .map(({ object }) => object);
  return wide.length === 0
    ? index.exact(host)
    : [...index.exact(host), ...wide];
}

/** Those of them that define the subset. */
export function rulesWithSubset(
  snapshot: MeshSnapshot,
  of: { host: string; subset: string },
): KubeObject[] {
  return rulesForHost(snapshot, of.host).filter(object =>
    readDestinationRule(object).subsets.some(({ name }) => name === of.subset),
  );
}
