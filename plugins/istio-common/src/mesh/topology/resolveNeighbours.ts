import { compareText } from '../../resources/objectKey';
import { EntityMatch } from '../../entity/types';
import { serviceOfHost } from '../../resources/host';
import { readKubernetesGateway } from '../../resources/gateway';
import { readServiceEntry } from '../../resources/serviceEntry';
import { isKnown } from '../../snapshot/readiness';
import { MeshSnapshot } from '../../snapshot/types';
import { TrafficObservation } from '../../telemetry/types';
import { collectEdges, Edge } from '../health/collectEdges';
import { describeEdge } from '../health/describeEdge';
import {
  judgeConnections,
  judgeRequests,
  isWorse,
} from '../health/judgeTraffic';
import { addTallies } from '../health/mergeReporters';
import { HealthThresholds } from '../health/types';
import { countProxies } from '../mtls/resolveInboundProxy';
import { findNamedWorkloads } from '../workloadKeys';
import { Neighbour } from './types';

/** What Istio's proxies call addresses that no registry knows. */
const UNREGISTERED = new Set([
  'PassthroughCluster',
  'BlackHoleCluster',
  'InboundPassthroughCluster',
]);

/**
 * Who calls the component and whom it calls, one entry per other side over all protocols and clusters;
 * callers first, worst first.
 */
export function resolveNeighbours(options: {
  match: EntityMatch;
  snapshots: readonly MeshSnapshot[];
  observations: readonly TrafficObservation[];
  thresholds: HealthThresholds;
}): Neighbour[] {
  const { snapshots, observations, thresholds } = options;
  const seconds = Math.max(
    0,
    ...observations
      .filter(({ error }) => error === undefined)
      .map(({ window }) => window.seconds),
  );
  const merged = new Map<string, Edge>();
  for (const edge of collectEdges(options)) {
    const { name, namespace } = edge.peer;
    const key = [edge.direction, namespace, name].join('\n');
    const known = merged.get(key);
    if (known) {
      addEdge(known, edge);
    } else {
      merged.set(key, edge);
    }
  }
  return [...merged.values()]
    .filter(edge => !isWaypoint(edge, snapshots))
    .map(edge => describeNeighbour({ edge, snapshots, thresholds, seconds }))
    .sort(compareNeighbours);
}

function addEdge(into: Edge, from: Edge): void {
  addTallies(into.codes, from.codes);
  into.tcp.opened += from.tcp.opened;
  into.tcp.failed += from.tcp.failed;
  into.tcp.bytes += from.tcp.bytes;
  into.plaintextUnknown ||= from.plaintextUnknown;
  into.peer.host ??= from.peer.host;
  into.peer.workloads = [
    ...new Set([...into.peer.workloads, ...from.peer.workloads]),
  ];
  if (into.protocol === 'tcp') {
    into.protocol = from.protocol;
  }
}

function describeNeighbour(options: {
  edge: Edge;
  snapshots: readonly MeshSnapshot[];
  thresholds: HealthThresholds;
  seconds: number;
}): Neighbour {
  const { edge, snapshots, thresholds, seconds } = options;
  const { requests, failed } = describeEdge(
    { ...edge, protocol: edge.protocol === 'tcp' ? 'http' : edge.protocol },
    thresholds,
  );
  const http = judgeRequests(edge.codes, thresholds);
  const tcp = judgeConnections(edge.tcp, thresholds);
  const kind = kindOf(edge, snapshots);
  const neighbour: Neighbour = {
    direction: edge.direction === 'inbound' ? 'caller' : 'callee',
    name: edge.peer.name ?? 'unknown',
    kind,
    outsideMesh: isOutside(edge, kind, snapshots),
    requestsPerSecond: seconds > 0 ? requests / seconds : 0,
    requests,
    tcpConnections: edge.tcp.opened + edge.tcp.failed,
    status: (isWorse(tcp, http) ? tcp : http).status,
  };
  if (edge.peer.namespace !== undefined && kind !== 'external') {
    neighbour.namespace = edge.peer.namespace;
  }
  if (edge.peer.workloads.length > 0) {
    neighbour.workloads = edge.peer.workloads;
  }
  if (requests > 0) {
    neighbour.errorShare = failed / requests;
  }
  return neighbour;
}

function kindOf(
  edge: Edge,
  snapshots: readonly MeshSnapshot[],
): Neighbour['kind'] {
  const { name, workloads } = edge.peer;
  const host = edge.peer.host ?? name;
  if (name === undefined || host === undefined || UNREGISTERED.has(name)) {
    return 'unknown';
  }
  if (workloads.length > 0) {
    return 'workload';
  }
  const external = snapshots.some(
    snapshot =>
      isEntryHost(snapshot, host) ||
      (edge.direction === 'outbound' &&
        host.includes('.') &&
        !serviceOfHost(host, snapshot.domain)),
  );
  return external ? 'external' : 'service';
}

function isEntryHost(snapshot: MeshSnapshot, host: string): boolean {
  return snapshot.list('ServiceEntry').some(object => {
    const entry = readServiceEntry(object);
    return (
      entry.external &&
      entry.hosts.some(
        pattern =>
          pattern === host ||
          (pattern.startsWith('*') && host.endsWith(pattern.slice(1))),
      )
    );
  });
}

/** Outside: external hosts, callers that the server saw in plaintext without a name, workloads without proxy. */
function isOutside(
  edge: Edge,
  kind: Neighbour['kind'],
  snapshots: readonly MeshSnapshot[],
): boolean {
  if (kind === 'external') {
    return true;
  }
  if (edge.peer.workloads.length === 0) {
    return edge.plaintextUnknown;
  }
  const found = snapshots
    .filter(snapshot => isKnown(snapshot, 'Pod'))
    .flatMap(snapshot =>
      edge.peer.workloads.flatMap(name =>
        findNamedWorkloads(snapshot, {
          namespace: edge.peer.namespace ?? '',
          name,
        }).map(key => countProxies(snapshot, key)),
      ),
    );
  return (
    found.some(({ total }) => total > 0) &&
    found.every(({ withProxy }) => withProxy === 0)
  );
}

/** ztunnel reports the hop to the waypoint as a connection of its own; the waypoint is no neighbour but the way to one. */
function isWaypoint(edge: Edge, snapshots: readonly MeshSnapshot[]): boolean {
  const { namespace = '', workloads } = edge.peer;
  return workloads.some(name =>
    snapshots.some(snapshot => {
      const gateway = snapshot.get('KubernetesGateway', namespace, name);
      return gateway !== undefined && readKubernetesGateway(gateway).waypoint;
    }),
  );
}

const STATUS_ORDER = ['failing', 'degraded', 'healthy', 'noTraffic'];

function compareNeighbours(a: Neighbour, b: Neighbour): number {
  return (
    compareText(b.direction, a.direction) ||
    STATUS_ORDER.indexOf(a.status) - STATUS_ORDER.indexOf(b.status) ||
    b.requestsPerSecond - a.requestsPerSecond ||
    (a.name < b.name ? -1 : 1)
  );
}
