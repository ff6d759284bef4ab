import { readDestinationRule } from '../../resources/destinationRule';
import { listOf } from '../../resources/fields';
import type { KubeObject } from '../../resources/types';
import {
  createDestinationRule,
  rulesForService,
  type ServicePlace,
} from './destinationRules';
import type { CompileProblem } from '../types';
import type { ServiceVersion } from './findVersions';

/** Names of the subsets that callers of the Service may use, as DestinationRules define them. */
export function definedSubsets(target: ServicePlace): string[] {
  return [
    ...new Set(
      rulesForService(target).flatMap(rule =>
        readDestinationRule(rule).subsets.map(({ name }) => name),
      ),
    ),
  ];
}

/**
 * The DestinationRule with the missing subsets: the oldest one of the host gets them added, and one
 * is created where the host has none. Undefined when no subset is missing.
 */
export function planSubsets(
  target: ServicePlace,
  versions: ServiceVersion[],
): { desired?: KubeObject } | { problem: CompileProblem } {
  const defined = definedSubsets(target);
  const missing = versions.filter(({ key }) => !defined.includes(key));
  if (missing.length === 0) {
    return {};
  }
  const subsets = missing.map(({ key, selector }) => ({
    name: key,
    labels: selector,
  }));
  const [oldest] = rulesForService(target);
  if (oldest) {
    return {
      desired: {
        ...oldest,
        spec: {
          ...oldest.spec,
          subsets: [...listOf(oldest.spec?.subsets), ...subsets],
        },
      },
    };
  }
  return createDestinationRule(target, {
    spec: { subsets },
    what: `the subsets ${subsets.map(({ name }) => name).join(', ')}`,
  });
}
