import type { MeshSnapshot } from '@istio-backstage/plugin-istio-common';
import type {
  ClusterState,
  MeshChange,
  MeshReader,
} from '@istio-backstage/plugin-istio-node';
import { ClusterTiming, ClusterWatch, DEFAULT_TIMING } from './ClusterWatch';
import type { ClusterRegistry } from './ClusterRegistry';

/**
 * {@link MeshReader} over one list and watch per kind and cluster. Every cluster runs on its own: a slow or
 * dead one delays nothing but its own snapshot.
 */
export class InformerCache implements MeshReader {
  static create(options: {
    registry: ClusterRegistry;
    timing?: Partial<ClusterTiming>;
    now?: () => number;
    random?: () => number;
    onListenerError?: (error: unknown) => void;
  }): InformerCache {
    return new InformerCache(options);
  }

  private readonly watches = new Map<string, ClusterWatch>();
  private readonly listeners = new Set<(change: MeshChange) => void>();
  private readonly onListenerError: (error: unknown) => void;

  private constructor(options: Parameters<typeof InformerCache.create>[0]) {
    this.onListenerError = options.onListenerError ?? (() => {});
    for (const { name, rootNamespace, domain } of options.registry.list()) {
      const watch = new ClusterWatch({
        client: options.registry.clientFor(name),
        rootNamespace,
        domain,
        timing: { ...DEFAULT_TIMING, ...options.timing },
        now: options.now ?? Date.now,
        random: options.random ?? Math.random,
        onChange: change => this.emit(change),
      });
      this.watches.set(name, watch);
    }
  }

  start(): void {
    for (const watch of this.watches.values()) watch.start();
  }

  stop(): void {
    for (const watch of this.watches.values()) watch.stop();
    this.listeners.clear();
  }

  clusters(): ClusterState[] {
    return [...this.watches.values()].map(watch => watch.state());
  }

  snapshot(cluster: string): MeshSnapshot | undefined {
    return this.watches.get(cluster)?.snapshot();
  }

  onChange(listener: (change: MeshChange) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private emit(change: MeshChange): void {
    for (const listener of this.listeners) {
      try {
        listener(change);
      } catch (error) {
        this.onListenerError(error);
      }
    }
  }
}
