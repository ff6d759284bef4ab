import {
  fieldsListOf,
  fieldsOf,
  numberOf,
  textOf,
  type Fields,
} from '../../../resources/fields';
import type { KubeObject } from '../../../resources/types';

/** One entry of `spec.configPatches`. */
export interface EnvoyPatch {
  /** `spec.configPatches[0]` */
  path: string;
  applyTo: string;
  operation: string;
  /** Name of the filter it adds or changes; empty: none is named. */
  filter: string;
  /** Set when it is for proxies of some versions only. */
  proxyVersion?: string;
}

/** The patches of an EnvoyFilter; what has no `patch` does nothing. */
export function readPatches(object: KubeObject): EnvoyPatch[] {
  return fieldsListOf(fieldsOf(object.spec).configPatches).map(
    (entry, index) => {
      const patch = fieldsOf(entry.patch);
      const match = fieldsOf(entry.match);
      const read: EnvoyPatch = {
        path: `spec.configPatches[${index}]`,
        applyTo: textOf(entry.applyTo) ?? '',
        operation: textOf(patch.operation) ?? '',
        filter: readFilter(patch, match),
      };
      const proxyVersion = textOf(fieldsOf(match.proxy).proxyVersion);
      return proxyVersion ? { ...read, proxyVersion } : read;
    },
  );
}

function readFilter(patch: Fields, match: Fields): string {
  const { filterChain } = fieldsOf(match.listener);
  const matched = fieldsOf(fieldsOf(filterChain).filter);
  return (
    textOf(fieldsOf(patch.value).name) ??
    textOf(fieldsOf(matched.subFilter).name) ??
    textOf(matched.name) ??
    ''
  );
}

/** Operations whose outcome depends on what other EnvoyFilters did before. */
export function isRelative({ operation, applyTo }: EnvoyPatch): boolean {
  switch (operation) {
    case 'INSERT_BEFORE':
    case 'INSERT_AFTER':
      return true;
    case 'REMOVE':
      return applyTo !== 'ROUTE_CONFIGURATION' && applyTo !== 'HTTP_ROUTE';
    case 'REPLACE':
      return ['NETWORK_FILTER', 'HTTP_FILTER', 'VIRTUAL_HOST'].includes(
        applyTo,
      );
    default:
      return false;
  }
}

/** Order among EnvoyFilters; 0 unless set. */
export function priorityOf(object: KubeObject): number {
  return numberOf(fieldsOf(object.spec).priority) ?? 0;
}
