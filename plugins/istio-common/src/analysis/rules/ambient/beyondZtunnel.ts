import { compilePolicy } from '../../../mesh/authorization/compilePolicy';
import { readAuthorizationPolicy } from '../../../resources/authorizationPolicy';
import { proxyOf } from '../../facts/workloadProxy';
import {
  describeWorkloads,
  listSelected,
  WORKLOAD_KINDS,
} from '../../selectedWorkloads';
import type { Rule } from '../../types';
import { termsOf } from '../authorization/policyTerms';

/** Source: istio/istio pilot/pkg/serviceregistry/ambient convertAuthorizationPolicy, handleRule. */
export const beyondZtunnel: Rule = {
  code: 'ISB1101',
  name: 'ambient-policy-beyond-ztunnel',
  title: 'An AuthorizationPolicy asks ztunnel for what it cannot see',
  severity: 'error',
  explanation:
    'In ambient mode a policy that selects workloads is enforced by ztunnel, which sees connections, not requests. It drops an ALLOW rule that asks about requests, so nobody gets in by it, enforces a DENY rule without that part, and does not know CUSTOM and AUDIT.',
  remedy:
    'Give the Service a waypoint and attach the policy to the Service by targetRefs; leave to ztunnel what asks for callers, addresses and ports.',
  equivalents: [],
  subjects: ['AuthorizationPolicy'],
  inputs: [...WORKLOAD_KINDS, 'Namespace'],
  reach: 'namespace',
  reachOf: { AuthorizationPolicy: 'object' },
  check(subject, { snapshot }) {
    const { action, selector, targets } = readAuthorizationPolicy(subject);
    const { namespace = '' } = subject.metadata;
    if (targets.length > 0 || action === undefined) return [];
    const enforced = action === 'ALLOW' || action === 'DENY';
    const unseen = enforced
      ? compilePolicy(subject).flatMap(rule =>
          termsOf(rule)
            .filter(({ l4 }) => !l4)
            .slice(0, 1),
        )
      : [];
    if (enforced && unseen.length === 0) return [];
    const ambient = listSelected(snapshot, { namespace, selector }).filter(
      key => proxyOf(snapshot, key) === 'ambient',
    );
    if (ambient.length === 0) return [];
    const where = describeWorkloads(ambient, namespace);
    return enforced
      ? unseen.map(({ name, fieldPath }) => ({
          message: `At ${where} ztunnel cannot see ${name}: ${
            action === 'ALLOW'
              ? 'the rule is dropped and lets nobody in'
              : 'the rule is not enforced as written'
          }.`,
          path: fieldPath,
        }))
      : [
          {
            message: `At ${where} it is not enforced: ztunnel does not know the action ${action}.`,
            path: 'spec.action',
          },
        ];
  },
};
