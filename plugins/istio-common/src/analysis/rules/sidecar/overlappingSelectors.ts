import { compareByAge, namespacedName } from '../../../resources/objectKey';
import { findOverlap } from '../../selection/findOverlap';
import { readOwnSelector } from '../../selection/ownSelector';
import type { Rule } from '../../types';

/**
 * Source: istio/istio analyzers/sidecar/selector.go; pilot/pkg/model PushContext.getSidecarScope for which
 * one is in force.
 */
export const overlappingSidecars: Rule = {
  code: 'ISB0703',
  name: 'sidecar-overlapping-selectors',
  title: 'Two Sidecars select the same workload',
  severity: 'error',
  explanation:
    'Sidecars are not merged. The workload gets the oldest one that selects it and nothing of the others: what they import is hidden, what they hide is open.',
  remedy:
    'Make the selectors exclude each other, or put everything the workload needs into one Sidecar.',
  equivalents: ['IST0110', 'KIA0003'],
  subjects: ['Sidecar'],
  inputs: ['Pod', 'Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'],
  reach: 'namespace',
  check(subject, { snapshot }) {
    const own = readOwnSelector(subject);
    if (!own) return [];
    const { namespace = '' } = subject.metadata;
    return snapshot
      .inNamespace('Sidecar', namespace)
      .filter(other => other !== subject)
      .sort(compareByAge)
      .flatMap(other => {
        const selector = readOwnSelector(other);
        const shared =
          selector &&
          findOverlap(snapshot, namespace, [own.labels, selector.labels]);
        if (!shared) return [];
        const name = namespacedName(other.metadata);
        return [
          {
            message:
              compareByAge(subject, other) < 0
                ? `${name} selects ${shared} too and is ignored there: this Sidecar is older.`
                : `Ignored for ${shared}: ${name} selects it too and is older.`,
            path: own.path,
          },
        ];
      });
  },
};
