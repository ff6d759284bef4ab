import { compareByAge, namespacedName } from '../../../resources/objectKey';
import { readPeerAuthentication } from '../../../resources/peerAuthentication';
import { matchesLabels } from '../../../resources/selector';
import { readWorkload } from '../../../resources/workload';
import {
  describeWorkloads,
  listSelected,
  WORKLOAD_KINDS,
} from '../../selectedWorkloads';
import type { Rule } from '../../types';

/** Source: istio/istio pilot/pkg/security/authn ComposePeerAuthentication: the oldest per workload. */
export const overlappingPeerPolicies: Rule = {
  code: 'ISB0503',
  name: 'peer-authentication-overlapping-selectors',
  title: 'Two PeerAuthentications select the same workload',
  severity: 'error',
  explanation:
    'Istio takes the oldest policy that selects a workload and ignores the others whole, port exceptions included.',
  remedy:
    'Make one policy of them, or make their selectors exclude each other.',
  equivalents: ['KIA0003'],
  subjects: ['PeerAuthentication'],
  inputs: WORKLOAD_KINDS,
  reach: 'namespace',
  check(subject, { snapshot }) {
    const { selector } = readPeerAuthentication(subject);
    const { namespace = '' } = subject.metadata;
    if (!selector || namespace === snapshot.rootNamespace) return [];
    const older = snapshot
      .inNamespace('PeerAuthentication', namespace)
      .filter(other => compareByAge(other, subject) < 0)
      .sort(compareByAge);
    if (older.length === 0) return [];
    const workloads = listSelected(snapshot, { namespace, selector });
    const lost = workloads.flatMap(key => {
      const object = snapshot.workload(key);
      const labels = object ? readWorkload(object).labels : {};
      const winner = older.find(other => {
        const view = readPeerAuthentication(other);
        return view.selector && matchesLabels(view.selector, labels);
      });
      return winner ? [{ key, winner }] : [];
    });
    return lost.length === 0
      ? []
      : [
          {
            message: `Ignored for ${describeWorkloads(
              lost.map(({ key }) => key),
              namespace,
            )}: ${[
              ...new Set(
                lost.map(({ winner }) => namespacedName(winner.metadata)),
              ),
            ]
              .sort()
              .join(', ')} is older and selects the same pods.`,
            path: 'spec.selector.matchLabels',
          },
        ];
  },
};
