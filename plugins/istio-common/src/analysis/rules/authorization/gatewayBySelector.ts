import { GATEWAY_NAME } from '../../../mesh/gatewayWorkload';
import { fieldsOf, isFields, labelsOf } from '../../../resources/fields';
import { readKubernetesGateway } from '../../../resources/gateway';
import { isEmptySelector } from '../../../resources/selector';
import type { KubeObject } from '../../../resources/types';
import type { MeshSnapshot } from '../../../snapshot/types';
import type { Rule } from '../../types';

/** Names of Gateway API gateways whose pods the selector finds. */
function listGateways(snapshot: MeshSnapshot, policy: KubeObject): string[] {
  const { selector, targetRef } = fieldsOf(policy.spec);
  const { namespace = '' } = policy.metadata;
  if (!isFields(selector) || targetRef !== undefined) return [];
  const labels = labelsOf(selector.matchLabels);
  const pods = isEmptySelector(labels)
    ? snapshot.inNamespace('Pod', namespace)
    : snapshot.podsMatching(namespace, labels);
  return [
    ...new Set(
      pods.flatMap(({ metadata }) => metadata.labels?.[GATEWAY_NAME] ?? []),
    ),
  ].sort();
}

/** Source: istio/istio analyzers/k8sgateway/workloadselector.go; pilot/pkg/model ShouldAttachPolicy. */
export const gatewayBySelector: Rule = {
  code: 'ISB0625',
  name: 'policy-selects-gateway-by-labels',
  title: 'A policy selects a Gateway API gateway by labels',
  severity: 'warning',
  explanation:
    'A waypoint never looks at policies that select by labels, so the policy is not enforced there. Other Gateway API gateways do, but only as long as istiod runs with ENABLE_SELECTOR_BASED_K8S_GATEWAY_POLICY.',
  remedy:
    'Attach the policy to the Gateway, or for a waypoint to the Service, by targetRefs.',
  equivalents: ['IST0166'],
  subjects: [
    'AuthorizationPolicy',
    'RequestAuthentication',
    'Telemetry',
    'WasmPlugin',
  ],
  inputs: ['Pod', 'KubernetesGateway'],
  reach: 'namespace',
  reachOf: {
    AuthorizationPolicy: 'object',
    RequestAuthentication: 'object',
    Telemetry: 'object',
    WasmPlugin: 'object',
  },
  check(subject, { snapshot }) {
    const { namespace = '' } = subject.metadata;
    return listGateways(snapshot, subject).map(name => {
      const gateway = snapshot.get('KubernetesGateway', namespace, name);
      const waypoint = gateway && readKubernetesGateway(gateway).waypoint;
      return waypoint
        ? {
            message: `The waypoint ${namespace}/${name} ignores it: waypoints take policies by targetRefs only.`,
            path: 'spec.selector',
            severity: 'error',
          }
        : {
            message: `It selects the Gateway ${namespace}/${name} by labels; targetRefs is the way to attach it.`,
            path: 'spec.selector',
          };
    });
  },
};
