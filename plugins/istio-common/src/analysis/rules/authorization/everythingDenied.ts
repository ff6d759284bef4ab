import { compilePolicy } from '../../../mesh/authorization/compilePolicy';
import { selectPolicies } from '../../../mesh/authorization/selectPolicies';
import { readAuthorizationPolicy } from '../../../resources/authorizationPolicy';
import { namespacedName } from '../../../resources/objectKey';
import { readWorkload } from '../../../resources/workload';
import type { MeshSnapshot } from '../../../snapshot/types';
import {
  listSelected,
  WORKLOAD_KINDS,
  type Selection,
} from '../../selectedWorkloads';
import type { Rule } from '../../types';
import { termsOf } from './policyTerms';

/** Names of ALLOW policies with rules for the same workloads: nothing they allow gets through. */
function listVoided(snapshot: MeshSnapshot, selection: Selection): string[] {
  const policies = listSelected(snapshot, selection).flatMap(key => {
    const object = snapshot.workload(key);
    return object
      ? selectPolicies({
          snapshot,
          kind: 'AuthorizationPolicy',
          subject: {
            namespace: key.namespace,
            labels: readWorkload(object).labels,
          },
        })
      : [];
  });
  return [
    ...new Set(
      policies
        .filter(
          policy =>
            readAuthorizationPolicy(policy).action === 'ALLOW' &&
            compilePolicy(policy).length > 0,
        )
        .map(({ metadata }) => namespacedName(metadata)),
    ),
  ].sort();
}

/** Source: istio.io, "Authorization Policy": DENY comes before ALLOW, and an empty rule matches every request. */
export const everythingDenied: Rule = {
  code: 'ISB0606',
  name: 'authorization-policy-everything-denied',
  title: 'A DENY policy has a rule that matches every request',
  severity: 'warning',
  explanation:
    'A rule without from, to and when matches everything, and DENY comes before ALLOW: no request reaches the workloads, whatever other policies allow.',
  remedy:
    'Say in the rule what is to be denied. To deny by default and allow some, use an ALLOW policy without rules instead.',
  equivalents: [],
  subjects: ['AuthorizationPolicy'],
  inputs: WORKLOAD_KINDS,
  reach: 'namespace',
  check(subject, { snapshot }) {
    const { action, selector, targets, dryRun } =
      readAuthorizationPolicy(subject);
    const { namespace = '' } = subject.metadata;
    if (action !== 'DENY' || dryRun) return [];
    const open = compilePolicy(subject).filter(
      rule => termsOf(rule).length === 0 && rule.unknownKey === undefined,
    );
    if (open.length === 0) return [];
    const voided =
      targets.length > 0 ? [] : listVoided(snapshot, { namespace, selector });
    return open.map(({ fieldPath }) => ({
      message:
        voided.length > 0
          ? `Matches every request, so what ${voided
              .slice(0, 3)
              .join(', ')} allows is denied too.`
          : 'Matches every request: nobody gets through.',
      path: fieldPath,
      ...(voided.length === 0 && { severity: 'info' as const }),
    }));
  },
};
