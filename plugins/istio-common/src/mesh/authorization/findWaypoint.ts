import { readKubernetesGateway } from '../../resources/gateway';
import { MeshSnapshot } from '../../snapshot/types';
import { listCalledServices } from '../mtls/listCalledServices';
import { resolveProxy } from '../mtls/resolveInboundProxy';
import { AuthorizationRequest } from './types';

/** A waypoint that a call passes, and the Service that sent it there. */
export interface Waypoint {
  namespace: string;
  name: string;
  service: { namespace: string; name: string };
}

const USE = 'istio.io/use-waypoint';

/**
 * The waypoint of the called Service, by its label or its namespace's. A caller outside ambient mode goes
 * past it: only ztunnel sends calls there.
 *
 * Source: istio.io, "Configure waypoint proxies".
 */
export function findWaypoint(
  snapshot: MeshSnapshot,
  request: AuthorizationRequest,
): Waypoint | undefined {
  const { from, to } = request;
  if (from.workload && resolveProxy(snapshot, from.workload).by !== 'ambient') {
    return undefined;
  }
  const [called] = listCalledServices({ snapshot, ...to });
  const service =
    to.service ??
    (called && {
      namespace: called.object.metadata.namespace ?? '',
      name: called.object.metadata.name,
    });
  if (!service) {
    return undefined;
  }
  const own = snapshot.get('Service', service.namespace, service.name)?.metadata
    .labels;
  const labels = own?.[USE]
    ? own
    : snapshot.get('Namespace', undefined, service.namespace)?.metadata.labels;
  const name = labels?.[USE];
  if (!labels || !name || name === 'none') {
    return undefined;
  }
  const namespace = labels[`${USE}-namespace`] ?? service.namespace;
  const gateway = snapshot.get('KubernetesGateway', namespace, name);
  return gateway && readKubernetesGateway(gateway).waypoint
    ? { namespace, name, service }
    : undefined;
}
