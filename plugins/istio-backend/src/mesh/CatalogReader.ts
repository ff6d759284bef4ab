import {
  Entity,
  parseEntityRef,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { NotFoundError } from '@backstage/errors';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { SharedCache } from '../caching/SharedCache';
import { listMeshEntities } from './listMeshEntities';
import { principalKey } from './principalKey';
import type { MeshContext } from './types';

/** How long what one person may see is taken from memory. */
const ENTITY_MS = 5_000;
const VISIBLE_MS = 15_000;

/**
 * Reads the catalog as the person who asks, so that its visibility rules hold here too. Answers are kept
 * for some seconds per person; nothing is shared between persons.
 */
export class CatalogReader {
  static create(options: {
    catalog: Pick<CatalogService, 'getEntityByRef' | 'queryEntities'>;
    now?: () => number;
  }): CatalogReader {
    return new CatalogReader(options.catalog, options.now);
  }

  private readonly entities: SharedCache<Entity | undefined>;
  private readonly visible: SharedCache<ReadonlySet<string>>;

  private constructor(
    private readonly catalog: Pick<
      CatalogService,
      'getEntityByRef' | 'queryEntities'
    >,
    now?: () => number,
  ) {
    this.entities = new SharedCache({
      freshMs: ENTITY_MS,
      staleMs: ENTITY_MS,
      maxEntries: 5_000,
      now,
    });
    this.visible = new SharedCache({
      freshMs: VISIBLE_MS,
      staleMs: 2 * VISIBLE_MS,
      maxEntries: 1_000,
      now,
    });
  }

  /** Throws NotFoundError also for an entity the person may not see: whether it exists is not told. */
  async getEntity(
    entityRef: string,
    { credentials }: MeshContext,
  ): Promise<Entity> {
    const ref = stringifyEntityRef(parseEntityRef(entityRef));
    const key = `${principalKey(credentials)} ${ref}`;
    const entity = await this.entities.get(key, () =>
      this.catalog.getEntityByRef(ref, { credentials }),
    );
    if (!entity) {
      throw new NotFoundError(`The catalog has no entity '${ref}' for you`);
    }
    return entity;
  }

  /** Refs of the entities with mesh annotations that the person may see. */
  async visibleComponents({
    credentials,
  }: MeshContext): Promise<ReadonlySet<string>> {
    return this.visible.get(principalKey(credentials), async () => {
      const refs = new Set<string>();
      const entities = listMeshEntities({
        catalog: this.catalog,
        credentials,
        fields: ['kind', 'metadata.name', 'metadata.namespace'],
      });
      for await (const entity of entities) refs.add(stringifyEntityRef(entity));
      return refs;
    });
  }
}
