import { compilePolicy } from '../../../mesh/authorization/compilePolicy';
import { resolvePeerMode } from '../../../mesh/mtls/resolvePeerMode';
import { readAuthorizationPolicy } from '../../../resources/authorizationPolicy';
import { readWorkload } from '../../../resources/workload';
import type { MeshSnapshot, WorkloadKey } from '../../../snapshot/types';
import { proxyOf } from '../../facts/workloadProxy';
import {
  describeWorkloads,
  listSelected,
  WORKLOAD_KINDS,
} from '../../selectedWorkloads';
import { listServedPorts } from '../../servedPorts';
import type { Rule } from '../../types';
import { IDENTITY_TERMS, termsOf } from './policyTerms';

/** All that is served is plaintext. */
function servesPlaintext(
  snapshot: MeshSnapshot,
  workload: WorkloadKey,
): boolean {
  const object = snapshot.workload(workload);
  const ports = [...listServedPorts(snapshot, workload).keys()];
  return (
    object !== undefined &&
    ports.length > 0 &&
    proxyOf(snapshot, workload) === 'sidecar' &&
    ports.every(
      port =>
        resolvePeerMode({
          snapshot,
          namespace: workload.namespace,
          labels: readWorkload(object).labels,
          port,
        }).ported.mode === 'DISABLE',
    )
  );
}

/** Source: istio.io reference AuthorizationPolicy: principals, namespaces and service accounts need mutual TLS. */
export const identityWithoutMtls: Rule = {
  code: 'ISB0609',
  name: 'authorization-policy-identity-without-mtls',
  title: 'An authorization rule asks who calls, and mTLS is disabled',
  severity: 'error',
  explanation:
    'Who calls is read from the certificate of the caller’s proxy. Where mTLS is disabled there is none: a rule that names principals, namespaces or service accounts never matches, one that excludes them always does.',
  remedy:
    'Set the PeerAuthentication to PERMISSIVE or STRICT, or ask for addresses (ipBlocks) instead.',
  equivalents: ['KIA0105'],
  subjects: ['AuthorizationPolicy'],
  inputs: [...WORKLOAD_KINDS, 'Namespace', 'Service', 'PeerAuthentication'],
  reach: 'namespace',
  reachOf: { AuthorizationPolicy: 'object' },
  check(subject, { snapshot }) {
    const { selector, targets } = readAuthorizationPolicy(subject);
    const { namespace = '' } = subject.metadata;
    if (targets.length > 0) return [];
    const terms = compilePolicy(subject)
      .flatMap(termsOf)
      .filter(({ name }) => IDENTITY_TERMS.includes(name));
    if (terms.length === 0) return [];
    const plain = listSelected(snapshot, { namespace, selector }).filter(key =>
      servesPlaintext(snapshot, key),
    );
    return plain.length === 0
      ? []
      : terms.map(({ name, negated, fieldPath }) => ({
          message: `${describeWorkloads(
            plain,
            namespace,
          )} take plaintext only (DISABLE), so no caller has an identity: ${name} ${
            negated ? 'always' : 'never'
          } matches.`,
          path: fieldPath,
        }));
  },
};
