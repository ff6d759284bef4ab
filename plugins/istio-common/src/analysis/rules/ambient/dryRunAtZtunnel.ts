import { readAuthorizationPolicy } from '../../../resources/authorizationPolicy';
import { proxyOf } from '../../facts/workloadProxy';
import {
  describeWorkloads,
  listSelected,
  WORKLOAD_KINDS,
} from '../../selectedWorkloads';
import type { Rule } from '../../types';

/** Source: istio/istio pilot/pkg/serviceregistry/ambient convertAuthorizationPolicy; AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY is off by default. */
export const dryRunAtZtunnel: Rule = {
  code: 'ISB1110',
  name: 'ambient-policy-dry-run',
  title: 'A policy is tried out at ztunnel, which does not report it',
  severity: 'warning',
  explanation:
    'Unless istiod runs with AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY, a policy with the dry-run annotation is not sent to ztunnel at all: it is neither enforced nor reported, so the silence of the reports proves nothing.',
  remedy:
    'Try it out at a waypoint (attach it to the Service by targetRefs), or have the feature turned on.',
  equivalents: [],
  subjects: ['AuthorizationPolicy'],
  inputs: [...WORKLOAD_KINDS, 'Namespace'],
  reach: 'namespace',
  reachOf: { AuthorizationPolicy: 'object' },
  check(subject, { snapshot }) {
    const { dryRun, selector, targets } = readAuthorizationPolicy(subject);
    const { namespace = '' } = subject.metadata;
    if (!dryRun || targets.length > 0) return [];
    const ambient = listSelected(snapshot, { namespace, selector }).filter(
      key => proxyOf(snapshot, key) === 'ambient',
    );
    return ambient.length === 0
      ? []
      : [
          {
            message: `At ${describeWorkloads(
              ambient,
              namespace,
            )} it is neither enforced nor reported: ztunnel does not get it.`,
            path: "metadata.annotations['istio.io/dry-run']",
          },
        ];
  },
};
