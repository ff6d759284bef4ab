import { isFields } from '../../resources/fields';
import { FACTS, RequestFacts } from './facts';
import { matchesText } from './matchText';
import { missing, Verdict } from './verdict';

/** Whether the token's claim at that path is, or holds in its list, one of the values. Only texts match. */
export function testClaim(
  facts: RequestFacts,
  path: readonly string[],
  values: readonly string[],
): Verdict {
  if (facts.claims === undefined) {
    return missing(FACTS.claims);
  }
  const claim = path.reduce<unknown>(
    (value, name) =>
      isFields(value) && Object.hasOwn(value, name) ? value[name] : undefined,
    facts.claims,
  );
  const matches = (item: unknown) =>
    typeof item === 'string' && values.some(value => matchesText(value, item));
  return Array.isArray(claim) ? claim.some(matches) : matches(claim);
}

/**
 * `issuer/subject`, the issuer up to the last slash, with a star at one end.
 *
 * Source: istio/istio pilot/pkg/security/authz/model requestPrincipalGenerator.
 */
export function testRequestPrincipal(
  facts: RequestFacts,
  values: readonly string[],
): Verdict {
  if (facts.claims === undefined) {
    return missing(FACTS.claims);
  }
  const { iss, sub } = facts.claims ?? {};
  return (
    typeof iss === 'string' &&
    typeof sub === 'string' &&
    values.some(value => matchesIssuerAndSubject(value, iss, sub))
  );
}

function matchesIssuerAndSubject(
  value: string,
  issuer: string,
  subject: string,
): boolean {
  const slash = value.lastIndexOf('/');
  const iss = slash < 0 ? value : value.slice(0, slash);
  const sub = slash < 0 ? '' : value.slice(slash + 1);
  if (value === '*') {
    return issuer !== '' && subject !== '';
  }
  if (value.startsWith('*')) {
    return slash < 0
      ? issuer !== '' && subject.endsWith(value.slice(1))
      : (iss === '*' ? issuer !== '' : issuer.endsWith(iss.slice(1))) &&
          subject === sub;
  }
  if (value.endsWith('*')) {
    return slash < 0
      ? issuer.startsWith(value.slice(0, -1)) && subject !== ''
      : issuer === iss &&
          (sub === '*' ? subject !== '' : subject.startsWith(sub.slice(0, -1)));
  }
  return issuer === iss && subject === sub;
}

/**
 * `[a][b]` is the path a, b; brackets that do not pair are one name.
 *
 * Source: istio/istio pilot/pkg/security/authz/model extractNameInNestedBrackets.
 */
export function parseBrackets(text: string): string[] | undefined {
  if (/^(\[[^[\]]*\])+$/.test(text)) {
    return text.slice(1, -1).split('][');
  }
  return text.startsWith('[') && text.endsWith(']')
    ? [text.slice(1, -1)]
    : undefined;
}
