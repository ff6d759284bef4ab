import {
  routeChangedAt,
  type EntityMatch,
  type MeshSnapshot,
  type TrafficObservation,
} from '@istio-backstage/plugin-istio-common';
import type { TelemetryProvider } from '@istio-backstage/plugin-istio-node';
import { MIN_SCRAPES } from '../mesh/ComponentTraffic';

/**
 * Observations that start at the last change of the component's routes, where that lies inside the
 * window: older requests went by another route and say nothing of the present shares. Empty ones
 * while fewer than four scrapes lie between, as in the traffic split of the tab.
 */
export async function observeSinceChange(options: {
  telemetry: TelemetryProvider;
  match: EntityMatch;
  snapshots: MeshSnapshot[];
  /** Of the whole window, one per cluster. */
  observations: TrafficObservation[];
  namespaceOf: (cluster: string) => string | undefined;
}): Promise<TrafficObservation[]> {
  const { telemetry, observations, namespaceOf } = options;
  const changedAt = routeChangedAt(options);
  if (changedAt === undefined) {
    return observations;
  }
  return Promise.all(
    observations.map(async observation => {
      const { cluster, window, error } = observation;
      const seconds = Math.floor((window.to - changedAt) / 1000);
      if (error !== undefined || seconds >= window.seconds) {
        return observation;
      }
      const needed = MIN_SCRAPES * (telemetry.scrapeIntervalOf(cluster) ?? 0);
      if (seconds < needed) {
        return { ...observation, requests: [], tcp: [], latency: [] };
      }
      return telemetry.observe({
        cluster,
        namespace: namespaceOf(cluster),
        seconds,
        since: changedAt,
      });
    }),
  );
}
