import {
  readAuthorizationPolicy,
  type AuthorizationRuleView,
} from '../../resources/authorizationPolicy';
import {
  fieldsListOf,
  fieldsOf,
  isFields,
  listOf,
  type Fields,
} from '../../resources/fields';
import type { KubeObject } from '../../resources/types';
import { callerRuleSchema, type CallerRule } from './schema';

/** A rule as it stands, and as the form says it; without `rule` the form cannot. */
export interface ReadRule extends AuthorizationRuleView {
  rule?: CallerRule;
}

/** Every rule of the policy, in its order. */
export function readCallerRules(policy: KubeObject): ReadRule[] {
  return readAuthorizationPolicy(policy).rules.map(view => {
    const rule = readRule(view.fields);
    return rule ? { ...view, rule } : view;
  });
}

/** Undefined where a field, or a value in it, is none that the form knows: it would be lost. */
function readRule(fields: Fields): CallerRule | undefined {
  const sources = readSources(fields.from);
  const operation = readOperation(fields.to);
  if (!hasOnly(fields, ['from', 'to']) || !sources || !operation) {
    return undefined;
  }
  const parsed = callerRuleSchema.safeParse({ ...sources, ...operation });
  return parsed.success ? parsed.data : undefined;
}

/** Each source by service accounts alone or namespaces alone: together in one they must both hold. */
function readSources(
  from: unknown,
): Pick<CallerRule, 'principals' | 'namespaces'> | undefined {
  const found: Record<string, unknown[]> = {};
  for (const entry of listOf(from)) {
    const source = isFields(entry) ? fieldsOf(entry.source) : {};
    const [list, ...others] = Object.keys(source);
    const isKnown =
      isFields(entry) &&
      hasOnly(entry, ['source']) &&
      others.length === 0 &&
      (list === 'principals' || list === 'namespaces');
    if (!isKnown) {
      return undefined;
    }
    found[list] = [...(found[list] ?? []), ...listOf(source[list])];
  }
  return found;
}

/** One operation at most: two of them are two rules of this form. */
function readOperation(
  to: unknown,
): Pick<CallerRule, 'ports' | 'methods' | 'paths'> | undefined {
  const entries = fieldsListOf(to);
  if (entries.length === 0) {
    return to === undefined ? {} : undefined;
  }
  const [{ operation, ...rest }, ...others] = entries;
  const fields = fieldsOf(operation);
  const isKnown =
    others.length === 0 &&
    Object.keys(rest).length === 0 &&
    hasOnly(fields, ['ports', 'methods', 'paths']);
  return isKnown
    ? {
        ...fields,
        ...(fields.ports !== undefined && {
          ports: listOf(fields.ports).map(Number),
        }),
      }
    : undefined;
}

function hasOnly(fields: Fields, known: readonly string[]): boolean {
  return Object.keys(fields).every(field => known.includes(field));
}
