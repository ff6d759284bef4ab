import { isFields, fieldsOf, listOf } from '../../../resources/fields';
import type { PolicyTarget } from '../../../resources/policyTarget';
import type { KubeObject } from '../../../resources/types';
import type { MeshSnapshot } from '../../../snapshot/types';
import { readAttachment } from '../../facts/policySubject';
import type { Rule } from '../../types';

const WAYPOINT_CLASS = 'istio-waypoint';

/** Why Istio attaches the policy to nothing by this target; undefined: it does. */
function explainTarget(
  snapshot: MeshSnapshot,
  policy: KubeObject,
  target: PolicyTarget,
): string | undefined {
  const { namespace = '' } = policy.metadata;
  const { kind, name } = target;
  if (target.namespace !== undefined && target.namespace !== namespace) {
    return `only the policy’s own namespace can be meant, not ${target.namespace}`;
  }
  const there = {
    Service: () => snapshot.get('Service', namespace, name),
    ServiceEntry: () => snapshot.get('ServiceEntry', namespace, name),
    Gateway: () => snapshot.get('KubernetesGateway', namespace, name),
  };
  switch (kind) {
    case 'Service':
    case 'ServiceEntry':
    case 'Gateway':
      return there[kind]()
        ? undefined
        : `there is no ${kind} ${namespace}/${name}${
            kind === 'Gateway' ? ' of the Gateway API' : ''
          }`;
    case 'GatewayClass':
      if (name !== WAYPOINT_CLASS) {
        return `of GatewayClasses only ${WAYPOINT_CLASS} can be meant`;
      }
      return namespace === snapshot.rootNamespace
        ? undefined
        : `the GatewayClass can be meant from the root namespace ${snapshot.rootNamespace} only`;
    default:
      return 'it is no Service, ServiceEntry, Gateway or GatewayClass with its group';
  }
}

/** Source: istio/istio pilot/pkg/model WorkloadPolicyMatcher.ShouldAttachPolicy. */
export const targetWithoutEffect: Rule = {
  code: 'ISB0611',
  name: 'policy-target-without-effect',
  title: 'A policy is attached to a target that is not there',
  severity: 'error',
  explanation:
    'A policy with targetRefs is enforced by the gateway or waypoint of its target and nowhere else. Without the target nobody enforces it.',
  remedy:
    'Correct the name, kind or group of the target; it must be in the namespace of the policy.',
  equivalents: [],
  subjects: ['AuthorizationPolicy', 'RequestAuthentication'],
  inputs: ['Service', 'ServiceEntry', 'KubernetesGateway'],
  reach: 'namespace',
  reachOf: {
    AuthorizationPolicy: 'object',
    RequestAuthentication: 'object',
  },
  check(subject, { snapshot }) {
    const { targets } = readAttachment(subject);
    const spec = fieldsOf(subject.spec);
    const single =
      listOf(spec.targetRefs).length === 0 && isFields(spec.targetRef);
    return targets.flatMap((target, index) => {
      const why = explainTarget(snapshot, subject, target);
      return why === undefined
        ? []
        : [
            {
              message: `Nobody enforces it by this target: ${why}.`,
              path: single ? 'spec.targetRef' : `spec.targetRefs[${index}]`,
            },
          ];
    });
  },
};
