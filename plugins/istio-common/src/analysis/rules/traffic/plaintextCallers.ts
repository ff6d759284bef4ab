import { observeEncryption } from '../../../mesh/mtls/observeEncryption';
import { resolvePortMtls } from '../../../mesh/mtls/resolvePortMtls';
import type { MtlsMode, PlaintextCaller } from '../../../mesh/mtls/types';
import type { KubeObject } from '../../../resources/types';
import type { MeshSnapshot, WorkloadKey } from '../../../snapshot/types';
import {
  formatDuration,
  formatList,
  formatQuantity,
} from '../../../telemetry/format';
import type { TrafficObservation } from '../../../telemetry/types';
import { proxyOf } from '../../facts/workloadProxy';
import { indexTraffic } from '../../facts/observedTraffic';
import { listServedPorts } from '../../servedPorts';

/** Plaintext that a workload was sent, all of whose served ports have one mode. */
export interface PlaintextTraffic {
  /** `14 requests from legacy/billing and a caller outside the mesh in the last 10 min` */
  text: string;
}

/**
 * What reached the workload in plaintext; undefined where nothing did, or where its ports are not all of
 * the mode: telemetry does not name the port.
 */
export function findPlaintext(options: {
  snapshot: MeshSnapshot;
  traffic: TrafficObservation | undefined;
  subject: KubeObject;
  mode: MtlsMode;
}): PlaintextTraffic | undefined {
  const { snapshot, traffic, subject, mode } = options;
  const { namespace = '', name } = subject.metadata;
  const kind = subject.kind as WorkloadKey['kind'];
  const workload = { kind, namespace, name };
  if (!traffic) return undefined;
  const { requests, tcp } = indexTraffic(traffic).to(workload);
  if (requests.length + tcp.length === 0) return undefined;
  const ambient = proxyOf(snapshot, workload) === 'ambient';
  const { plaintextCallers } = observeEncryption({
    match: { workloads: [workload], services: [] },
    observations: [{ ...traffic, requests: [...requests], tcp: [...tcp] }],
    ambient: new Set(ambient ? [`${namespace}/${name}`] : []),
  });
  const ports = [...listServedPorts(snapshot, workload).keys()];
  if (
    plaintextCallers.length === 0 ||
    ports.length === 0 ||
    !ports.every(
      port => resolvePortMtls({ snapshot, workload, port }).mode === mode,
    )
  ) {
    return undefined;
  }
  return { text: describe(plaintextCallers, traffic) };
}

function describe(
  callers: readonly PlaintextCaller[],
  { window }: TrafficObservation,
): string {
  const sum = (field: 'requests' | 'connections') =>
    callers.reduce((total, caller) => total + caller[field], 0);
  const amount =
    sum('requests') > 0
      ? formatQuantity(sum('requests'), 'request')
      : formatQuantity(sum('connections'), 'connection');
  const names = callers
    .slice(0, 3)
    .map(({ workload, namespace }) =>
      workload === undefined
        ? 'callers outside the mesh'
        : `${namespace ?? 'unknown'}/${workload}`,
    );
  const more =
    callers.length > 3 ? [`${callers.length - 3} more`] : ([] as string[]);
  return `${amount} from ${formatList([
    ...names,
    ...more,
  ])} in the last ${formatDuration(window.seconds)}`;
}
