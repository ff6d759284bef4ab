import { readAuthorizationPolicy } from '../../../resources/authorizationPolicy';
import { describeSelector, isEmptySelector } from '../../../resources/selector';
import { proxyOf } from '../../facts/workloadProxy';
import {
  describeWorkloads,
  listSelected,
  MACHINE_KINDS,
  selectsMachine,
  WORKLOAD_KINDS,
} from '../../selectedWorkloads';
import type { Rule } from '../../types';

/** Source: istio/istio analyzers/authz/authorizationpolicies.go. */
export const policySelectsNothing: Rule = {
  code: 'ISB0601',
  name: 'authorization-policy-selects-nothing',
  title: 'An AuthorizationPolicy is enforced at no workload',
  severity: 'warning',
  explanation:
    'No pod in the mesh carries the labels the policy selects by, or those that do run without a proxy. Nothing is allowed or denied by it.',
  remedy:
    'Correct the labels: a policy selects by the labels of the pods, in its own namespace, or from the root namespace in all. Delete it if the workload is gone.',
  equivalents: ['IST0127', 'KIA0004'],
  subjects: ['AuthorizationPolicy'],
  inputs: [...WORKLOAD_KINDS, ...MACHINE_KINDS, 'Namespace'],
  reach: 'namespace',
  reachOf: { AuthorizationPolicy: 'object' },
  check(subject, { snapshot }) {
    const { selector = {}, targets } = readAuthorizationPolicy(subject);
    const { namespace = '' } = subject.metadata;
    const inRoot = namespace === snapshot.rootNamespace;
    const wide = isEmptySelector(selector);
    if (targets.length > 0 || (inRoot && wide)) return [];
    const selection = { namespace, selector };
    if (selectsMachine(snapshot, selection)) return [];
    const workloads = listSelected(snapshot, selection);
    const where = inRoot ? 'the mesh' : namespace;
    if (workloads.length === 0) {
      return [
        wide
          ? {
              message: `No workload runs in ${where}.`,
              path: 'spec',
              severity: 'info',
            }
          : {
              message: `No pod in ${where} has the labels ${describeSelector(
                selector,
              )}.`,
              path: 'spec.selector.matchLabels',
            },
      ];
    }
    const outside = workloads.every(key => proxyOf(snapshot, key) === 'none');
    return outside
      ? [
          {
            message: `Nobody enforces it: ${describeWorkloads(
              workloads,
              namespace,
            )} run without a proxy.`,
            path: wide ? 'spec' : 'spec.selector.matchLabels',
          },
        ]
      : [];
  },
};
