import {
  compilePolicy,
  type CompiledRule,
  type Term,
} from '../../../mesh/authorization/compilePolicy';
import { memoizeByIdentity } from '../../../resources/memoize';
import type { KubeObject } from '../../../resources/types';

/** One value of a list of a policy, with its place. */
export interface PolicyValue {
  value: string;
  term: Term;
  /** `spec.rules[0].from[0].source.principals[1]` */
  path: string;
}

/** All lists of a rule. */
export const termsOf = memoizeByIdentity(
  (rule: CompiledRule): readonly Term[] => [
    ...rule.sources.flat(),
    ...rule.operations.flat(),
    ...rule.conditions,
  ],
);

const allTerms = memoizeByIdentity((policy: KubeObject): readonly Term[] =>
  compilePolicy(policy).flatMap(termsOf),
);

/** Values of the lists and conditions with one of these names. */
export function listValues(
  policy: KubeObject,
  names: readonly string[],
): PolicyValue[] {
  const found: PolicyValue[] = [];
  for (const term of allTerms(policy)) {
    if (!names.includes(term.name)) continue;
    term.values.forEach((value, index) =>
      found.push({ value, term, path: `${term.fieldPath}[${index}]` }),
    );
  }
  return found;
}

/** Lists that ask who the caller is, by its certificate. */
export const IDENTITY_TERMS = [
  'principals',
  'notPrincipals',
  'namespaces',
  'notNamespaces',
  'serviceAccounts',
  'notServiceAccounts',
  'trustDomains',
  'notTrustDomains',
  'source.principal',
  'source.namespace',
  'source.serviceAccount',
  'source.trustDomain',
];

/** Whether the list asks for a verified token. */
export function asksForToken({ name }: Term): boolean {
  return (
    /^(r|notR)equestPrincipals$/.test(name) || name.startsWith('request.auth.')
  );
}
