import {
  formatQuantity,
  formatRate,
  formatShare,
} from '@istio-backstage/plugin-istio-common';
import type {
  HealthStatus,
  Neighbour,
} from '@istio-backstage/plugin-istio-common';

/** A neighbour's box. */
export interface NeighbourItem {
  key: string;
  name: string;
  entityRef?: string;
  ownerRef?: string;
  /** Instead of an owner: "external service", or the namespace. */
  place: string;
  outsideMesh: boolean;
  /** "4.3 req/s", for TCP "12 connections". */
  volume: string;
  /** "3.2 %"; undefined where failures are not known. */
  errors?: string;
  status: HealthStatus;
}

/** Worse ones stand first. */
const SEVERITY: Record<HealthStatus, number> = {
  failing: 0,
  degraded: 1,
  notReady: 2,
  unknown: 3,
  healthy: 4,
  noTraffic: 5,
};

const PLACES: Record<Neighbour['kind'], string> = {
  workload: '',
  service: 'known by host only',
  external: 'external service',
  unknown: 'not identified',
};

function presentVolume(neighbour: Neighbour): string {
  const { requests, requestsPerSecond, tcpConnections } = neighbour;
  if (requests === 0 && tcpConnections > 0) {
    return formatQuantity(tcpConnections, 'connection');
  }
  return `${formatRate(requestsPerSecond)} req/s`;
}

function presentPlace(neighbour: Neighbour): string {
  if (neighbour.kind === 'workload') {
    return neighbour.namespace ? `namespace ${neighbour.namespace}` : '';
  }
  return PLACES[neighbour.kind];
}

/** Callers or callees, failing ones first, then by rate. */
export function presentNeighbours(
  neighbours: readonly Neighbour[],
  direction: Neighbour['direction'],
): NeighbourItem[] {
  return neighbours
    .filter(neighbour => neighbour.direction === direction)
    .sort(
      (a, b) =>
        SEVERITY[a.status] - SEVERITY[b.status] ||
        b.requestsPerSecond - a.requestsPerSecond ||
        a.name.localeCompare(b.name),
    )
    .map(neighbour => ({
      key: `${neighbour.kind}/${neighbour.namespace ?? ''}/${neighbour.name}`,
      name: neighbour.name,
      entityRef: neighbour.entityRef,
      ownerRef: neighbour.ownerRef,
      place: presentPlace(neighbour),
      outsideMesh: neighbour.outsideMesh && neighbour.kind !== 'external',
      volume: presentVolume(neighbour),
      errors:
        neighbour.errorShare === undefined
          ? undefined
          : formatShare(neighbour.errorShare),
      status: neighbour.status,
    }));
}
