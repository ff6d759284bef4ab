import { describeSelector } from '../../../resources/selector';
import { readOwnSelector } from '../../selection/ownSelector';
import {
  selectsWorkload,
  SELECTABLE_KINDS,
} from '../../selection/selectsWorkload';
import type { Rule } from '../../types';

/** Source: istio/istio analyzers/sidecar/selector.go. */
export const sidecarSelectsNothing: Rule = {
  code: 'ISB0702',
  name: 'sidecar-selects-nothing',
  title: 'The workload selector of a Sidecar finds nothing',
  severity: 'warning',
  explanation:
    'A Sidecar with a selector is for workloads of its own namespace that carry all the labels. None does, so what it hides or opens is in force nowhere. In the root namespace too a selector reaches no other namespace: only a Sidecar without selector is the default of the mesh there.',
  remedy:
    'Correct the labels, move the Sidecar into the namespace of the workloads, or remove the selector if it is meant for all of them.',
  equivalents: ['IST0101', 'KIA0004', 'KIA1006'],
  subjects: ['Sidecar'],
  inputs: SELECTABLE_KINDS,
  reach: 'namespace',
  reachOf: { Sidecar: 'object' },
  check(subject, { snapshot }) {
    const selector = readOwnSelector(subject);
    const { namespace = '' } = subject.metadata;
    if (!selector || selectsWorkload(snapshot, selector.labels, namespace)) {
      return [];
    }
    const reach =
      namespace === snapshot.rootNamespace
        ? ' A selector in the root namespace reaches no other one.'
        : '';
    return [
      {
        message: `No workload of ${namespace} carries ${describeSelector(
          selector.labels,
        )}: the Sidecar is in force nowhere.${reach}`,
        path: selector.path,
      },
    ];
  },
};
