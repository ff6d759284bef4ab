import { selectPolicies } from '../../../mesh/authorization/selectPolicies';
import { readAuthorizationPolicy } from '../../../resources/authorizationPolicy';
import { namespacedName } from '../../../resources/objectKey';
import type { KubeObject } from '../../../resources/types';
import { readWorkload } from '../../../resources/workload';
import { proxyOf } from '../../facts/workloadProxy';
import {
  describeWorkloads,
  listSelected,
  WORKLOAD_KINDS,
} from '../../selectedWorkloads';
import type { Rule } from '../../types';

function isCustom(policy: KubeObject): boolean {
  return readAuthorizationPolicy(policy).action === 'CUSTOM';
}

/** Source: istio/istio pilot/pkg/security/authz/builder; PILOT_ENABLE_MULTIPLE_CUSTOM_AUTHZ_PROVIDERS is off by default. */
export const severalProviders: Rule = {
  code: 'ISB0628',
  name: 'authorization-policy-several-providers',
  title: 'CUSTOM policies send one workload’s requests to two providers',
  severity: 'error',
  explanation:
    'Unless istiod runs with PILOT_ENABLE_MULTIPLE_CUSTOM_AUTHZ_PROVIDERS, one workload may have one external authorization provider. With two, Istio denies every request that one of the rules matches.',
  remedy: 'Use one provider for all CUSTOM policies of a workload.',
  equivalents: [],
  subjects: ['AuthorizationPolicy'],
  inputs: [...WORKLOAD_KINDS, 'Namespace'],
  reach: 'namespace',
  check(subject, { snapshot }) {
    const { selector, targets, provider } = readAuthorizationPolicy(subject);
    const { namespace = '' } = subject.metadata;
    if (!isCustom(subject) || targets.length > 0) return [];
    const others = new Set<string>();
    const workloads = listSelected(snapshot, { namespace, selector }).filter(
      key => {
        const object = snapshot.workload(key);
        if (!object || proxyOf(snapshot, key) !== 'sidecar') {
          return false;
        }
        const { labels } = readWorkload(object);
        const rivals = selectPolicies({
          snapshot,
          kind: 'AuthorizationPolicy',
          subject: { namespace: key.namespace, labels },
        }).filter(
          other =>
            isCustom(other) &&
            readAuthorizationPolicy(other).provider !== provider,
        );
        rivals.forEach(({ metadata }) => others.add(namespacedName(metadata)));
        return rivals.length > 0;
      },
    );
    return workloads.length === 0
      ? []
      : [
          {
            message: `${describeWorkloads(workloads, namespace)}: ${[...others]
              .sort()
              .join(
                ', ',
              )} names another provider than ${provider}, so Istio denies.`,
            path: 'spec.provider.name',
          },
        ];
  },
};
