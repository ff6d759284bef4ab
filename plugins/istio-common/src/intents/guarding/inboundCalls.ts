import { countInbound, type InboundCalls } from '../../mesh/mtls/countInbound';
import { resolveProxy } from '../../mesh/mtls/resolveInboundProxy';
import type { MeshSnapshot, WorkloadKey } from '../../snapshot/types';
import type { TrafficObservation } from '../../telemetry/types';
import { readGuardedService } from './guardedService';

/** The pods behind a Service in each cluster. */
export function guardedWorkloads(
  service: { namespace: string; service: string },
  snapshots: readonly MeshSnapshot[],
): { snapshot: MeshSnapshot; workload: WorkloadKey }[] {
  return snapshots.flatMap(snapshot => {
    const guarded = readGuardedService(snapshot, service);
    return 'workloads' in guarded
      ? guarded.workloads.map(workload => ({ snapshot, workload }))
      : [];
  });
}

/** Calls to the pods behind a Service, as their own proxies counted them. */
export function inboundOf(
  workloads: ReturnType<typeof guardedWorkloads>,
  observations: readonly TrafficObservation[],
): InboundCalls[] {
  const nameOf = ({ workload: { namespace, name } }: (typeof workloads)[0]) =>
    `${namespace}/${name}`;
  const own = new Set(workloads.map(nameOf));
  return countInbound({
    observations,
    isServer: ({ namespace, workload }) => own.has(`${namespace}/${workload}`),
    ambient: new Set(
      workloads
        .filter(
          ({ snapshot, workload }) =>
            resolveProxy(snapshot, workload).by === 'ambient',
        )
        .map(nameOf),
    ),
  }).filter(({ active }) => active);
}
