import { readDestinationRule } from '../../../resources/destinationRule';
import { describeSelector } from '../../../resources/selector';
import {
  MACHINE_KINDS,
  selectsMachine,
  WORKLOAD_KINDS,
} from '../../selectedWorkloads';
import type { Rule } from '../../types';

/** Source: istio/istio pilot/pkg/model SidecarScope.DestinationRule: for callers of its own namespace only. */
export const callersSelectNothing: Rule = {
  code: 'ISB0216',
  name: 'destination-rule-callers-select-nothing',
  title: 'A DestinationRule selects callers that are not there',
  severity: 'warning',
  explanation:
    'With workloadSelector a DestinationRule is for the selected callers of its own namespace and nobody else, whatever exportTo says. No workload there has the labels.',
  remedy:
    'Correct the labels, move it to the namespace of the callers, or remove the selector.',
  equivalents: ['KIA0004'],
  subjects: ['DestinationRule'],
  inputs: [...WORKLOAD_KINDS, ...MACHINE_KINDS],
  reach: 'namespace',
  needs: ['workloads'],
  check(subject, { snapshot }) {
    const selector = readDestinationRule(subject).workloadSelector;
    const { namespace = '' } = subject.metadata;
    return !selector ||
      snapshot.workloadsMatching(namespace, selector).length > 0 ||
      selectsMachine(snapshot, { namespace, selector })
      ? []
      : [
          {
            message: `No workload of ${namespace} has the labels ${describeSelector(
              selector,
            )}: the rule is for nobody.`,
            path: 'spec.workloadSelector',
          },
        ];
  },
};
