import { fieldsOf } from '../../../resources/fields';
import { readPolicyTargets } from '../../../resources/policyTarget';
import { readOwnSelector } from '../../selection/ownSelector';
import type { Rule } from '../../types';

/** Source: istio/istio pilot/pkg/model PushContext.EnvoyFilters (1.31). */
export const envoyFilterUnscoped: Rule = {
  code: 'ISB1006',
  name: 'envoy-filter-unscoped',
  title: 'An EnvoyFilter changes every proxy that it reaches',
  severity: 'info',
  explanation:
    'Without workload selector or target it is applied to all proxies of its namespace, and in the root namespace to all of the mesh. Its patches are checked by nobody before they reach a proxy, and may fit no more after an upgrade.',
  remedy:
    'Select the workloads that need it, and keep what is for the whole mesh to the few who run it.',
  equivalents: [],
  subjects: ['EnvoyFilter'],
  inputs: [],
  reach: 'object',
  check(subject, { snapshot }) {
    if (
      readOwnSelector(subject) ||
      readPolicyTargets(fieldsOf(subject.spec)).length > 0
    ) {
      return [];
    }
    const { namespace = '' } = subject.metadata;
    const isRoot = namespace === snapshot.rootNamespace;
    return [
      {
        message: `It selects no workload: it changes every proxy of ${
          isRoot ? 'the mesh' : namespace
        }.`,
        path: 'spec.workloadSelector',
        ...(isRoot && { severity: 'warning' as const }),
      },
    ];
  },
};
