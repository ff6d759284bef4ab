import { readRequestAuthentication } from '../../../resources/requestAuthentication';
import { describeSelector, isEmptySelector } from '../../../resources/selector';
import {
  listSelected,
  MACHINE_KINDS,
  selectsMachine,
  WORKLOAD_KINDS,
} from '../../selectedWorkloads';
import type { Rule } from '../../types';

export const authenticationSelectsNothing: Rule = {
  code: 'ISB0626',
  name: 'request-authentication-selects-nothing',
  title: 'A RequestAuthentication selects no workload',
  severity: 'warning',
  explanation:
    'Its selector matches the labels of no pod, so tokens are verified nowhere by it. Rules that ask for a request principal then never match.',
  remedy:
    'Correct the labels: it selects by the labels of the pods, in its own namespace, or from the root namespace in all.',
  equivalents: ['KIA0004'],
  subjects: ['RequestAuthentication'],
  inputs: [...WORKLOAD_KINDS, ...MACHINE_KINDS],
  reach: 'namespace',
  reachOf: { RequestAuthentication: 'object' },
  check(subject, { snapshot }) {
    const { selector = {}, targets } = readRequestAuthentication(subject);
    const { namespace = '' } = subject.metadata;
    const selection = { namespace, selector };
    if (
      targets.length > 0 ||
      isEmptySelector(selector) ||
      listSelected(snapshot, selection).length > 0 ||
      selectsMachine(snapshot, selection)
    ) {
      return [];
    }
    const where = namespace === snapshot.rootNamespace ? 'the mesh' : namespace;
    return [
      {
        message: `No pod in ${where} has the labels ${describeSelector(
          selector,
        )}.`,
        path: 'spec.selector.matchLabels',
      },
    ];
  },
};
