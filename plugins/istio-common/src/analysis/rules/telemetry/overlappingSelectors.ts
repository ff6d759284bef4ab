import { compareByAge, namespacedName } from '../../../resources/objectKey';
import { findOverlap } from '../../selection/findOverlap';
import { readOwnSelector } from '../../selection/ownSelector';
import type { Rule } from '../../types';

/**
 * Source: istio/istio analyzers/telemetry/selector.go; pilot/pkg/model/telemetry.go applicableTelemetries:
 * all that fit are put together in the order of their age, later ones override (1.31).
 */
export const overlappingTelemetries: Rule = {
  code: 'ISB1010',
  name: 'telemetry-overlapping-selectors',
  title: 'Two Telemetries select the same workload',
  severity: 'warning',
  explanation:
    'Istio puts them together in the order of their age, and where both set something the younger one counts. A Telemetry that is written again gets another age, and with it another outcome.',
  remedy:
    'Make the selectors exclude each other, or put the settings into one Telemetry.',
  equivalents: ['IST0159', 'KIA0003'],
  subjects: ['Telemetry'],
  inputs: ['Pod', 'Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'],
  reach: 'namespace',
  check(subject, { snapshot }) {
    const own = readOwnSelector(subject);
    if (!own) return [];
    const { namespace = '' } = subject.metadata;
    return snapshot
      .inNamespace('Telemetry', namespace)
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
            message: `${name} selects ${shared} too: where both set something, ${
              compareByAge(subject, other) < 0 ? name : 'this one'
            } counts, the younger.`,
            path: own.path,
          },
        ];
      });
  },
};
