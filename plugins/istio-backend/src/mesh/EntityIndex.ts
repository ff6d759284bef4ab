import type { AuthService } from '@backstage/backend-plugin-api';
import { Entity, stringifyEntityRef } from '@backstage/catalog-model';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import {
  EntityMeshClaim,
  parseMeshClaim,
} from '@istio-backstage/plugin-istio-common';
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { listMeshEntities } from './listMeshEntities';

/** An entity that says it has something in the mesh. */
export interface IndexedEntity {
  entityRef: string;
  title: string;
  type?: string;
  ownerRef?: string;
  claim: EntityMeshClaim;
}

const REFRESH_MS = 30_000;
const CATCH_UP_MS = 3_000;
const FIELDS = [
  'kind',
  'metadata.name',
  'metadata.namespace',
  'metadata.title',
  'metadata.annotations',
  'spec.type',
  'spec.owner',
  'relations',
];

/**
 * All entities with mesh annotations, read with the plugin's own credentials at an interval. It serves to
 * find the owner of a workload and to make the list; what a person gets to see of it is decided elsewhere,
 * with that person's credentials.
 */
export class EntityIndex {
  static create(options: {
    catalog: Pick<CatalogService, 'queryEntities'>;
    auth: Pick<AuthService, 'getOwnServiceCredentials'>;
    /** A reading failed; what was read before stays. */
    onError?: (error: unknown, hasData: boolean) => void;
  }): EntityIndex {
    return new EntityIndex(options);
  }

  private entities: ReadonlyMap<string, IndexedEntity> = new Map();
  private readonly listeners = new Set<() => void>();
  private loaded = false;
  private settled = false;
  private running: Promise<void> | undefined;

  private readonly stopping = new AbortController();

  private constructor(
    private readonly options: Parameters<typeof EntityIndex.create>[0],
  ) {}

  /** False before the first successful read: then an empty index means nothing. */
  get isLoaded(): boolean {
    return this.loaded;
  }

  /** Whether the last reading found the same as the one before, and not nothing. */
  get isSettled(): boolean {
    return this.settled;
  }

  all(): ReadonlyMap<string, IndexedEntity> {
    return this.entities;
  }

  get(entityRef: string): IndexedEntity | undefined {
    return this.entities.get(entityRef);
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Reads the catalog; throws when it does not answer, and keeps what it had. */
  refresh(): Promise<void> {
    this.running ??= this.read().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  /** Reads the catalog again and again; often while it is being filled, as after a start. */
  start(): void {
    void this.refreshForEver(this.stopping.signal);
  }

  stop(): void {
    this.stopping.abort();
    this.listeners.clear();
  }

  private async refreshForEver(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.refresh();
      } catch (error) {
        this.options.onError?.(error, this.loaded);
      }
      const milliseconds = this.settled ? REFRESH_MS : CATCH_UP_MS;
      await pause(milliseconds, undefined, { signal, ref: false }).catch(
        () => {},
      );
    }
  }

  private async read(): Promise<void> {
    const next = new Map<string, IndexedEntity>();
    const credentials = await this.options.auth.getOwnServiceCredentials();
    const { catalog } = this.options;
    for await (const entity of listMeshEntities({
      catalog,
      credentials,
      fields: FIELDS,
    })) {
      const indexed = indexEntity(entity);
      if (indexed) next.set(indexed.entityRef, indexed);
    }
    const changed = !this.loaded || !isDeepStrictEqual(next, this.entities);
    this.loaded = true;
    this.settled = !changed && next.size > 0;
    if (!changed) return;
    this.entities = next;
    for (const listener of this.listeners) listener();
  }
}

function indexEntity(entity: Entity): IndexedEntity | undefined {
  const claim = parseMeshClaim(entity);
  if (!claim) return undefined;
  const { type } = (entity.spec ?? {}) as { type?: unknown };
  return {
    entityRef: stringifyEntityRef(entity),
    title: entity.metadata.title ?? entity.metadata.name,
    ...(typeof type === 'string' && { type }),
    ...(claim.ownerRef && { ownerRef: claim.ownerRef }),
    claim,
  };
}
