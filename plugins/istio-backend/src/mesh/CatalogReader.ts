import {
  Entity,
  parseEntityRef,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { NotFoundError } from '@backstage/errors';
import type {
  BackstageCredentials,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { catalogEntityReadPermission } from '@backstage/plugin-catalog-common/alpha';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { SharedCache } from '../caching/SharedCache';
import type { EntityIndex } from './EntityIndex';
import { listMeshEntities } from './listMeshEntities';
import { principalKey } from './principalKey';
import type { MeshContext } from './types';

/** How long what one person may see is taken from memory. */
const ENTITY_MS = 5_000;
const VISIBLE_MS = 15_000;

export interface CatalogReaderOptions {
  catalog: Pick<CatalogService, 'getEntityByRef' | 'queryEntities'>;
  index: Pick<EntityIndex, 'isLoaded' | 'all'>;
  permissions: Pick<PermissionsService, 'authorizeConditional'>;
  now?: () => number;
}

/**
 * Reads the catalog as the person who asks, so that its visibility rules hold here too. Answers are kept
 * for some seconds per person; nothing is shared between persons.
 */
export class CatalogReader {
  static create(options: CatalogReaderOptions): CatalogReader {
    return new CatalogReader(options);
  }

  private readonly entities: SharedCache<Entity | undefined>;
  private readonly visible: SharedCache<ReadonlySet<string>>;
  private readonly unconditional: SharedCache<boolean>;
  private indexed: { of: unknown; refs: ReadonlySet<string> } | undefined;

  private constructor(private readonly options: CatalogReaderOptions) {
    const { now } = options;
    this.entities = new SharedCache({
      freshMs: ENTITY_MS,
      staleMs: ENTITY_MS,
      maxEntries: 5_000,
      now,
    });
    const visibility = {
      freshMs: VISIBLE_MS,
      staleMs: 2 * VISIBLE_MS,
      maxEntries: 1_000,
      now,
    };
    this.visible = new SharedCache(visibility);
    this.unconditional = new SharedCache(visibility);
  }

  /** Throws NotFoundError also for an entity the person may not see: whether it exists is not told. */
  async getEntity(
    entityRef: string,
    { credentials }: MeshContext,
  ): Promise<Entity> {
    const ref = stringifyEntityRef(parseEntityRef(entityRef));
    const key = `${principalKey(credentials)} ${ref}`;
    const entity = await this.entities.get(key, () =>
      this.options.catalog.getEntityByRef(ref, { credentials }),
    );
    if (!entity) {
      throw new NotFoundError(`The catalog has no entity '${ref}' for you`);
    }
    return entity;
  }

  /**
   * Refs of the entities with mesh annotations that the person may see. Where the policy shows the whole
   * catalog to this person, those are the refs of the index: a catalog of thousands is read once for all
   * people and not once per person.
   */
  async visibleComponents({
    credentials,
  }: MeshContext): Promise<ReadonlySet<string>> {
    if (this.options.index.isLoaded && (await this.seesAll(credentials))) {
      return this.indexedRefs();
    }
    return this.visible.get(principalKey(credentials), () =>
      this.readVisible(credentials),
    );
  }

  /** The question that the catalog itself asks before it answers; conditions are for it to apply. */
  private seesAll(
    credentials: BackstageCredentials,
  ): Promise<boolean> | boolean {
    return this.unconditional.get(principalKey(credentials), async () => {
      const [decision] = await this.options.permissions.authorizeConditional(
        [{ permission: catalogEntityReadPermission }],
        { credentials },
      );
      return decision.result === AuthorizeResult.ALLOW;
    });
  }

  private indexedRefs(): ReadonlySet<string> {
    const entities = this.options.index.all();
    if (this.indexed?.of !== entities) {
      this.indexed = { of: entities, refs: new Set(entities.keys()) };
    }
    return this.indexed.refs;
  }

  private async readVisible(
    credentials: BackstageCredentials,
  ): Promise<ReadonlySet<string>> {
    const refs = new Set<string>();
    const entities = listMeshEntities({
      catalog: this.options.catalog,
      credentials,
      fields: ['kind', 'metadata.name', 'metadata.namespace'],
    });
    for await (const entity of entities) refs.add(stringifyEntityRef(entity));
    return refs;
  }
}
