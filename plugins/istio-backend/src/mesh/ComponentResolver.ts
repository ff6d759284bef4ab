import { InputError } from '@backstage/errors';
import {
  computeHealth,
  DataPlane,
  EntityMatch,
  EntityMeshClaim,
  HealthResult,
  HealthThresholds,
  matchWorkloads,
  MeshSnapshot,
  MtlsResult,
  NamespaceBinding,
  Neighbour,
  resolveDataPlane,
  resolveMtls,
  resolveNeighbours,
  resolveTrafficSplit,
  routeChangedAt,
  SourceError,
  TrafficObservation,
  TrafficSplit,
} from '@istio-backstage/plugin-istio-common';
import type {
  MeshReader,
  TelemetryProvider,
} from '@istio-backstage/plugin-istio-node';
import { ResultCache } from '../caching/ResultCache';
import type { ClusterStatuses } from './ClusterStatuses';
import { mergeObservations } from './mergeObservations';

/** A component's claim, found in the clusters. */
export interface LocatedComponent {
  entityRef: string;
  claim?: EntityMeshClaim;
  /** Clusters it is looked for in. */
  clusters: string[];
  snapshots: MeshSnapshot[];
  match: EntityMatch;
  errors: SourceError[];
}

/** What the cluster objects and the traffic say about a component. */
export interface ComponentFacts {
  health: HealthResult;
  dataPlane: DataPlane;
  mtls: MtlsResult;
  split: TrafficSplit;
  neighbours: Neighbour[];
}

export interface Traffic {
  observations: TrafficObservation[];
  /** From the last change of the route on, where that lies inside the window. */
  sinceChange?: TrafficObservation[];
  leftOut: { cluster: string; why: string }[];
  errors: SourceError[];
}

export interface ComponentResolverOptions {
  reader: MeshReader;
  telemetry: TelemetryProvider;
  statuses: ClusterStatuses;
  binding: NamespaceBinding;
  thresholds: HealthThresholds;
  now?: () => number;
}

/** A rate needs this many samples; a shorter time since a change is not judged. */
const MIN_SCRAPES = 4;

/** Brings claim, snapshots and traffic together; asks nothing of a cluster. */
export class ComponentResolver {
  private readonly matches = new ResultCache<EntityMatch>(5_000);
  private readonly facts = new ResultCache<ComponentFacts>(2_000);
  private readonly mergedObservations = new ResultCache<TrafficObservation>(
    500,
  );
  private readonly now: () => number;

  constructor(private readonly options: ComponentResolverOptions) {
    this.now = options.now ?? Date.now;
  }

  /** Throws InputError for a cluster in `only` that is not configured. */
  locate(request: {
    entityRef: string;
    claim?: EntityMeshClaim;
    only?: readonly string[];
  }): LocatedComponent {
    const { entityRef, claim, only } = request;
    const { reader, binding, statuses } = this.options;
    const { clusters, errors } = this.chooseClusters(claim, only);
    const snapshots = clusters
      .map(name => reader.snapshot(name))
      .filter((one): one is MeshSnapshot => one !== undefined);
    const match = this.matches.get({
      key: `${entityRef} ${clusters.join(',')}`,
      dependsOn: [JSON.stringify(claim), ...snapshots],
      compute: () => matchWorkloads({ claim, snapshots, binding }),
    });
    return {
      entityRef,
      claim,
      clusters,
      snapshots,
      match,
      errors: [...errors, ...statuses.errors(clusters)],
    };
  }

  /** Asks the telemetry cache for everything that touches the component's namespaces. */
  async observe(located: LocatedComponent, seconds: number): Promise<Traffic> {
    const { match, snapshots } = located;
    const leftOut: Traffic['leftOut'] = [];
    const counted: [cluster: string, namespaces: string[]][] = [];
    for (const [cluster, namespaces] of namespacesByCluster(match)) {
      const why = this.options.statuses.whyLeftOut(cluster);
      if (why) leftOut.push({ cluster, why });
      else counted.push([cluster, namespaces]);
    }
    const changedAt = this.changeInside({ match, snapshots, seconds });
    const [observations, sinceChange] = await Promise.all([
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
    return { observations, sinceChange, leftOut, errors };
  }

  resolve(located: LocatedComponent, traffic: Traffic): ComponentFacts {
    const { entityRef, match, snapshots, clusters } = located;
    const { observations, sinceChange, leftOut } = traffic;
    const { thresholds } = this.options;
    return this.facts.get({
      key: `${entityRef} ${clusters.join(',')} ${
        observations[0]?.window.seconds ?? 0
      }`,
      dependsOn: [
        match,
        ...snapshots,
        ...observations,
        ...(sinceChange ?? []),
        JSON.stringify(leftOut),
      ],
      compute: () => ({
        health: computeHealth({
          match,
          snapshots,
          observations,
          thresholds,
          leftOut,
        }),
        dataPlane: resolveDataPlane({ match, snapshots }),
        mtls: resolveMtls({ match, snapshots, observations }),
        split: resolveTrafficSplit({
          match,
          snapshots,
          observations: sinceChange ?? observations,
        }),
        neighbours: resolveNeighbours({
          match,
          snapshots,
          observations,
          thresholds,
        }),
      }),
    });
  }

  private chooseClusters(
    claim: EntityMeshClaim | undefined,
    only: readonly string[] | undefined,
  ): { clusters: string[]; errors: SourceError[] } {
    const configured = this.options.statuses.names();
    const unknown = only?.filter(name => !configured.includes(name)) ?? [];
    if (unknown.length > 0) {
      throw new InputError(
        `clusters: no cluster is named '${unknown.join(
          "', '",
        )}'; configured are ${configured.join(', ') || 'none'}`,
      );
    }
    const claimed = claim?.clusters ?? [];
    const errors = claimed
      .filter(name => !configured.includes(name))
      .map(cluster => ({
        cluster,
        source: 'catalog' as const,
        message: `The entity names the cluster ${cluster}, which is not configured`,
      }));
    const clusters = configured.filter(
      name =>
        (claimed.length === 0 || claimed.includes(name)) &&
        (!only || only.includes(name)),
    );
    return { clusters, errors };
  }

  /** The time of the last change of a route, when it lies inside the window. */
  private changeInside(options: {
    match: EntityMatch;
    snapshots: MeshSnapshot[];
    seconds: number;
  }): number | undefined {
    const { match, snapshots, seconds } = options;
    const changedAt = routeChangedAt({ match, snapshots });
    return changedAt !== undefined && this.now() - changedAt < seconds * 1000
      ? changedAt
      : undefined;
  }

  /** Fewer than four scrapes after a change nothing is known yet: nothing observed, not what was before. */
  private async observeSince(
    counted: [cluster: string, namespaces: string[]][],
    changedAt: number,
  ): Promise<TrafficObservation[]> {
    const now = this.now();
    const age = now - changedAt;
    const seconds = Math.max(1, Math.floor(age / 1000));
    const isTooRecent = counted.some(
      ([cluster]) =>
        age <
        MIN_SCRAPES *
          1000 *
          (this.options.telemetry.scrapeIntervalOf(cluster) ?? 0),
    );
    if (!isTooRecent) {
      return this.observeAll(counted, { seconds, since: changedAt });
    }
    return counted.map(([cluster]) => ({
      cluster,
      window: { to: now, seconds },
      requests: [],
      tcp: [],
      latency: [],
    }));
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
