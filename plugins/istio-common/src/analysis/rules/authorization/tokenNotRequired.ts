import { compilePolicy } from '../../../mesh/authorization/compilePolicy';
import { selectPolicies } from '../../../mesh/authorization/selectPolicies';
import { readAuthorizationPolicy } from '../../../resources/authorizationPolicy';
import { readRequestAuthentication } from '../../../resources/requestAuthentication';
import { readWorkload } from '../../../resources/workload';
import type { MeshSnapshot, WorkloadKey } from '../../../snapshot/types';
import { proxyOf } from '../../facts/workloadProxy';
import {
  describeWorkloads,
  listSelected,
  WORKLOAD_KINDS,
} from '../../selectedWorkloads';
import type { Rule } from '../../types';
import { asksForToken, termsOf } from './policyTerms';

/** Whether some policy there looks at the token, or leaves that to a provider. */
function asksForTokens(snapshot: MeshSnapshot, key: WorkloadKey): boolean {
  const object = snapshot.workload(key);
  const labels = object ? readWorkload(object).labels : {};
  return selectPolicies({
    snapshot,
    kind: 'AuthorizationPolicy',
    subject: { namespace: key.namespace, labels },
  }).some(
    policy =>
      readAuthorizationPolicy(policy).action === 'CUSTOM' ||
      compilePolicy(policy).flatMap(termsOf).some(asksForToken),
  );
}

/** Source: istio.io reference RequestAuthentication: a request without token is accepted, it has no request principal. */
export const tokenNotRequired: Rule = {
  code: 'ISB0619',
  name: 'request-authentication-token-not-required',
  title: 'Tokens are verified, but requests without one are let through',
  severity: 'info',
  explanation:
    'A RequestAuthentication refuses bad tokens. A request that carries none passes, unless an AuthorizationPolicy asks for a request principal or a claim.',
  remedy:
    'If a token is needed, add an AuthorizationPolicy with requestPrincipals ["*"] for the same workloads. If tokens are for routing only, nothing is to be done.',
  equivalents: [],
  subjects: ['RequestAuthentication'],
  inputs: [...WORKLOAD_KINDS, 'Namespace', 'AuthorizationPolicy'],
  reach: 'namespace',
  reachOf: { RequestAuthentication: 'object' },
  check(subject, { snapshot }) {
    const { selector, targets, rules } = readRequestAuthentication(subject);
    const { namespace = '' } = subject.metadata;
    if (targets.length > 0 || rules.length === 0) return [];
    const open = listSelected(snapshot, { namespace, selector }).filter(
      key =>
        proxyOf(snapshot, key) === 'sidecar' && !asksForTokens(snapshot, key),
    );
    return open.length === 0
      ? []
      : [
          {
            message: `Requests without a token reach ${describeWorkloads(
              open,
              namespace,
            )}: no AuthorizationPolicy asks for one there.`,
            path: 'spec.jwtRules',
          },
        ];
  },
};
