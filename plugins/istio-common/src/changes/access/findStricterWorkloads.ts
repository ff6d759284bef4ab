import { listWorkloadPorts } from '../../mesh/mtls/listWorkloadPorts';
import { resolvePortMtls } from '../../mesh/mtls/resolvePortMtls';
import { isGatewayWorkload } from '../../mesh/gatewayWorkload';
import { listWorkloads } from '../../mesh/workloadKeys';
import type { MeshSnapshot, WorkloadKey } from '../../snapshot/types';
import { simulatePlan } from '../simulatePlan';
import type { Plan } from '../types';

/**
 * Workloads with a port that would accept mTLS only and does not now. Gateways are left out: their
 * listeners go by the Gateway's servers.
 */
export function findStricterWorkloads(options: {
  plan: Plan;
  snapshots: readonly MeshSnapshot[];
}): (WorkloadKey & { cluster: string })[] {
  const { plan, snapshots } = options;
  return snapshots.flatMap(now => {
    const namespaces = new Set(
      plan.operations
        .filter(
          ({ object }) =>
            object.cluster === now.cluster &&
            object.kind === 'PeerAuthentication',
        )
        .map(({ object }) => object.namespace ?? ''),
    );
    if (namespaces.size === 0) {
      return [];
    }
    const then = simulatePlan(now, plan);
    const everywhere = namespaces.has(now.rootNamespace);
    const reached = everywhere
      ? listWorkloads(now)
      : [...namespaces].flatMap(namespace => listWorkloads(now, namespace));
    return reached
      .filter(
        workload =>
          !isGatewayWorkload(now, workload) &&
          listWorkloadPorts(then, workload).some(
            ({ port }) =>
              isStrict(then, { workload, port }) &&
              !isStrict(now, { workload, port }),
          ),
      )
      .map(workload => ({ cluster: now.cluster, ...workload }));
  });
}

function isStrict(
  snapshot: MeshSnapshot,
  at: { workload: WorkloadKey; port: number },
): boolean {
  return resolvePortMtls({ snapshot, ...at }).mode === 'STRICT';
}
