import {
  EntityMatch,
  EntityMeshClaim,
  matchWorkloads,
  MeshSnapshot,
  NamespaceBinding,
} from '@istio-backstage/plugin-istio-common';
import type {
  MeshChange,
  MeshReader,
} from '@istio-backstage/plugin-istio-node';
import { doInSlices } from '../caching/doInSlices';
import type { EntityIndex, IndexedEntity } from './EntityIndex';
import type { ComponentChanges } from './types';

export interface WorkloadOwner {
  entityRef: string;
  ownerRef?: string;
}

export interface WorkloadDirectoryOptions {
  index: EntityIndex;
  reader: MeshReader;
  binding: NamespaceBinding;
  onError?: (error: unknown) => void;
}

interface Entry {
  entity: IndexedEntity;
  match: EntityMatch;
  namespaces: ReadonlySet<string>;
}

/**
 * Which entity owns which workload, and which entities a change of the cluster concerns. Kept up to date
 * in the background, a slice at a time, and only for the entities a change can have touched.
 */
export class WorkloadDirectory implements ComponentChanges {
  static create(options: WorkloadDirectoryOptions): WorkloadDirectory {
    return new WorkloadDirectory(options);
  }

  private entries = new Map<string, Entry>();
  private owners = new Map<string, WorkloadOwner>();
  private readonly pending = new Map<string, Set<string> | 'all'>();
  private everything = true;
  private running: Promise<void> | undefined;
  private generation = 0;
  private readonly listeners = new Set<
    (entityRefs: ReadonlySet<string> | '*') => void
  >();
  private readonly unsubscribe: (() => void)[] = [];

  private constructor(private readonly options: WorkloadDirectoryOptions) {}

  start(): void {
    const { reader, index } = this.options;
    this.unsubscribe.push(
      reader.onChange(change => this.onMeshChange(change)),
      index.onChange(() => {
        this.everything = true;
        this.update();
      }),
    );
    this.update();
  }

  stop(): void {
    for (const unsubscribe of this.unsubscribe.splice(0)) unsubscribe();
    this.listeners.clear();
  }

  /** Grows when any entity's match, or what it rests on, changed. */
  revision(): number {
    return this.generation;
  }

  /** Entity that owns the workload in any of the clusters; undefined when none or not read yet. */
  ownerOf(workload: {
    namespace?: string;
    name: string;
  }): WorkloadOwner | undefined {
    return this.owners.get(`${workload.namespace ?? ''}/${workload.name}`);
  }

  matchOf(entityRef: string): EntityMatch | undefined {
    return this.entries.get(entityRef)?.match;
  }

  /** Every entity that was read, with its part of the clusters. */
  *matches(): Iterable<readonly [string, EntityMatch]> {
    for (const [entityRef, { match }] of this.entries) {
      yield [entityRef, match] as const;
    }
  }

  subscribe(
    listener: (entityRefs: ReadonlySet<string> | '*') => void,
  ): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * Whether everything that is to be known is taken in: after a start the catalog is filled little by
   * little, so a part of it says nothing about the rest.
   */
  isSettled(): boolean {
    return (
      this.options.index.isSettled &&
      !this.everything &&
      this.running === undefined
    );
  }

  /** Resolves when everything known now is taken in. */
  async settled(): Promise<void> {
    while (this.running) await this.running;
  }

  private onMeshChange({ cluster, namespaces }: MeshChange): void {
    const known = this.pending.get(cluster);
    if (namespaces.length === 0) {
      this.pending.set(cluster, 'all');
    } else if (known !== 'all') {
      this.pending.set(cluster, new Set([...(known ?? []), ...namespaces]));
    }
    this.update();
  }

  private update(): void {
    if (this.running) return;
    this.running = this.work()
      .catch(error => this.options.onError?.(error))
      .finally(() => {
        this.running = undefined;
        if (this.everything || this.pending.size > 0) this.update();
      });
  }

  private async work(): Promise<void> {
    const { index } = this.options;
    const everything = this.everything;
    const changes = new Map(this.pending);
    this.everything = false;
    this.pending.clear();
    const snapshots = this.snapshots();
    const affected = new Set<string>();
    const entities = [...index.all().values()];
    const next = new Map<string, Entry>();
    await doInSlices(entities, entity => {
      const known = this.entries.get(entity.entityRef);
      const isSame = known !== undefined && known.entity === entity;
      if (isSame && !everything && !this.concerns(known, changes, snapshots)) {
        next.set(entity.entityRef, known);
        return;
      }
      next.set(entity.entityRef, this.buildEntry(entity, snapshots));
      affected.add(entity.entityRef);
    });
    const lost = this.entries.size !== next.size;
    this.entries = next;
    if (affected.size > 0 || lost) {
      this.generation += 1;
      this.rebuildOwners();
    }
    const wholeCluster = [...changes.values()].includes('all');
    this.announce(everything || wholeCluster ? '*' : affected);
  }

  private buildEntry(entity: IndexedEntity, snapshots: MeshSnapshot[]): Entry {
    const match = matchWorkloads({
      claim: entity.claim,
      snapshots,
      binding: this.options.binding,
    });
    const namespaces = new Set(
      [...match.workloads, ...match.services, ...match.nearMisses].map(
        one => one.namespace,
      ),
    );
    if (entity.claim.namespace) namespaces.add(entity.claim.namespace);
    return { entity, match, namespaces };
  }

  /** An entity without namespace concerns every namespace that holds workloads with its labels. */
  private concerns(
    { entity: { claim }, namespaces }: Entry,
    changes: ReadonlyMap<string, Set<string> | 'all'>,
    snapshots: MeshSnapshot[],
  ): boolean {
    for (const [cluster, touched] of changes) {
      if (claim.clusters.length > 0 && !claim.clusters.includes(cluster)) {
        continue;
      }
      if (touched === 'all') return true;
      for (const namespace of touched) {
        if (namespaces.has(namespace)) return true;
        if (claim.namespace) continue;
        const snapshot = snapshots.find(one => one.cluster === cluster);
        if (snapshot && claims(claim, snapshot, namespace)) return true;
      }
    }
    return false;
  }

  private rebuildOwners(): void {
    const owners = new Map<string, WorkloadOwner>();
    for (const { entity, match } of this.entries.values()) {
      const { entityRef, ownerRef } = entity;
      for (const { namespace, name } of [
        ...match.workloads,
        ...match.services,
      ]) {
        const key = `${namespace}/${name}`;
        // Two entities with one workload: the first by name, so that the answer does not flicker.
        const known = owners.get(key);
        if (!known || entityRef < known.entityRef) {
          owners.set(key, { entityRef, ownerRef });
        }
      }
    }
    this.owners = owners;
  }

  private announce(entityRefs: ReadonlySet<string> | '*'): void {
    if (entityRefs !== '*' && entityRefs.size === 0) return;
    for (const listener of this.listeners) {
      try {
        listener(entityRefs);
      } catch (error) {
        this.options.onError?.(error);
      }
    }
  }

  private snapshots(): MeshSnapshot[] {
    const { reader } = this.options;
    return reader
      .clusters()
      .map(({ name }) => reader.snapshot(name))
      .filter((one): one is MeshSnapshot => one !== undefined);
  }
}

function claims(
  claim: EntityMeshClaim,
  snapshot: MeshSnapshot,
  namespace: string,
): boolean {
  return (
    snapshot.findWorkloads(claim.selector, namespace).length > 0 ||
    claim.services.some(name => snapshot.get('Service', namespace, name))
  );
}
