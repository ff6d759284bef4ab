import {
  buildSnapshot,
  KIND_NAMES,
  KindFreshness,
  KindName,
  kindNameOf,
  KubeObject,
  MeshSnapshot,
  withKind,
} from '@istio-backstage/plugin-istio-common';
import type { ClusterState, MeshChange, MeshReader } from '../types';

interface MemoryCluster {
  snapshot?: MeshSnapshot;
  state: ClusterState;
}

/** A {@link MeshReader} whose clusters are lists of objects; for tests of what stands on the reader. */
export class MemoryMeshReader implements MeshReader {
  private readonly byName = new Map<string, MemoryCluster>();
  private readonly listeners = new Set<(change: MeshChange) => void>();

  constructor(private readonly options: { now?: () => number } = {}) {}

  /** Adds a cluster that answers; kinds without objects are synced and empty. */
  addCluster(
    name: string,
    objects: readonly KubeObject[],
    options: {
      rootNamespace?: string;
      freshness?: Partial<Record<KindName, KindFreshness>>;
      istioVersion?: string;
    } = {},
  ): this {
    const asOf = this.now();
    const { rootNamespace, freshness, istioVersion } = options;
    this.byName.set(name, {
      snapshot: buildSnapshot({
        cluster: name,
        rootNamespace,
        asOf,
        objects: groupByKind(objects),
        freshness,
      }),
      state: {
        name,
        state: 'fresh',
        asOf,
        ...(istioVersion && { istioVersion }),
      },
    });
    this.emit({ cluster: name, namespaces: [] });
    return this;
  }

  /** Sets what is known about a cluster; a name that is new is a cluster that never answered. */
  setState(name: string, state: ClusterState['state'], message?: string): this {
    const known = this.byName.get(name);
    this.byName.set(name, {
      snapshot: known?.snapshot,
      state: { ...known?.state, name, state, ...(message && { message }) },
    });
    this.emit({ cluster: name, namespaces: [] });
    return this;
  }

  /** Writes objects over those of the same name. Throws for an unknown cluster or kind. */
  apply(name: string, ...objects: KubeObject[]): this {
    const cluster = this.byName.get(name);
    if (!cluster?.snapshot) throw new Error(`No cluster '${name}'`);
    const asOf = this.now();
    for (const object of objects) {
      const kind = kindNameOf(object);
      if (!kind) throw new Error(`Kind '${object.kind}' is not read`);
      const { snapshot } = cluster;
      const others = snapshot
        .list(kind)
        .filter(
          one =>
            one.metadata.name !== object.metadata.name ||
            one.metadata.namespace !== object.metadata.namespace,
        );
      cluster.snapshot = withKind(snapshot, {
        kind,
        objects: [...others, object],
        asOf,
      });
    }
    cluster.state = { ...cluster.state, asOf };
    this.emit({
      cluster: name,
      namespaces: [
        ...new Set(objects.flatMap(({ metadata }) => metadata.namespace ?? [])),
      ],
    });
    return this;
  }

  clusters(): ClusterState[] {
    return [...this.byName.values()].map(({ state }) => state);
  }

  snapshot(cluster: string): MeshSnapshot | undefined {
    return this.byName.get(cluster)?.snapshot;
  }

  onChange(listener: (change: MeshChange) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private now(): number {
    return (this.options.now ?? Date.now)();
  }

  private emit(change: MeshChange): void {
    for (const listener of this.listeners) listener(change);
  }
}

function groupByKind(
  objects: readonly KubeObject[],
): Record<KindName, KubeObject[]> {
  const groups = Object.fromEntries(
    KIND_NAMES.map(kind => [kind, [] as KubeObject[]]),
  ) as Record<KindName, KubeObject[]>;
  for (const object of objects) {
    const kind = kindNameOf(object);
    if (!kind) throw new Error(`Kind '${object.kind}' is not read`);
    groups[kind].push(object);
  }
  return groups;
}
