import {
  JwtRuleView,
  readRequestAuthentication,
} from '../../resources/requestAuthentication';
import { DecidedBy } from '../../resources/types';
import { MeshSnapshot } from '../../snapshot/types';
import { PolicySubject, selectPolicies } from './selectPolicies';
import { RequestToken } from './types';

/** What becomes of a request's token before any policy is asked. */
export type TokenOutcome =
  | { accepted: true; claims: Readonly<Record<string, unknown>> | null }
  | {
      accepted: false;
      /** Envoy answers 403 for a wrong audience, 401 for anything else. */
      status: 401 | 403;
      decidedBy: DecidedBy[];
      reason: string;
    };

/**
 * A request without token passes, and so does any where no RequestAuthentication is attached: the token is
 * then not looked at. Otherwise one rule must know its issuer and, where it names some, its audience.
 *
 * Source: istio/istio pilot/pkg/security/authn convertToEnvoyJwtConfig; rules of all policies are put together.
 */
export function authenticateToken(options: {
  snapshot: MeshSnapshot;
  subject: PolicySubject;
  token?: RequestToken;
}): TokenOutcome {
  const { snapshot, subject, token } = options;
  if (!token) {
    return { accepted: true, claims: null };
  }
  const rules = selectPolicies({
    snapshot,
    kind: 'RequestAuthentication',
    subject,
  }).flatMap(policy =>
    readRequestAuthentication(policy).rules.map(rule => ({ policy, rule })),
  );
  if (rules.length === 0) {
    return { accepted: true, claims: null };
  }
  const known = rules.filter(({ rule }) => rule.issuer === token.claims.iss);
  const accepting = known.find(({ rule }) =>
    acceptsAudience(rule, token.claims.aud),
  );
  if (accepting && token.valid !== false) {
    return {
      accepted: true,
      claims: splitClaims(token.claims, accepting.rule),
    };
  }
  const deciding = known.length > 0 ? known : rules;
  const status = token.valid !== false && known.length > 0 ? 403 : 401;
  return {
    accepted: false,
    status,
    decidedBy: deciding.map(({ policy, rule }) => ({
      by: 'object',
      object: snapshot.refOf(policy),
      fieldPath: rule.fieldPath,
    })),
    reason: `refused with ${status} before any policy: ${whyRefused({
      token,
      issuerKnown: known.length > 0,
    })}`,
  };
}

function whyRefused(options: {
  token: RequestToken;
  issuerKnown: boolean;
}): string {
  const { token, issuerKnown } = options;
  const issuer = String(token.claims.iss ?? '');
  if (token.valid === false) {
    return 'the token is not valid';
  }
  return issuerKnown
    ? `the token's audience is not one that is accepted from ${issuer}`
    : `no RequestAuthentication accepts tokens of the issuer "${issuer}"`;
}

function acceptsAudience(rule: JwtRuleView, audience: unknown): boolean {
  const audiences: readonly unknown[] = Array.isArray(audience)
    ? audience
    : [audience];
  return (
    rule.audiences.length === 0 ||
    rule.audiences.some(wanted => audiences.includes(wanted))
  );
}

/** Claims such as `scope` become lists. Source: buildSpaceDelimitedClaims. */
function splitClaims(
  claims: Readonly<Record<string, unknown>>,
  rule: JwtRuleView,
): Readonly<Record<string, unknown>> {
  const split = ['permission', 'scope', ...rule.spaceDelimitedClaims];
  return Object.fromEntries(
    Object.entries(claims).map(([name, value]) => [
      name,
      split.includes(name) && typeof value === 'string'
        ? value.split(/\s+/).filter(word => word !== '')
        : value,
    ]),
  );
}
