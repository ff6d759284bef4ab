import { fieldsListOf, fieldsOf, labelsOf } from '../../../resources/fields';
import { readKubernetesGateway } from '../../../resources/gateway';
import { matchesLabels } from '../../../resources/selector';
import { readService } from '../../../resources/service';
import type { KubeObject } from '../../../resources/types';
import type { MeshSnapshot } from '../../../snapshot/types';
import { proxyOf } from '../../facts/workloadProxy';

export const USE_WAYPOINT = 'istio.io/use-waypoint';
const USE_WAYPOINT_NAMESPACE = 'istio.io/use-waypoint-namespace';
const WAYPOINT_FOR = 'istio.io/waypoint-for';

/** Kinds that tell the waypoint of a Service. */
export const WAYPOINT_KINDS = ['Namespace', 'KubernetesGateway'] as const;

/** A waypoint as a label names it. */
export interface NamedWaypoint {
  namespace: string;
  name: string;
}

/** The waypoint that the labels of a Service or a Namespace name; undefined: none, or `none`. */
export function readNamedWaypoint(
  { metadata, kind }: KubeObject,
  serviceNamespace = kind === 'Namespace'
    ? metadata.name
    : metadata.namespace ?? '',
): NamedWaypoint | undefined {
  const name = metadata.labels?.[USE_WAYPOINT];
  if (name === undefined || name === 'none') return undefined;
  const namespace =
    metadata.labels?.[USE_WAYPOINT_NAMESPACE] ?? serviceNamespace;
  return { namespace, name };
}

/**
 * Why nothing of the namespace goes through the waypoint; undefined: it does.
 *
 * Source: istio/istio pilot/pkg/serviceregistry/ambient fetchWaypointForTarget, makeAllowedRoutes.
 */
export function explainUnbound(
  snapshot: MeshSnapshot,
  options: { waypoint: NamedWaypoint; from: string },
): string | undefined {
  const { waypoint, from } = options;
  const { namespace, name } = waypoint;
  const gateway = snapshot.get('KubernetesGateway', namespace, name);
  if (!gateway) return `there is no waypoint ${namespace}/${name}`;
  const { waypoint: isWaypoint, className } = readKubernetesGateway(gateway);
  if (!isWaypoint) {
    return `the Gateway ${namespace}/${name} is of the class ${className}, no waypoint`;
  }
  return allowsFrom(snapshot, gateway, from)
    ? undefined
    : `the waypoint ${namespace}/${name} takes nothing from ${from} (allowedRoutes of its listener)`;
}

function allowsFrom(
  snapshot: MeshSnapshot,
  gateway: KubeObject,
  from: string,
): boolean {
  const listener = fieldsListOf(fieldsOf(gateway.spec).listeners).find(
    ({ protocol, port }) => protocol === 'HBONE' && port === 15008,
  );
  const allowed = fieldsOf(fieldsOf(listener?.allowedRoutes).namespaces);
  if (allowed.from === 'All' || gateway.metadata.namespace === from) {
    return true;
  }
  const { matchLabels, matchExpressions } = fieldsOf(allowed.selector);
  return (
    allowed.from === 'Selector' &&
    (matchExpressions !== undefined ||
      matchesLabels(
        labelsOf(matchLabels),
        snapshot.get('Namespace', undefined, from)?.metadata.labels,
      ))
  );
}

/** Whether the waypoint serves calls to Services, as it does unless its label says otherwise. */
export function servesServices(
  snapshot: MeshSnapshot,
  { namespace, name }: NamedWaypoint,
): boolean {
  const traffic = snapshot.get('KubernetesGateway', namespace, name)?.metadata
    .labels?.[WAYPOINT_FOR];
  return traffic === undefined || traffic === 'service' || traffic === 'all';
}

/** The waypoint that calls to the Service go through; the Service's own label beats its namespace's. */
export function resolveServiceWaypoint(
  snapshot: MeshSnapshot,
  service: KubeObject,
): NamedWaypoint | undefined {
  const { namespace = '', labels } = service.metadata;
  const owner =
    labels?.[USE_WAYPOINT] === undefined
      ? snapshot.get('Namespace', undefined, namespace)
      : service;
  const waypoint = owner && readNamedWaypoint(owner, namespace);
  return waypoint &&
    explainUnbound(snapshot, { waypoint, from: namespace }) === undefined &&
    servesServices(snapshot, waypoint)
    ? waypoint
    : undefined;
}

/** Whether ztunnel takes the calls to all workloads of the Service. */
export function isAmbientService(
  snapshot: MeshSnapshot,
  service: KubeObject,
): boolean {
  const { namespace, selector } = readService(service);
  const workloads = snapshot.workloadsMatching(namespace, selector);
  return (
    workloads.length > 0 &&
    workloads.every(key => proxyOf(snapshot, key) === 'ambient')
  );
}
