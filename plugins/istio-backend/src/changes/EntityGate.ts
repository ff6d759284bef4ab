import type { PermissionsService } from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import {
  AuthorizeResult,
  type ResourcePermission,
} from '@backstage/plugin-permission-common';
import type { ChangeContext, ChangeStore } from './types';

/** Options of {@link EntityGate}. */
export interface EntityGateOptions {
  store: Pick<ChangeStore, 'get'>;
  catalog: Pick<CatalogService, 'getEntitiesByRefs'>;
  permissions: Pick<PermissionsService, 'authorize'>;
}

/** What a person may do with an entity, and whether the catalog shows it to the person at all. */
export class EntityGate {
  static create(options: EntityGateOptions): EntityGate {
    return new EntityGate(options);
  }

  private constructor(private readonly options: EntityGateOptions) {}

  /** Entity of a change, when the catalog shows it to this user; otherwise there is no such change. */
  async entityOf(id: string, context: ChangeContext): Promise<string> {
    const change = await this.options.store.get(id);
    const [visible] = change
      ? await this.visible([change.entityRef], context)
      : [];
    if (!visible) {
      throw new NotFoundError(`There is no change ${id}`);
    }
    return visible;
  }

  /** Of these, what the catalog shows. */
  async visible(
    entityRefs: string[],
    { credentials }: ChangeContext,
  ): Promise<string[]> {
    if (entityRefs.length === 0) {
      return [];
    }
    const { items } = await this.options.catalog.getEntitiesByRefs(
      { entityRefs, fields: ['kind', 'metadata.name', 'metadata.namespace'] },
      { credentials },
    );
    return entityRefs.filter((_, index) => items[index] !== undefined);
  }

  /** One answer per entity. */
  async allowed(
    entityRefs: string[],
    permission: ResourcePermission,
    { credentials }: ChangeContext,
  ): Promise<boolean[]> {
    if (entityRefs.length === 0) {
      return [];
    }
    const decisions = await this.options.permissions.authorize(
      entityRefs.map(resourceRef => ({ permission, resourceRef })),
      { credentials },
    );
    return decisions.map(({ result }) => result === AuthorizeResult.ALLOW);
  }
}
