import type { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import type { MeshReader } from '@istio-backstage/plugin-istio-node';
import type { ClusterDrift } from './ClusterDrift';

/** Options of {@link DriftWatcher}. */
export interface DriftWatcherOptions {
  reader: Pick<MeshReader, 'clusters' | 'onChange'>;
  /** One per cluster, made when it is first seen. */
  clusterOf: (cluster: string) => ClusterDrift;
  prune: () => Promise<unknown>;
  logger: LoggerService;
  /** How often what could not be settled is looked at again. */
  againSeconds: number;
  pruneSeconds: number;
}

/**
 * Compares clusters with what is known of them, at the start and with each event of their watches. Looks
 * at one cluster never overlap; several clusters do not wait for each other.
 */
export class DriftWatcher {
  static create(options: DriftWatcherOptions): DriftWatcher {
    return new DriftWatcher(options);
  }

  private readonly clusters = new Map<string, ClusterDrift>();
  private readonly running = new Map<string, Promise<void>>();
  /** Something happened since the look that is running began, or it left something open. */
  private readonly due = new Set<string>();
  private readonly timers: NodeJS.Timeout[] = [];
  private unsubscribe?: () => void;
  private isStopped = false;

  private constructor(private readonly options: DriftWatcherOptions) {}

  start(): void {
    const { reader, againSeconds, pruneSeconds } = this.options;
    this.unsubscribe = reader.onChange(({ cluster }) => this.look(cluster));
    this.every(againSeconds, () => {
      for (const cluster of this.due) this.look(cluster);
    });
    this.every(pruneSeconds, () => void this.prune());
    for (const { name } of reader.clusters()) this.look(name);
    void this.prune();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    this.unsubscribe?.();
    this.timers.forEach(timer => clearInterval(timer));
    await Promise.all(this.running.values());
  }

  private look(cluster: string): void {
    this.due.add(cluster);
    if (this.isStopped || this.running.has(cluster)) return;
    const round = this.compare(cluster).finally(() => {
      this.running.delete(cluster);
    });
    this.running.set(cluster, round);
  }

  private async compare(cluster: string): Promise<void> {
    let isOpen = true;
    // An event during a look is followed by one more; what is left open waits for its timer.
    while (this.due.delete(cluster) && !this.isStopped) {
      try {
        isOpen = await this.of(cluster).compare();
      } catch (error) {
        isOpen = true;
        this.options.logger.warn(
          `Changes made in ${cluster} outside the portal could not be recorded yet`,
          toError(error) as Error,
        );
      }
    }
    if (isOpen) this.due.add(cluster);
  }

  private of(cluster: string): ClusterDrift {
    const known = this.clusters.get(cluster) ?? this.options.clusterOf(cluster);
    this.clusters.set(cluster, known);
    return known;
  }

  private async prune(): Promise<void> {
    try {
      await this.options.prune();
    } catch (error) {
      this.options.logger.warn(
        'Old records of changes outside the portal could not be removed',
        toError(error) as Error,
      );
    }
  }

  private every(seconds: number, run: () => void): void {
    const timer = setInterval(run, seconds * 1000);
    timer.unref();
    this.timers.push(timer);
  }
}
