import {
  ComponentList,
  ComponentListQuery,
  ComponentSummary,
  HealthThresholds,
  SourceError,
  TrafficObservation,
} from '@istio-backstage/plugin-istio-common';
import type {
  MeshReader,
  TelemetryProvider,
} from '@istio-backstage/plugin-istio-node';
import { doInSlices } from '../caching/doInSlices';
import { ResultCache } from '../caching/ResultCache';
import type { ChangeHistory } from '../changes/types';
import type { ClusterStatuses } from './ClusterStatuses';
import type { EntityIndex } from './EntityIndex';
import { buildSummary } from './buildSummary';
import { mergeObservations } from './mergeObservations';
import { parseWindow } from './parseWindow';
import { partOf } from './partitionObservation';
import { selectComponents } from './selectComponents';
import type { WorkloadDirectory } from './WorkloadDirectory';

export interface ComponentTableOptions {
  index: EntityIndex;
  directory: WorkloadDirectory;
  reader: MeshReader;
  telemetry: TelemetryProvider;
  statuses: ClusterStatuses;
  thresholds: HealthThresholds;
  history: ChangeHistory;
  now?: () => number;
}

type Row = Omit<ComponentSummary, 'lastChange'>;

interface Build {
  at: number;
  /** What the rows show of clusters and catalog. */
  structure: string;
  observations: readonly TrafficObservation[];
  rows: Row[];
  to: number;
}

/** Older rows are not shown while new ones are made: who looks waits for those. */
const TOO_OLD_MS = 60_000;

/**
 * The rows of the mesh page. All components are computed once for everybody, in slices and in the
 * background; a request only filters, sorts and pages what its sender may see.
 */
export class ComponentTable {
  private readonly rows = new ResultCache<Row>(20_000);
  private readonly builds = new Map<number, Build>();
  private readonly running = new Map<number, Promise<Build>>();
  private readonly now: () => number;

  constructor(private readonly options: ComponentTableOptions) {
    this.now = options.now ?? Date.now;
  }

  async list(request: {
    query: ComponentListQuery;
    among: ReadonlySet<string>;
  }): Promise<ComponentList> {
    const { query, among } = request;
    const { statuses } = this.options;
    const seconds = parseWindow(query.window);
    const traffic = await this.observe(seconds);
    const build = await this.buildFor(seconds, traffic.observations);
    const visible = build.rows.filter(row => among.has(row.entityRef));
    const selection = selectComponents(visible, query);
    const marked = await this.withLastChanges(selection.items);
    return {
      window: {
        seconds,
        from: new Date(build.to - seconds * 1000).toISOString(),
        to: new Date(build.to).toISOString(),
      },
      ...selection,
      items: marked.items,
      clusters: statuses.describe(statuses.names()),
      errors: [
        ...statuses.errors(statuses.names()),
        ...traffic.errors,
        ...marked.errors,
        ...(this.options.index.isLoaded
          ? []
          : [
              {
                source: 'catalog' as const,
                message: 'The catalog has not been read yet',
              },
            ]),
      ],
    };
  }

  private async observe(seconds: number): Promise<{
    observations: TrafficObservation[];
    errors: SourceError[];
  }> {
    const { telemetry, statuses } = this.options;
    const observations = await Promise.all(
      statuses
        .names()
        .filter(cluster => statuses.isCurrent(cluster))
        .map(cluster => telemetry.observe({ cluster, seconds })),
    );
    const errors = observations.flatMap(({ cluster, error }) =>
      error !== undefined && telemetry.status(cluster).state !== 'notConfigured'
        ? [
            {
              cluster,
              source: 'prometheus' as const,
              message: `${error} (cluster ${cluster})`,
            },
          ]
        : [],
    );
    return { observations, errors };
  }

  /**
   * Rows on older traffic are given at once while newer ones are made. A change of a cluster or of the
   * catalog is waited for: who was told of it and asks again must see it.
   */
  private async buildFor(
    seconds: number,
    observations: TrafficObservation[],
  ): Promise<Build> {
    const structure = this.structure();
    const known = this.builds.get(seconds);
    if (known?.structure === structure) {
      if (isSame(known.observations, observations)) return known;
      const next = this.startBuild(seconds, observations);
      if (this.now() - known.at >= TOO_OLD_MS) return next;
      next.catch(() => {});
      return known;
    }
    const first = await this.startBuild(seconds, observations);
    // A build that was running already may have begun before the change.
    return first.structure === structure
      ? first
      : this.startBuild(seconds, observations);
  }

  private startBuild(
    seconds: number,
    observations: TrafficObservation[],
  ): Promise<Build> {
    let running = this.running.get(seconds);
    if (!running) {
      running = this.build(seconds, observations).finally(() =>
        this.running.delete(seconds),
      );
      this.running.set(seconds, running);
    }
    return running;
  }

  private structure(): string {
    const { statuses, directory } = this.options;
    return JSON.stringify([
      directory.revision(),
      statuses.names().map(name => statuses.whyLeftOut(name)),
    ]);
  }

  private async build(
    seconds: number,
    observations: TrafficObservation[],
  ): Promise<Build> {
    await this.options.directory.settled();
    const structure = this.structure();
    const rows: Row[] = [];
    await doInSlices(this.options.index.all().values(), entity => {
      const row = this.row(seconds, entity, observations);
      if (row) rows.push(row);
    });
    const build = {
      at: this.now(),
      structure,
      observations,
      rows,
      to: Math.max(
        ...observations.map(one => one.window.to),
        observations.length === 0 ? this.now() : 0,
      ),
    };
    this.builds.set(seconds, build);
    return build;
  }

  private row(
    seconds: number,
    entity: Parameters<typeof buildSummary>[0]['entity'],
    observations: TrafficObservation[],
  ): Row | undefined {
    const { directory, reader, statuses, thresholds } = this.options;
    const match = directory.matchOf(entity.entityRef);
    if (!match) return undefined;
    const found = [...match.workloads, ...match.services];
    const clusters = [...new Set(found.map(one => one.cluster))];
    const parts = clusters.flatMap(cluster => {
      const whole = observations.find(one => one.cluster === cluster);
      if (!whole) return [];
      const namespaces = new Set(
        found.filter(one => one.cluster === cluster).map(one => one.namespace),
      );
      return [[...namespaces].map(namespace => partOf(whole, namespace))];
    });
    const leftOut = clusters.flatMap(cluster => {
      const why = statuses.whyLeftOut(cluster);
      return why ? [{ cluster, why }] : [];
    });
    return this.rows.get({
      key: `${seconds} ${entity.entityRef}`,
      dependsOn: [entity, match, ...parts.flat(), JSON.stringify(leftOut)],
      compute: () =>
        buildSummary({
          entity,
          match,
          snapshots: clusters.flatMap(name => reader.snapshot(name) ?? []),
          observations: parts.map(mergeObservations),
          thresholds,
          leftOut,
          staleClusters: clusters.filter(name => !statuses.isCurrent(name)),
          now: this.now(),
        }),
    });
  }

  private async withLastChanges(
    rows: Row[],
  ): Promise<{ items: ComponentSummary[]; errors: SourceError[] }> {
    try {
      const changes = await this.options.history.lastByEntity(
        rows.map(row => row.entityRef),
      );
      return {
        items: rows.map(row => {
          const lastChange = changes.get(row.entityRef);
          return lastChange ? { ...row, lastChange } : row;
        }),
        errors: [],
      };
    } catch {
      return {
        items: rows,
        errors: [
          {
            source: 'database',
            message: 'The record of changes could not be read',
          },
        ],
      };
    }
  }
}

function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((one, index) => one === b[index]);
}
