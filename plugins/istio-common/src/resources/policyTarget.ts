import { Fields, fieldsListOf, fieldsOf, isFields, textOf } from './fields';

/** What a policy is attached to, instead of selecting workloads by labels. */
export interface PolicyTarget {
  kind: 'Service' | 'ServiceEntry' | 'Gateway' | 'GatewayClass' | 'other';
  name: string;
  /** Istio knows only the policy's own namespace; another one never matches. */
  namespace?: string;
}

const KINDS: Readonly<Record<string, PolicyTarget['kind']>> = {
  '/Service': 'Service',
  'core/Service': 'Service',
  'networking.istio.io/ServiceEntry': 'ServiceEntry',
  'gateway.networking.k8s.io/Gateway': 'Gateway',
  'gateway.networking.k8s.io/GatewayClass': 'GatewayClass',
};

/**
 * `targetRefs`, or the older `targetRef` where the list is empty.
 *
 * Source: istio/istio pilot/pkg/model GetTargetRefs.
 */
export function readPolicyTargets(spec: Fields): readonly PolicyTarget[] {
  const list = fieldsListOf(spec.targetRefs);
  if (list.length > 0) {
    return list.map(readTarget);
  }
  return isFields(spec.targetRef) ? [readTarget(fieldsOf(spec.targetRef))] : [];
}

function readTarget(fields: Fields): PolicyTarget {
  const target: PolicyTarget = {
    kind:
      KINDS[`${textOf(fields.group) ?? ''}/${textOf(fields.kind) ?? ''}`] ??
      'other',
    name: textOf(fields.name) ?? '',
  };
  const namespace = textOf(fields.namespace);
  return namespace ? { ...target, namespace } : target;
}
