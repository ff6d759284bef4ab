import { FACTS, RequestFacts } from './facts';
import { escapeRegex, matchesText } from './matchText';
import { missing, Verdict } from './verdict';

/** A test of a peer identity, without `spiffe://`. */
export type IdentityTest = (
  identity: string,
  trustDomains: readonly string[],
) => boolean;

/** Without mTLS there is no identity, and nothing matches it. */
export function testIdentity(
  facts: RequestFacts,
  tests: readonly IdentityTest[],
): Verdict {
  if (facts.principal === undefined) {
    return missing(FACTS.principal);
  }
  const { principal, trustDomains } = facts;
  return (
    principal !== null && tests.some(test => test(principal, trustDomains))
  );
}

/** Source: istio/istio pilot/pkg/security/authz/model srcPrincipalGenerator. */
export function compilePrincipal(value: string): IdentityTest {
  return (identity, trustDomains) =>
    expandPrincipal(value, trustDomains).some(pattern =>
      matchesText(pattern, identity),
    );
}

/** A namespace may have stars anywhere, and they reach over slashes. Source: srcNamespaceGenerator. */
export function compileNamespace(value: string): IdentityTest {
  if (!value.includes('*')) {
    return identity => `//${identity}`.includes(`/ns/${value}/`);
  }
  const namespace = value.split('*').map(escapeRegex).join('.*');
  const regex = new RegExp(`^.*/ns/${namespace}/.*$`, 's');
  return identity => regex.test(`spiffe://${identity}`);
}

/** `account` of the policy's own namespace, or `namespace/account`. Source: serviceAccountRegex. */
export function compileServiceAccount(
  value: string,
  policyNamespace: string,
): IdentityTest {
  const slash = value.indexOf('/');
  const namespace = slash < 0 ? policyNamespace : value.slice(0, slash);
  const account = slash < 0 ? value : value.slice(slash + 1);
  const regex = new RegExp(
    `^.+/ns/${escapeRegex(namespace)}/(.+/|)sa/${escapeRegex(account)}(/.+)?$`,
    's',
  );
  return identity => regex.test(identity);
}

/** Source: srcTrustDomainGenerator; a value that is one of the mesh's trust domains means all of them. */
export function compileTrustDomain(value: string): IdentityTest {
  const matches = (pattern: string, identity: string) => {
    const star = pattern.indexOf('*');
    if (pattern === '*' || star < 0) {
      return pattern === '*' || identity.startsWith(`${pattern}/`);
    }
    const domain = `${escapeRegex(pattern.slice(0, star))}[^/]*${escapeRegex(
      pattern.slice(star + 1),
    )}`;
    return new RegExp(`^${domain}/.*$`, 's').test(identity);
  };
  return (identity, trustDomains) =>
    (trustDomains.includes(value) ? trustDomains : [value]).some(pattern =>
      matches(pattern, identity),
    );
}

/**
 * A principal of one of the mesh's trust domains, or of `cluster.local`, is meant in all of them.
 *
 * Source: istio/istio pilot/pkg/security/trustdomain ReplaceTrustDomainAliases.
 */
function expandPrincipal(
  value: string,
  trustDomains: readonly string[],
): readonly string[] {
  const [domain, ...rest] = value.split('/');
  if (rest.length !== 4 || domain === '*') {
    return [value];
  }
  const known = trustDomains.some(
    own => own === '*' || matchesEitherWay(own, domain) || domain === own,
  );
  if (!known && domain !== 'cluster.local') {
    return [value];
  }
  return trustDomains.map(own =>
    domain.startsWith('*') && own.endsWith(domain.slice(1))
      ? value
      : [own, ...rest].join('/'),
  );
}

/** Either may be a pattern with a star at an end. */
function matchesEitherWay(a: string, b: string): boolean {
  const fits = (pattern: string, text: string) =>
    (pattern.endsWith('*') && text.startsWith(pattern.slice(0, -1))) ||
    (pattern.startsWith('*') && text.endsWith(pattern.slice(1)));
  return fits(a, b) || fits(b, a);
}
