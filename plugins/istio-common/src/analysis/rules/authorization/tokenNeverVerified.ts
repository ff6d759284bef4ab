import { compilePolicy } from '../../../mesh/authorization/compilePolicy';
import {
  selectPolicies,
  type PolicySubject,
} from '../../../mesh/authorization/selectPolicies';
import { GATEWAY_NAME } from '../../../mesh/gatewayWorkload';
import { readAuthorizationPolicy } from '../../../resources/authorizationPolicy';
import { readKubernetesGateway } from '../../../resources/gateway';
import { readRequestAuthentication } from '../../../resources/requestAuthentication';
import type { KubeObject } from '../../../resources/types';
import { readWorkload } from '../../../resources/workload';
import type { MeshSnapshot } from '../../../snapshot/types';
import { proxyOf } from '../../facts/workloadProxy';
import { listSelected, WORKLOAD_KINDS } from '../../selectedWorkloads';
import type { Rule } from '../../types';
import { asksForToken, termsOf } from './policyTerms';

interface Enforcer {
  name: string;
  subject: PolicySubject;
}

/** Sidecars and gateways that enforce the policy; of waypoints another rule speaks. */
function listEnforcers(snapshot: MeshSnapshot, policy: KubeObject): Enforcer[] {
  const { selector, targets } = readAuthorizationPolicy(policy);
  const { namespace = '' } = policy.metadata;
  if (targets.length > 0) {
    return targets.flatMap(({ kind, name }) => {
      const gateway =
        kind === 'Gateway' &&
        snapshot.get('KubernetesGateway', namespace, name);
      return gateway && !readKubernetesGateway(gateway).waypoint
        ? [
            {
              name: `Gateway ${name}`,
              subject: { namespace, labels: { [GATEWAY_NAME]: name } },
            },
          ]
        : [];
    });
  }
  return listSelected(snapshot, { namespace, selector }).flatMap(key => {
    const object = snapshot.workload(key);
    return object && proxyOf(snapshot, key) === 'sidecar'
      ? [
          {
            name:
              key.namespace === namespace
                ? key.name
                : `${key.namespace}/${key.name}`,
            subject: {
              namespace: key.namespace,
              labels: readWorkload(object).labels,
            },
          },
        ]
      : [];
  });
}

function verifiesTokens(
  snapshot: MeshSnapshot,
  subject: PolicySubject,
): boolean {
  return selectPolicies({
    snapshot,
    kind: 'RequestAuthentication',
    subject,
  }).some(policy => readRequestAuthentication(policy).rules.length > 0);
}

/** Source: istio.io reference AuthorizationPolicy, requestPrincipals: needs request authentication. */
export const tokenNeverVerified: Rule = {
  code: 'ISB0618',
  name: 'authorization-policy-token-never-verified',
  title: 'An authorization rule asks for a token that nobody verifies',
  severity: 'error',
  explanation:
    'Request principals and claims are those of a verified token. Without a RequestAuthentication for the workload no token is looked at: a rule that asks for one never matches, one that excludes it always does.',
  remedy:
    'Add a RequestAuthentication with the token’s issuer for the same workloads.',
  equivalents: [],
  subjects: ['AuthorizationPolicy'],
  inputs: [
    ...WORKLOAD_KINDS,
    'Namespace',
    'RequestAuthentication',
    'KubernetesGateway',
  ],
  reach: 'namespace',
  reachOf: { AuthorizationPolicy: 'object' },
  check(subject, { snapshot }) {
    const { action } = readAuthorizationPolicy(subject);
    const terms = compilePolicy(subject).flatMap(termsOf).filter(asksForToken);
    if (terms.length === 0 || action === 'CUSTOM') return [];
    const blind = listEnforcers(snapshot, subject).filter(
      enforcer => !verifiesTokens(snapshot, enforcer.subject),
    );
    const [first] = blind;
    if (!first) return [];
    const more = blind.length > 1 ? ` and ${blind.length - 1} more` : '';
    return terms.map(({ name, negated, fieldPath }) => ({
      message: `No RequestAuthentication verifies tokens at ${
        first.name
      }${more}: ${name} ${negated ? 'always' : 'never'} matches there.`,
      path: fieldPath,
    }));
  },
};
