import { isFields, listOf, type Fields } from '../../resources/fields';
import type { KubeObject } from '../../resources/types';
import { readCallerRules, type ReadRule } from './readRules';
import type { CallerRule } from './schema';

/**
 * The policy's rules with those of the form instead of the ones it can say. What is so already stays the
 * very same, at its place; one for the same requests is edited where it stands; new ones come last. Order
 * means nothing to Istio: any rule that matches counts.
 */
export function writeRules(
  policy: KubeObject | undefined,
  wanted: readonly CallerRule[],
): unknown[] {
  const present = policy ? readCallerRules(policy) : [];
  const left = [...wanted];
  const take = (suits: (rule: CallerRule) => boolean) => {
    const at = left.findIndex(suits);
    return at < 0 ? undefined : left.splice(at, 1)[0];
  };
  const same = new Set(
    present.filter(
      ({ rule }) => rule && take(other => keyOf(other) === keyOf(rule)),
    ),
  );
  const written = new Map<Fields, unknown>(
    present.flatMap(each => {
      const { fields, rule } = each;
      if (!rule || same.has(each)) {
        return [[fields, fields]];
      }
      const next = take(other => requestKeyOf(other) === requestKeyOf(rule));
      return next ? [[fields, editCallers(each, next)]] : [];
    }),
  );
  return [
    ...listOf(policy?.spec?.rules).flatMap(entry =>
      isFields(entry) && written.has(entry) ? [written.get(entry)] : [],
    ),
    ...left.map(toRule),
  ];
}

/** Those that are there with more callers: for the same requests they join a rule, else they are one of their own. */
export function addRules(
  present: readonly CallerRule[],
  more: readonly CallerRule[],
): CallerRule[] {
  return more.reduce<CallerRule[]>(
    (rules, rule) => {
      const at = rules.findIndex(
        each => requestKeyOf(each) === requestKeyOf(rule),
      );
      return at < 0
        ? [...rules, rule]
        : rules.map((each, index) =>
            index === at
              ? {
                  ...each,
                  ...union('principals', each, rule),
                  ...union('namespaces', each, rule),
                }
              : each,
          );
    },
    [...present],
  );
}

function union(
  list: 'principals' | 'namespaces',
  ...rules: CallerRule[]
): Partial<CallerRule> {
  const values = [...new Set(rules.flatMap(rule => rule[list] ?? []))];
  return values.length > 0 ? { [list]: values } : {};
}

/** A rule of the policy as Istio writes it. */
function toRule(rule: CallerRule): Fields {
  const { ports, methods, paths } = rule;
  const operation = {
    ...(ports && { ports: ports.map(String) }),
    ...(methods && { methods }),
    ...(paths && { paths }),
  };
  return {
    from: sourcesOf(rule),
    ...(Object.keys(operation).length > 0 && { to: [{ operation }] }),
  };
}

function editCallers({ fields }: ReadRule, next: CallerRule): Fields {
  return { ...fields, from: sourcesOf(next) };
}

function sourcesOf({ principals, namespaces }: CallerRule): Fields[] {
  return [
    ...(principals ? [{ source: { principals } }] : []),
    ...(namespaces ? [{ source: { namespaces } }] : []),
  ];
}

/** The same for rules that mean the same: lists in any order. */
export function keyOf(rule: CallerRule): string {
  const { principals, namespaces } = rule;
  return JSON.stringify([
    sorted(principals),
    sorted(namespaces),
    requestKeyOf(rule),
  ]);
}

function requestKeyOf({ ports, methods, paths }: CallerRule): string {
  return JSON.stringify([ports, methods, paths].map(sorted));
}

function sorted(list: readonly (string | number)[] = []): string[] {
  return list.map(String).sort();
}
