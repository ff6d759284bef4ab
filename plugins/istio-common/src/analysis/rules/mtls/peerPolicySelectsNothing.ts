import { readPeerAuthentication } from '../../../resources/peerAuthentication';
import { describeSelector } from '../../../resources/selector';
import {
  listSelected,
  MACHINE_KINDS,
  selectsMachine,
  WORKLOAD_KINDS,
} from '../../selectedWorkloads';
import type { Rule } from '../../types';

export const peerPolicySelectsNothing: Rule = {
  code: 'ISB0505',
  name: 'peer-authentication-selects-nothing',
  title: 'A PeerAuthentication selects no workload',
  severity: 'warning',
  explanation:
    'Its selector matches the labels of no pod of its namespace, so the mode it sets is in force nowhere.',
  remedy:
    'Correct the labels, or delete the policy if the workload is gone. A PeerAuthentication selects by the labels of the pods, not of the Deployment or Service.',
  equivalents: ['KIA0004'],
  subjects: ['PeerAuthentication'],
  inputs: [...WORKLOAD_KINDS, ...MACHINE_KINDS],
  reach: 'namespace',
  reachOf: { PeerAuthentication: 'object' },
  check(subject, { snapshot }) {
    const { selector } = readPeerAuthentication(subject);
    const { namespace = '' } = subject.metadata;
    if (!selector || namespace === snapshot.rootNamespace) return [];
    const selection = { namespace, selector };
    if (
      listSelected(snapshot, selection).length > 0 ||
      selectsMachine(snapshot, selection)
    ) {
      return [];
    }
    return [
      {
        message: `No pod in ${namespace} has the labels ${describeSelector(
          selector,
        )}.`,
        path: 'spec.selector.matchLabels',
      },
    ];
  },
};
