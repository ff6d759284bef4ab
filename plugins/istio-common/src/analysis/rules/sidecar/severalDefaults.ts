import { fieldsOf, labelsOf } from '../../../resources/fields';
import { compareByAge, namespacedName } from '../../../resources/objectKey';
import type { KubeObject } from '../../../resources/types';
import type { Rule } from '../../types';

function isDefault(sidecar: KubeObject): boolean {
  const { labels } = fieldsOf(fieldsOf(sidecar.spec).workloadSelector);
  return Object.keys(labelsOf(labels)).length === 0;
}

/** Source: istio/istio analyzers/sidecar/defaultselector.go; the order is that of pilot/pkg/model sidecar scopes. */
export const severalDefaults: Rule = {
  code: 'ISB0701',
  name: 'sidecar-several-defaults',
  title: 'A namespace has more than one Sidecar without workload selector',
  severity: 'error',
  explanation:
    'Istio takes one of them, the oldest, for all workloads of the namespace and ignores the others without a word. What the others allow or hide is not in force.',
  remedy:
    'Keep one Sidecar without selector per namespace; merge the egress hosts of the others into it or give them a selector.',
  equivalents: ['IST0111', 'KIA0002'],
  subjects: ['Sidecar'],
  inputs: [],
  reach: 'namespace',
  check(subject, { snapshot }) {
    if (!isDefault(subject)) return [];
    const [oldest, ...rest] = snapshot
      .inNamespace('Sidecar', subject.metadata.namespace ?? '')
      .filter(isDefault)
      .sort(compareByAge);
    if (rest.length === 0) return [];
    const others = [oldest, ...rest]
      .filter(other => other !== subject)
      .map(other => namespacedName(other.metadata));
    return [
      {
        message:
          subject === oldest
            ? `Also without selector: ${others.join(
                ', ',
              )}. This one, the oldest, is in force.`
            : `Ignored: ${namespacedName(
                oldest.metadata,
              )} is older and has no selector either.`,
        path: 'spec.workloadSelector',
      },
    ];
  },
};
