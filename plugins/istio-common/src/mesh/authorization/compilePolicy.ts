import {
  AuthorizationRuleView,
  readAuthorizationPolicy,
} from '../../resources/authorizationPolicy';
import {
  Fields,
  fieldsListOf,
  fieldsOf,
  textOf,
  textsOf,
} from '../../resources/fields';
import { memoizeByIdentity } from '../../resources/memoize';
import { KubeObject } from '../../resources/types';
import {
  conditionKind,
  OPERATION_KINDS,
  SOURCE_KINDS,
  TermKind,
} from './compileTerms';
import { RequestFacts } from './facts';
import { not, Verdict } from './verdict';

/** One list of a rule that must hold. */
export interface Term {
  /** `spec.rules[0].from[0].source.principals` */
  fieldPath: string;
  /** Name of the list or key, `principals`. */
  name: string;
  values: readonly string[];
  http: boolean;
  l4: boolean;
  negated: boolean;
  invalid: boolean;
  /** Undefined when none of its values can be read. */
  test?: (facts: RequestFacts) => Verdict;
}

/** A rule ready to be asked: one of the sources, one of the operations, and all conditions must hold. */
export interface CompiledRule {
  fieldPath: string;
  sources: readonly (readonly Term[])[];
  operations: readonly (readonly Term[])[];
  conditions: readonly Term[];
  /** A condition's key that Istio does not know: it drops the rule. */
  unknownKey?: string;
}

/** The rules of a policy, compiled once per object. */
export const compilePolicy = memoizeByIdentity(
  (object: KubeObject): readonly CompiledRule[] =>
    readAuthorizationPolicy(object).rules.map(rule =>
      compileRule(rule, object.metadata.namespace ?? ''),
    ),
);

function compileRule(
  rule: AuthorizationRuleView,
  namespace: string,
): CompiledRule {
  const { fieldPath, fields } = rule;
  const alternatives = (
    list: 'from' | 'to',
    item: 'source' | 'operation',
    kinds: Readonly<Record<string, TermKind>>,
  ) => {
    const found = fieldsListOf(fields[list]).map((entry, index) =>
      compileLists(fieldsOf(entry[item]), {
        kinds,
        namespace,
        fieldPath: `${fieldPath}.${list}[${index}].${item}`,
      }),
    );
    return found.length > 0 ? found : [[]];
  };
  const compiled: CompiledRule = {
    fieldPath,
    sources: alternatives('from', 'source', SOURCE_KINDS),
    operations: alternatives('to', 'operation', OPERATION_KINDS),
    conditions: [],
  };
  return withConditions(compiled, fields, namespace);
}

function withConditions(
  rule: CompiledRule,
  fields: Fields,
  namespace: string,
): CompiledRule {
  const conditions: Term[] = [];
  for (const [index, condition] of fieldsListOf(fields.when).entries()) {
    const key = textOf(condition.key) ?? '';
    const kind = conditionKind(key);
    if (!kind) {
      return { ...rule, unknownKey: key };
    }
    const path = `${rule.fieldPath}.when[${index}]`;
    for (const [list, negated] of [
      ['values', false],
      ['notValues', true],
    ] as const) {
      conditions.push(
        ...compileTerm({
          kind,
          name: key,
          negated,
          namespace,
          values: textsOf(condition[list]),
          fieldPath: `${path}.${list}`,
        }),
      );
    }
  }
  return { ...rule, conditions };
}

/** Each kind's list, and the one that is negated. */
const listsOf = memoizeByIdentity((kinds: Readonly<Record<string, TermKind>>) =>
  Object.entries(kinds).flatMap(([name, kind]) => [
    { name, kind, negated: false },
    {
      name: `not${name[0].toUpperCase()}${name.slice(1)}`,
      kind,
      negated: true,
    },
  ]),
);

function compileLists(
  fields: Fields,
  options: {
    kinds: Readonly<Record<string, TermKind>>;
    namespace: string;
    fieldPath: string;
  },
): Term[] {
  const { kinds, namespace, fieldPath } = options;
  const terms: Term[] = [];
  for (const list of listsOf(kinds)) {
    const values = textsOf(fields[list.name]);
    if (values.length > 0) {
      const path = `${fieldPath}.${list.name}`;
      terms.push(
        ...compileTerm({ ...list, namespace, values, fieldPath: path }),
      );
    }
  }
  return terms;
}

function compileTerm(options: {
  kind: TermKind;
  name: string;
  negated: boolean;
  namespace: string;
  values: readonly string[];
  fieldPath: string;
}): Term[] {
  const { kind, name, negated, namespace, values, fieldPath } = options;
  if (values.length === 0) {
    return [];
  }
  const { test, invalid = false } = kind.compile(values, namespace);
  const { http, l4 } = kind;
  const term: Term = {
    fieldPath,
    name,
    values,
    http,
    l4,
    negated,
    invalid,
  };
  if (!test) {
    return [term];
  }
  return [{ ...term, test: negated ? facts => not(test(facts)) : test }];
}
