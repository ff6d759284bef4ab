import { compilePolicy } from '../../../mesh/authorization/compilePolicy';
import { selectPolicies } from '../../../mesh/authorization/selectPolicies';
import { readAuthorizationPolicy } from '../../../resources/authorizationPolicy';
import { memoizeByIdentity } from '../../../resources/memoize';
import { compareByAge, namespacedName } from '../../../resources/objectKey';
import { isEmptySelector } from '../../../resources/selector';
import type { KubeObject } from '../../../resources/types';
import { readWorkload } from '../../../resources/workload';
import type { WorkloadKey } from '../../../snapshot/types';
import { proxyOf } from '../../facts/workloadProxy';
import { CONTROLLER_KINDS, WORKLOAD_KINDS } from '../../selectedWorkloads';
import type { Rule } from '../../types';

function allowsSome(policy: KubeObject): boolean {
  const { action, selector, targets, dryRun } = readAuthorizationPolicy(policy);
  return (
    action === 'ALLOW' &&
    !dryRun &&
    targets.length === 0 &&
    !isEmptySelector(selector ?? {}) &&
    compilePolicy(policy).length > 0
  );
}

/** The oldest of a namespace's policies that lets somebody call a workload. */
const findNeighbour = memoizeByIdentity(
  (policies: readonly KubeObject[]): KubeObject | undefined =>
    policies.filter(allowsSome).sort(compareByAge)[0],
);

/**
 * Kiali tells of every workload without policy. That is every workload of a mesh that uses none, so here
 * its neighbours must have shown that the namespace means to say who may call.
 */
export const workloadUncovered: Rule = {
  code: 'ISB0627',
  name: 'workload-without-authorization',
  title: 'Anybody may call a workload whose neighbours are protected',
  severity: 'info',
  explanation:
    'Where no ALLOW policy selects a workload, every call to it that no DENY policy matches is allowed. Policies of the namespace select its other workloads by labels and leave this one out.',
  remedy:
    'Add an ALLOW policy for the workload, or one without rules for the namespace so that what is not allowed is denied.',
  equivalents: ['KIA1301'],
  subjects: CONTROLLER_KINDS,
  inputs: [...WORKLOAD_KINDS, 'Namespace', 'Service', 'AuthorizationPolicy'],
  reach: 'namespace',
  check(subject, { snapshot }) {
    const { namespace = '', name } = subject.metadata;
    const key = { kind: subject.kind as WorkloadKey['kind'], namespace, name };
    const neighbour = findNeighbour(
      snapshot.inNamespace('AuthorizationPolicy', namespace),
    );
    if (
      !neighbour ||
      snapshot.servicesOf(key).length === 0 ||
      proxyOf(snapshot, key) !== 'sidecar'
    ) {
      return [];
    }
    const covered = selectPolicies({
      snapshot,
      kind: 'AuthorizationPolicy',
      subject: { namespace, labels: readWorkload(subject).labels },
    }).some(policy => {
      const { action, dryRun } = readAuthorizationPolicy(policy);
      return !dryRun && (action === 'ALLOW' || action === 'CUSTOM');
    });
    return covered
      ? []
      : [
          {
            message: `No ALLOW policy covers it, unlike what ${namespacedName(
              neighbour.metadata,
            )} selects: anybody may call it.`,
            path: 'spec.template.metadata.labels',
          },
        ];
  },
};
