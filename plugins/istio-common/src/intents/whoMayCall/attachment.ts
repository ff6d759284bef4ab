import { resolveProxy } from '../../mesh/mtls/resolveInboundProxy';
import { listWorkloadPorts } from '../../mesh/mtls/listWorkloadPorts';
import { findWaypoint } from '../../mesh/authorization/findWaypoint';
import type { MeshSnapshot } from '../../snapshot/types';
import type { GuardedService } from '../guarding/guardedService';
import type { CompileProblem } from '../types';
import type { WhoMayCallParams } from './schema';

/** Which proxies ask the policy: those of selected pods, or the waypoint before the Service. */
export interface Attachment {
  selector?: { matchLabels: Record<string, string> };
  targetRefs?: { group: string; kind: 'Service'; name: string }[];
}

/**
 * Sidecars and ztunnel take policies by selector, waypoints by target only. A ztunnel sees no methods and
 * paths: it would deny whatever an ALLOW rule names by them.
 *
 * Source: istio.io, "Use Layer 7 features" of ambient mode.
 */
export function resolveAttachment(options: {
  params: WhoMayCallParams;
  snapshot: MeshSnapshot;
  guarded: GuardedService;
}): Attachment | CompileProblem {
  const { params, snapshot, guarded } = options;
  const [workload] = guarded.workloads;
  const isAmbient =
    workload !== undefined && resolveProxy(snapshot, workload).by === 'ambient';
  const port = workload && listWorkloadPorts(snapshot, workload)[0]?.port;
  const service = { namespace: params.namespace, name: params.service };
  const waypoint =
    isAmbient && port !== undefined
      ? findWaypoint(snapshot, { from: {}, to: { workload, port, service } })
      : undefined;
  if (waypoint) {
    return {
      targetRefs: [{ group: '', kind: 'Service', name: params.service }],
    };
  }
  const at = params.rules.findIndex(({ methods, paths }) => methods ?? paths);
  return isAmbient && at >= 0
    ? {
        field: `rules[${at}]`,
        message: `${snapshot.cluster}: methods and paths need a waypoint before ${params.service}: in ambient mode nothing else reads requests`,
      }
    : { selector: { matchLabels: { ...guarded.selector } } };
}
