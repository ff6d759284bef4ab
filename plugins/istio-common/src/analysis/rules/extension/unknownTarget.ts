import { fieldsListOf, fieldsOf } from '../../../resources/fields';
import type { KindName } from '../../../resources/kinds';
import {
  readPolicyTargets,
  type PolicyTarget,
} from '../../../resources/policyTarget';
import type { Rule } from '../../types';

const KINDS: Readonly<Record<PolicyTarget['kind'], KindName | undefined>> = {
  Service: 'Service',
  ServiceEntry: 'ServiceEntry',
  Gateway: 'KubernetesGateway',
  // Classes are the platform's, other kinds are no targets.
  GatewayClass: undefined,
  other: undefined,
};

/** Source: istio/istio pilot/pkg/model/policyattachment.go ShouldAttachPolicy (1.31). */
export const extensionUnknownTarget: Rule = {
  code: 'ISB1008',
  name: 'extension-unknown-target',
  title:
    'A Telemetry, WasmPlugin or EnvoyFilter names a target that does not exist',
  severity: 'error',
  explanation:
    'With targetRefs the object applies to those Gateways, Services and ServiceEntries only, and to no sidecar. A target is looked for in the namespace of the object; it is not there, so the object is in force nowhere through it.',
  remedy:
    'Correct the name, or write the object in the namespace of its target.',
  equivalents: [],
  subjects: ['Telemetry', 'WasmPlugin', 'EnvoyFilter'],
  inputs: ['Service', 'ServiceEntry', 'KubernetesGateway'],
  reach: 'namespace',
  check(subject, { snapshot }) {
    const spec = fieldsOf(subject.spec);
    const { namespace = '' } = subject.metadata;
    const isList = fieldsListOf(spec.targetRefs).length > 0;
    return readPolicyTargets(spec).flatMap((target, index) => {
      const kind = KINDS[target.kind];
      const isElsewhere =
        target.namespace !== undefined && target.namespace !== namespace;
      if (
        !kind ||
        (!isElsewhere && snapshot.get(kind, namespace, target.name))
      ) {
        return [];
      }
      return [
        {
          message: isElsewhere
            ? `${target.kind} ${target.namespace}/${target.name} is in another namespace, where targets are never looked for.`
            : `There is no ${target.kind} ${namespace}/${target.name}: it is in force nowhere through it.`,
          path: isList ? `spec.targetRefs[${index}]` : 'spec.targetRef',
        },
      ];
    });
  },
};
