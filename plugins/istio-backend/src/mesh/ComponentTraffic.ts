import {
  EntityMatch,
  routeChangedAt,
  SourceError,
  TrafficObservation,
} from '@istio-backstage/plugin-istio-common';
import type { TelemetryProvider } from '@istio-backstage/plugin-istio-node';
import { ResultCache } from '../caching/ResultCache';
import type { ClusterStatuses } from './ClusterStatuses';
import type { LocatedComponent } from './ComponentResolver';
import { mergeObservations } from './mergeObservations';

export interface Traffic {
  observations: TrafficObservation[];
  /** From the last change of the route on, where that lies inside the window. */
  sinceChange?: TrafficObservation[];
  /** The route changed so recently that nothing is measured yet. */
  tooRecent?: { changedAt: number; neededSeconds: number };
  /** The window that was asked for. */
  seconds: number;
  leftOut: { cluster: string; why: string }[];
  errors: SourceError[];
}

/** A rate needs this many samples; a shorter time since a change is not judged. */
export const MIN_SCRAPES = 4;

/** What was observed of a component, from the shared answers of the telemetry source. */
export class ComponentTraffic {
  private readonly changeTimes = new ResultCache<number | undefined>(5_000);
  private readonly emptyObservations = new ResultCache<TrafficObservation[]>(
    1_000,
  );
  private readonly mergedObservations = new ResultCache<TrafficObservation>(
    500,
  );
  private readonly now: () => number;

  constructor(
    private readonly options: {
      telemetry: TelemetryProvider;
      statuses: ClusterStatuses;
      now?: () => number;
    },
  ) {
    this.now = options.now ?? Date.now;
  }

  /** Asks the telemetry cache for everything that touches the component's namespaces. */
  async observe(located: LocatedComponent, seconds: number): Promise<Traffic> {
    const { match } = located;
    const leftOut: Traffic['leftOut'] = [];
    const counted: [cluster: string, namespaces: string[]][] = [];
    for (const [cluster, namespaces] of namespacesByCluster(match)) {
      const why = this.options.statuses.whyLeftOut(cluster);
      if (why) leftOut.push({ cluster, why });
      else counted.push([cluster, namespaces]);
    }
    const changedAt = this.changeInside(located, seconds);
    const [observations, since] = await Promise.all([
      this.observeAll(counted, { seconds }),
      changedAt === undefined
        ? undefined
        : this.observeSince(counted, changedAt),
    ]);
    const errors: SourceError[] = [];
    for (const { cluster, error } of observations) {
      if (error === undefined) continue;
      if (this.options.telemetry.status(cluster).state !== 'notConfigured') {
        errors.push({
          cluster,
          source: 'prometheus',
          message: `${error} (cluster ${cluster})`,
        });
      }
    }
    return { observations, ...since, seconds, leftOut, errors };
  }

  /** The time of the last change of a route, when it lies inside the window. */
  private changeInside(
    { entityRef, match, snapshots, clusters }: LocatedComponent,
    seconds: number,
  ): number | undefined {
    const changedAt = this.changeTimes.get({
      key: `${entityRef} ${clusters.join(',')}`,
      dependsOn: [match, ...snapshots],
      compute: () => routeChangedAt({ match, snapshots }),
    });
    return changedAt !== undefined && this.now() - changedAt < seconds * 1000
      ? changedAt
      : undefined;
  }

  /** Fewer than four scrapes after a change nothing is known yet: nothing observed, not what was before. */
  private async observeSince(
    counted: [cluster: string, namespaces: string[]][],
    changedAt: number,
  ): Promise<Pick<Traffic, 'sinceChange' | 'tooRecent'>> {
    const now = this.now();
    const seconds = Math.max(1, Math.floor((now - changedAt) / 1000));
    const neededSeconds = Math.max(
      0,
      ...counted.map(
        ([cluster]) =>
          MIN_SCRAPES * (this.options.telemetry.scrapeIntervalOf(cluster) ?? 0),
      ),
    );
    if (seconds >= neededSeconds) {
      return {
        sinceChange: await this.observeAll(counted, {
          seconds,
          since: changedAt,
        }),
      };
    }
    return {
      sinceChange: this.emptyObservations.get({
        key: counted.map(([cluster]) => cluster).join(','),
        dependsOn: [changedAt, seconds],
        compute: () =>
          counted.map(([cluster]) => ({
            cluster,
            window: { to: now, seconds },
            requests: [],
            tcp: [],
            latency: [],
          })),
      }),
      tooRecent: { changedAt, neededSeconds },
    };
  }

  private observeAll(
    counted: [cluster: string, namespaces: string[]][],
    window: { seconds: number; since?: number },
  ): Promise<TrafficObservation[]> {
    const { telemetry } = this.options;
    return Promise.all(
      counted.map(async ([cluster, namespaces]) => {
        const parts = await Promise.all(
          namespaces.map(namespace =>
            telemetry.observe({ cluster, namespace, ...window }),
          ),
        );
        return this.merged(cluster, parts);
      }),
    );
  }

  private merged(
    cluster: string,
    parts: TrafficObservation[],
  ): TrafficObservation {
    if (parts.length === 1) return parts[0];
    // The same object for the same parts, so that results that rest on it stay good.
    return this.mergedObservations.get({
      key: `${cluster} ${parts.map(part => part.window.to).join(',')}`,
      dependsOn: parts,
      compute: () => mergeObservations(parts),
    });
  }
}

function namespacesByCluster(match: EntityMatch): [string, string[]][] {
  const namespaces = new Map<string, Set<string>>();
  for (const { cluster, namespace } of [
    ...match.workloads,
    ...match.services,
  ]) {
    const known = namespaces.get(cluster) ?? new Set();
    namespaces.set(cluster, known.add(namespace));
  }
  return [...namespaces].map(([cluster, names]) => [
    cluster,
    [...names].sort(),
  ]);
}
