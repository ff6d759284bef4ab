import { readAuthorizationPolicy } from '../../resources/authorizationPolicy';
import { KindName } from '../../resources/kinds';
import { compareByAge } from '../../resources/objectKey';
import { PolicyTarget } from '../../resources/policyTarget';
import { readRequestAuthentication } from '../../resources/requestAuthentication';
import { Labels, matchesLabels } from '../../resources/selector';
import { KubeObject } from '../../resources/types';
import { MeshSnapshot } from '../../snapshot/types';
import { GATEWAY_NAME } from '../gatewayWorkload';

/** The proxy that policies are looked up for. */
export interface PolicySubject {
  namespace: string;
  labels: Labels;
  waypoint?: boolean;
  /** The Service behind a waypoint whose policies are asked. */
  service?: { namespace: string; name: string };
}

const WAYPOINT_CLASS = 'istio-waypoint';

/**
 * Policies that are attached to the proxy: by labels, from its namespace or from the root namespace for
 * the whole mesh; by target on gateways and waypoints only. Oldest first.
 *
 * Source: istio/istio pilot/pkg/model WorkloadPolicyMatcher.ShouldAttachPolicy.
 */
export function selectPolicies(options: {
  snapshot: MeshSnapshot;
  kind: Extract<KindName, 'AuthorizationPolicy' | 'RequestAuthentication'>;
  subject: PolicySubject;
}): KubeObject[] {
  const { snapshot, kind, subject } = options;
  const namespaces = new Set([
    snapshot.rootNamespace,
    subject.namespace,
    ...(subject.service ? [subject.service.namespace] : []),
  ]);
  const found = [...namespaces].flatMap(namespace =>
    snapshot.inNamespace(kind, namespace).filter(object =>
      isAttached(object, {
        snapshot,
        subject,
        ...readAttachment(object, kind),
      }),
    ),
  );
  return found.length > 1 ? found.sort(compareByAge) : found;
}

function readAttachment(object: KubeObject, kind: KindName) {
  const { selector, targets } =
    kind === 'AuthorizationPolicy'
      ? readAuthorizationPolicy(object)
      : readRequestAuthentication(object);
  return { selector, targets };
}

function isAttached(
  policy: KubeObject,
  options: {
    snapshot: MeshSnapshot;
    subject: PolicySubject;
    selector?: Labels;
    targets: readonly PolicyTarget[];
  },
): boolean {
  const { snapshot, subject, selector, targets } = options;
  const gateway = subject.labels[GATEWAY_NAME];
  if (targets.length === 0) {
    return !subject.waypoint && matchesLabels(selector ?? {}, subject.labels);
  }
  if (gateway === undefined) {
    return false;
  }
  const from = policy.metadata.namespace ?? '';
  return targets.some(target => {
    switch (target.kind) {
      case 'Service':
      case 'ServiceEntry':
        return (
          target.kind === 'Service' &&
          subject.waypoint === true &&
          subject.service?.name === target.name &&
          subject.service.namespace === from
        );
      case 'GatewayClass':
        return (
          subject.waypoint === true &&
          from === snapshot.rootNamespace &&
          target.name === WAYPOINT_CLASS
        );
      case 'Gateway':
        return (
          from === subject.namespace &&
          target.name === gateway &&
          (target.namespace === undefined || target.namespace === from)
        );
      default:
        return false;
    }
  });
}
