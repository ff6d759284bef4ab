import { InputError } from '@backstage/errors';
import {
  computeHealth,
  DataPlane,
  EntityMatch,
  EntityMeshClaim,
  formatDuration,
  formatTime,
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
  resolveThresholds,
  resolveTrafficSplit,
  SourceError,
  TrafficSplit,
} from '@istio-backstage/plugin-istio-common';
import type { MeshReader } from '@istio-backstage/plugin-istio-node';
import { ResultCache } from '../caching/ResultCache';
import type { ClusterStatuses } from './ClusterStatuses';
import type { Traffic } from './ComponentTraffic';

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

export interface ComponentResolverOptions {
  reader: MeshReader;
  statuses: ClusterStatuses;
  binding: NamespaceBinding;
  thresholds: HealthThresholds;
}

/** Brings claim, snapshots and traffic together; asks nothing of a cluster. */
export class ComponentResolver {
  private readonly matches = new ResultCache<EntityMatch>(5_000);
  private readonly facts = new ResultCache<ComponentFacts>(2_000);

  constructor(private readonly options: ComponentResolverOptions) {}

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

  resolve(located: LocatedComponent, traffic: Traffic): ComponentFacts {
    const { entityRef, match, snapshots, clusters } = located;
    const { observations, sinceChange, tooRecent, leftOut } = traffic;
    const { thresholds: configured } = this.options;
    return this.facts.get({
      key: `${entityRef} ${clusters.join(',')} ${traffic.seconds}`,
      dependsOn: [
        match,
        located.claim?.health,
        ...snapshots,
        ...observations,
        ...(sinceChange ?? []),
        JSON.stringify([leftOut, tooRecent]),
      ],
      compute: () => {
        const { thresholds, problems } = resolveThresholds({
          configured,
          annotation: located.claim?.health,
          match,
          snapshots,
        });
        return {
          health: computeHealth({
            match,
            snapshots,
            observations,
            thresholds,
            thresholdProblems: problems,
            leftOut,
          }),
          dataPlane: resolveDataPlane({ match, snapshots }),
          mtls: resolveMtls({ match, snapshots, observations }),
          split: resolveSplit(located, traffic),
          neighbours: resolveNeighbours({
            match,
            snapshots,
            observations,
            thresholds,
          }),
        };
      },
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
}

function resolveSplit(
  { match, snapshots }: LocatedComponent,
  { observations, sinceChange, tooRecent, seconds }: Traffic,
): TrafficSplit {
  const split = resolveTrafficSplit({
    match,
    snapshots,
    observations: sinceChange ?? observations,
    windowSeconds: seconds,
  });
  if (!tooRecent) return split;
  const { changedAt, neededSeconds } = tooRecent;
  return {
    ...split,
    comparison: {
      verdict: 'notEnough',
      text: `The route changed at ${formatTime(changedAt)}: ${formatDuration(
        neededSeconds,
      )} of measurements are needed to compare.`,
    },
  };
}
