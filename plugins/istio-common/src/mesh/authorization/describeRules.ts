import { KubeObject } from '../../resources/types';
import { compilePolicy, CompiledRule, Term } from './compilePolicy';
import { DescribedRule } from './componentAccess';

const ADDRESS_LISTS = new Set([
  'ipBlocks',
  'remoteIpBlocks',
  'source.ip',
  'remote.ip',
]);

/** The rules of a policy in words: who, what, and on what condition. */
export function describeRules(
  policy: KubeObject,
): Omit<DescribedRule, 'usedBy'>[] {
  return compilePolicy(policy).map(describeRule);
}

function describeRule(rule: CompiledRule): Omit<DescribedRule, 'usedBy'> {
  const { fieldPath, sources, operations, conditions } = rule;
  return {
    fieldPath,
    who: describeAlternatives(sources),
    what: describeAlternatives(operations),
    when: [
      ...conditions.map(
        ({ name, negated, values }) =>
          `${name} ${negated ? 'is not' : 'is'} ${values.join(' or ')}`,
      ),
      ...(rule.unknownKey === undefined
        ? []
        : [`${rule.unknownKey}, which Istio does not know`]),
    ],
    byAddress: [...sources.flat(), ...conditions].some(({ name }) =>
      ADDRESS_LISTS.has(name),
    ),
  };
}

/** Empty where one alternative asks for nothing: then any will do. */
function describeAlternatives(
  alternatives: readonly (readonly Term[])[],
): string[] {
  return alternatives.some(terms => terms.length === 0)
    ? []
    : alternatives.map(terms => terms.map(describeTerm).join(', '));
}

/** What stands before the values of a list; lists that are missing here speak for themselves. */
const PREFIX: Readonly<Record<string, string>> = {
  namespaces: 'namespace',
  serviceAccounts: 'service account',
  ipBlocks: 'address',
  remoteIpBlocks: 'original address',
  requestPrincipals: 'token',
  trustDomains: 'trust domain',
  hosts: 'host',
  ports: 'port',
};

function describeTerm({ name, negated, values }: Term): string {
  const list = negated
    ? name.slice('not'.length, 'not'.length + 1).toLowerCase() + name.slice(4)
    : name;
  const shown =
    list === 'principals' ? values.map(shortPrincipal) : [...values];
  const prefix = PREFIX[list] ? `${PREFIX[list]} ` : '';
  return `${negated ? 'not ' : ''}${prefix}${shown.join(' or ')}`;
}

/** `cluster.local/ns/shop/sa/web` is `shop/web`; of another form as it is. */
export function shortPrincipal(principal: string): string {
  const parts = /^(?:spiffe:\/\/)?[^/]+\/ns\/([^/]+)\/sa\/([^/]+)$/.exec(
    principal,
  );
  return parts ? `${parts[1]}/${parts[2]}` : principal;
}
