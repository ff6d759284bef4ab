import {
  resolveProxy,
  type InboundProxy,
} from '../../mesh/mtls/resolveInboundProxy';
import type { MeshSnapshot, WorkloadKey } from '../../snapshot/types';
import { WORKLOAD_KINDS } from '../selectedWorkloads';
import { perWorkload } from './perWorkload';

/** What takes the workload's inbound connections. */
export const proxyOf = perWorkload(
  WORKLOAD_KINDS,
  (snapshot: MeshSnapshot, workload: WorkloadKey): InboundProxy['by'] =>
    resolveProxy(snapshot, workload).by,
);
