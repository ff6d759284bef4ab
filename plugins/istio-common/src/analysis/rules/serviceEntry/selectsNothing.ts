import { describeSelector } from '../../../resources/selector';
import { readOwnSelector } from '../../selection/ownSelector';
import {
  selectsWorkload,
  SELECTABLE_KINDS,
} from '../../selection/selectsWorkload';
import type { Rule } from '../../types';

/** Source: istio/istio pilot/pkg/serviceregistry/serviceentry, workloads are looked for in the namespace only. */
export const entrySelectsNothing: Rule = {
  code: 'ISB0406',
  name: 'service-entry-selects-nothing',
  title: 'The workload selector of a ServiceEntry finds nothing',
  severity: 'warning',
  explanation:
    'The endpoints of the host are the pods and WorkloadEntries of the same namespace that carry the labels. There are none, so requests to it are answered with 503.',
  remedy:
    'Correct the labels, or move the ServiceEntry into the namespace of the workloads.',
  equivalents: [],
  subjects: ['ServiceEntry'],
  inputs: SELECTABLE_KINDS,
  reach: 'namespace',
  reachOf: { ServiceEntry: 'object' },
  check(subject, { snapshot }) {
    const selector = readOwnSelector(subject);
    const { namespace = '' } = subject.metadata;
    if (!selector || selectsWorkload(snapshot, selector.labels, namespace)) {
      return [];
    }
    return [
      {
        message: `Nothing in ${namespace} carries ${describeSelector(
          selector.labels,
        )}: its hosts have no endpoint.`,
        path: selector.path,
      },
    ];
  },
};
