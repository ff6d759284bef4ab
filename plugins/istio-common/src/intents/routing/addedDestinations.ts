import { fieldsOf, type Fields } from '../../resources/fields';
import { serviceHost } from '../../resources/host';
import type { KubeObject } from '../../resources/types';
import type { CompileProblem } from '../types';
import type { ServicePlace } from './destinationRules';
import type { ServiceVersion } from './findVersions';
import { planSubsets } from './planSubsets';
import type { RouteRule } from './routeRule';

/** Destinations for versions that a rule of a VirtualService does not name yet, and the subsets they need. */
export function planDestinations(options: {
  rule: RouteRule;
  place: ServicePlace;
  /** Of the versions, in order. */
  keys: readonly string[];
  versions: ServiceVersion[];
  /** Parameter that asks for them. */
  field: string;
}):
  | { entries: Fields[]; destinationRules: KubeObject[] }
  | { problem: CompileProblem } {
  const { rule, place, keys, versions, field } = options;
  if (keys.length === 0) {
    return { entries: [], destinationRules: [] };
  }
  const sibling = findSibling(rule, place);
  if (!sibling) {
    return {
      problem: {
        field,
        message: `the rule sends nothing to ${
          place.service.name
        } yet, so there is no destination to model ${
          keys[0]
        } on; allowed: ${rule.destinations.map(({ key }) => key).join(', ')}`,
      },
    };
  }
  const subsets = planSubsets(
    place,
    versions.filter(({ key }) => keys.includes(key)),
  );
  return 'problem' in subsets
    ? subsets
    : {
        destinationRules: subsets.desired ? [subsets.desired] : [],
        entries: keys.map(key => ({
          destination: copyDestination(sibling, key),
        })),
      };
}

/** The `destination` that a new one copies: one of the Service itself. */
function findSibling(
  rule: RouteRule,
  { snapshot, service }: ServicePlace,
): Record<string, unknown> | undefined {
  const host = serviceHost(service, snapshot.domain);
  const at = rule.destinations.findIndex(each => each.host === host);
  return at < 0 ? undefined : { ...fieldsOf(rule.entries[at].destination) };
}

/** Host and port of the sibling, the key as subset, in the usual order of fields. */
function copyDestination(
  sibling: Record<string, unknown>,
  subset: string,
): Record<string, unknown> {
  const { host, subset: _, ...rest } = sibling;
  return { host, subset, ...rest };
}
