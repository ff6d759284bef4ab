import { compilePolicy } from '../../../mesh/authorization/compilePolicy';
import { selectPolicies } from '../../../mesh/authorization/selectPolicies';
import { readAuthorizationPolicy } from '../../../resources/authorizationPolicy';
import { readWorkload } from '../../../resources/workload';
import type { MeshSnapshot, WorkloadKey } from '../../../snapshot/types';
import { proxyOf } from '../../facts/workloadProxy';
import {
  describeWorkloads,
  listSelected,
  WORKLOAD_KINDS,
} from '../../selectedWorkloads';
import type { Rule } from '../../types';

/** Whether the workload is called, has a proxy that enforces, and no ALLOW policy with a rule. */
function isClosed(snapshot: MeshSnapshot, key: WorkloadKey): boolean {
  const object = snapshot.workload(key);
  if (
    !object ||
    snapshot.servicesOf(key).length === 0 ||
    proxyOf(snapshot, key) === 'none'
  ) {
    return false;
  }
  return !selectPolicies({
    snapshot,
    kind: 'AuthorizationPolicy',
    subject: {
      namespace: key.namespace,
      labels: readWorkload(object).labels,
    },
  }).some(
    policy =>
      readAuthorizationPolicy(policy).action === 'ALLOW' &&
      compilePolicy(policy).length > 0,
  );
}

/** Source: istio.io, "Authorization Policy", allow nothing: an ALLOW policy without rules matches no request. */
export const nobodyAllowed: Rule = {
  code: 'ISB0605',
  name: 'authorization-policy-nobody-allowed',
  title: 'A service whose only ALLOW policy has no rule',
  severity: 'warning',
  explanation:
    'An ALLOW policy without rules allows nothing; as a default for a namespace that is sound. Where no other ALLOW policy adds a rule for a workload, every call to it is denied with 403.',
  remedy:
    'Add an ALLOW policy that names the callers of these workloads, or delete their Service if nobody is to call them.',
  equivalents: [],
  subjects: ['AuthorizationPolicy'],
  inputs: [...WORKLOAD_KINDS, 'Namespace', 'Service'],
  reach: 'namespace',
  check(subject, { snapshot }) {
    const { action, selector, targets, dryRun } =
      readAuthorizationPolicy(subject);
    const { namespace = '' } = subject.metadata;
    if (action !== 'ALLOW' || targets.length > 0 || dryRun) return [];
    if (compilePolicy(subject).length > 0) return [];
    const closed = listSelected(snapshot, { namespace, selector }).filter(key =>
      isClosed(snapshot, key),
    );
    return closed.length === 0
      ? []
      : [
          {
            message: `Nobody may call ${describeWorkloads(
              closed,
              namespace,
            )}: this policy allows nothing and no other one allows anything there.`,
            path: 'spec.rules',
          },
        ];
  },
};
