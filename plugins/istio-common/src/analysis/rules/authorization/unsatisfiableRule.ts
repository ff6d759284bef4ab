import {
  compilePolicy,
  type CompiledRule,
  type Term,
} from '../../../mesh/authorization/compilePolicy';
import {
  compileNamespace,
  compileTrustDomain,
} from '../../../mesh/authorization/matchPrincipal';
import type { Rule, RuleFinding } from '../../types';

/** Facts that have one value per call, by the lists that ask about them. */
const FACTS: Readonly<Record<string, string>> = {
  principals: 'principal',
  'source.principal': 'principal',
  namespaces: 'namespace',
  'source.namespace': 'namespace',
  requestPrincipals: 'request principal',
  'request.auth.principal': 'request principal',
  ports: 'port',
  'destination.port': 'port',
  methods: 'method',
  paths: 'path',
  hosts: 'host',
  'connection.sni': 'SNI',
};

function factOf({ name }: Term): string | undefined {
  return name.startsWith('request.headers[')
    ? `header ${name.slice('request.headers['.length, -1).toLowerCase()}`
    : FACTS[name];
}

function isExact(value: string): boolean {
  return !/[*{]/.test(value);
}

/** Both must hold, and no call has a value that is in both. */
function excludeEachOther(a: Term, b: Term): string | undefined {
  const fact = factOf(a);
  if (fact !== undefined && fact === factOf(b)) {
    const apart =
      [...a.values, ...b.values].every(isExact) &&
      !a.values.some(value => b.values.includes(value));
    return apart ? `no call has two values for ${fact}` : undefined;
  }
  return factOf(a) === 'principal' && a.values.every(isExact)
    ? excludesPrincipals(a, b)
    : undefined;
}

function excludesPrincipals(principals: Term, other: Term): string | undefined {
  const compile =
    factOf(other) === 'namespace'
      ? compileNamespace
      : other.name === 'trustDomains' && compileTrustDomain;
  if (!compile) return undefined;
  const tests = other.values.map(value => compile(value));
  return principals.values.some(value => tests.some(test => test(value, [])))
    ? undefined
    : `none of these principals is of ${other.values.slice(0, 3).join(', ')}`;
}

/** A positive list all of whose values its negative twin takes away. */
function isTakenAway(term: Term, other: Term): boolean {
  const twin = `not${term.name[0].toUpperCase()}${term.name.slice(1)}`;
  const pair =
    other.name === twin || (other.name === term.name && other.negated);
  return (
    pair &&
    !term.negated &&
    (other.values.includes('*') ||
      term.values.every(value => other.values.includes(value)))
  );
}

function contradiction(terms: readonly Term[]): RuleFinding | undefined {
  for (const [index, a] of terms.entries()) {
    for (const [at, b] of terms.entries()) {
      if (at === index) continue;
      if (isTakenAway(a, b)) {
        return {
          message: `Never matches: all values of ${a.name} are excluded by ${b.fieldPath}.`,
          path: a.fieldPath,
        };
      }
      if (a.negated || b.negated) continue;
      const why = excludeEachOther(a, b);
      if (why) {
        return {
          message: `Never matches together with ${b.fieldPath}: ${why}.`,
          path: a.fieldPath,
        };
      }
    }
  }
  return undefined;
}

/** Every way to match the rule holds a contradiction; each is told once. */
function judgeRule(rule: CompiledRule): RuleFinding[] {
  const found = new Map<string, RuleFinding>();
  for (const source of rule.sources) {
    for (const operation of rule.operations) {
      const why = contradiction([...source, ...operation, ...rule.conditions]);
      if (why) found.set(why.path, why);
    }
  }
  return [...found.values()];
}

/** Source: istio.io reference AuthorizationPolicy: lists of one source or operation, and conditions, are ANDed. */
export const unsatisfiableRule: Rule = {
  code: 'ISB0607',
  name: 'authorization-policy-contradiction',
  title: 'An authorization rule contradicts itself',
  severity: 'error',
  explanation:
    'The lists of one source or operation and all conditions must hold together; only the values of one list are alternatives. Two that exclude each other never match: ALLOW lets nobody in by it, DENY keeps nobody out.',
  remedy:
    'Write alternatives as values of one list, as further entries of from or to, or as a second rule.',
  equivalents: [],
  subjects: ['AuthorizationPolicy'],
  inputs: [],
  reach: 'object',
  check(subject) {
    return compilePolicy(subject).flatMap(judgeRule);
  },
};
