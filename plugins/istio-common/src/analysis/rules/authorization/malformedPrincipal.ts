import { replacement } from '../../facts/fix';
import type { Rule, RuleFinding } from '../../types';
import { listValues, type PolicyValue } from './policyTerms';

const SCHEME = 'spiffe://';

function judgePeer({ value, path }: PolicyValue): RuleFinding[] {
  if (value.startsWith(SCHEME)) {
    const bare = value.slice(SCHEME.length);
    return [
      {
        message: `${value} matches nobody: principals are written without ${SCHEME}.`,
        path,
        fix: replacement(`Write ${bare}`, { path: path, value: bare }),
      },
    ];
  }
  return value.includes('*') || /^[^/]+\/./.test(value)
    ? []
    : [
        {
          message: `${value} matches nobody: a principal is <trust domain>/ns/<namespace>/sa/<service account>.`,
          path,
        },
      ];
}

function judgeRequest({ value, path }: PolicyValue): RuleFinding[] {
  return value.includes('*') || value.includes('/')
    ? []
    : [
        {
          message: `${value} matches no token: a request principal is <issuer>/<subject>.`,
          path,
        },
      ];
}

/** Source: istio/istio pilot/pkg/security/authz/model srcPrincipalGenerator, requestPrincipalGenerator. */
export const malformedPrincipal: Rule = {
  code: 'ISB0604',
  name: 'authorization-policy-malformed-principal',
  title: 'A principal is written in a form that no caller has',
  severity: 'error',
  explanation:
    'Principals are compared as text. In an ALLOW rule such a value lets nobody in; in a DENY rule it keeps nobody out.',
  remedy:
    'Write principals as <trust domain>/ns/<namespace>/sa/<service account> without spiffe://, request principals as <issuer>/<subject>.',
  equivalents: [],
  subjects: ['AuthorizationPolicy'],
  inputs: [],
  reach: 'object',
  check(subject) {
    return [
      ...listValues(subject, [
        'principals',
        'notPrincipals',
        'source.principal',
      ]).flatMap(judgePeer),
      ...listValues(subject, [
        'requestPrincipals',
        'notRequestPrincipals',
        'request.auth.principal',
      ]).flatMap(judgeRequest),
    ];
  },
};
