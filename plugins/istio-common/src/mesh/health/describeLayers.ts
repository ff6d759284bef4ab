import { EntityMatch } from '../../entity/types';
import { readPod } from '../../resources/pod';
import { MeshSnapshot } from '../../snapshot/types';
import { formatQuantity } from '../../telemetry/format';
import { HealthResult } from './types';

/** What was seen of an ambient component, layer by layer. */
type HealthLayers = NonNullable<HealthResult['layers']>;

/**
 * Which layers the traffic of an ambient component was seen at: ztunnel reports connections (L4), a waypoint or a
 * caller's sidecar requests (L7). Undefined for a component that is not in ambient mode.
 *
 * Source: istio.io, ambient mode, metrics: ztunnel reports the series of connections, waypoints those of requests.
 */
export function findLayers(options: {
  match: EntityMatch;
  snapshots: readonly MeshSnapshot[];
  requests: number;
  tcp: { opened: number; failed: number };
}): HealthLayers | undefined {
  const { match, snapshots, requests, tcp } = options;
  const isAmbient = snapshots.some(snapshot =>
    match.workloads.some(
      workload =>
        workload.cluster === snapshot.cluster &&
        snapshot.podsOf(workload).some(pod => readPod(pod).proxy === 'ambient'),
    ),
  );
  return isAmbient
    ? { requests, connections: tcp.opened, connectionsFailed: tcp.failed }
    : undefined;
}

/** What was not seen proves nothing, and is said; undefined where nothing at all was seen, which the cause says. */
export function describeLayers(layers: HealthLayers): string | undefined {
  const { requests, connections, connectionsFailed } = layers;
  const opened = connections + connectionsFailed;
  const l7 = formatQuantity(requests, 'request');
  const l4 = `${formatQuantity(opened, 'connection')}${
    connectionsFailed > 0
      ? `, ${formatQuantity(connectionsFailed, 'of them', 'of them')} failed`
      : ''
  }`;
  if (requests > 0 && opened > 0) {
    return `Seen at both layers: ${l7} (L7) and, by ztunnel, ${l4} (L4).`;
  }
  if (opened > 0) {
    return `Seen by ztunnel only, at L4: ${l4}. Whether requests in them succeed is not known without a waypoint.`;
  }
  return requests > 0
    ? `Seen at L7 only: ${l7}. ztunnel reported no connections (L4).`
    : undefined;
}
