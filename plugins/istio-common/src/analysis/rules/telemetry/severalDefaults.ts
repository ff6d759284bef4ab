import { fieldsOf } from '../../../resources/fields';
import { compareByAge, namespacedName } from '../../../resources/objectKey';
import { readPolicyTargets } from '../../../resources/policyTarget';
import type { KubeObject } from '../../../resources/types';
import { readOwnSelector } from '../../selection/ownSelector';
import type { Rule } from '../../types';

/** Whether it is for its whole namespace, or from the root namespace for the mesh. */
export function isDefaultTelemetry(object: KubeObject): boolean {
  return (
    !readOwnSelector(object) &&
    readPolicyTargets(fieldsOf(object.spec)).length === 0
  );
}

/**
 * Source: istio/istio analyzers/telemetry/default_selector.go; pilot/pkg/model/telemetry.go
 * namespaceWideTelemetryConfig for which one is in force (1.31).
 */
export const telemetrySeveralDefaults: Rule = {
  code: 'ISB1009',
  name: 'telemetry-several-defaults',
  title: 'A namespace has more than one Telemetry for all its workloads',
  severity: 'error',
  explanation:
    'Istio takes the oldest Telemetry without selector and target for the namespace and ignores the others. Metrics, tracing and logs that they set are not in force.',
  remedy: 'Put the settings into one Telemetry, or give the others a selector.',
  equivalents: ['IST0160', 'KIA0002'],
  subjects: ['Telemetry'],
  inputs: [],
  reach: 'namespace',
  check(subject, { snapshot }) {
    if (!isDefaultTelemetry(subject)) return [];
    const [oldest, ...rest] = snapshot
      .inNamespace('Telemetry', subject.metadata.namespace ?? '')
      .filter(isDefaultTelemetry)
      .sort(compareByAge);
    if (rest.length === 0) return [];
    return [
      {
        message:
          subject === oldest
            ? `Also without selector: ${rest
                .map(({ metadata }) => namespacedName(metadata))
                .join(', ')}. This one, the oldest, is in force.`
            : `Ignored: ${namespacedName(
                oldest.metadata,
              )} is older and has no selector either.`,
        path: 'spec.selector',
      },
    ];
  },
};
