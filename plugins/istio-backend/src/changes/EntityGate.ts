import type { PermissionsService } from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import {
  AuthorizeResult,
  type ResourcePermission,
} from '@backstage/plugin-permission-common';
import {
  istioAuditExportPermission,
  istioAuditReadPermission,
} from '@istio-backstage/plugin-istio-common';
import { isOfNoComponent } from './entityOfCluster';
import type { ChangeContext, ChangeStore } from './types';

/** Options of {@link EntityGate}. */
export interface EntityGateOptions {
  store: Pick<ChangeStore, 'get' | 'alsoConcerned'>;
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

  /** The entity of a change through which this user sees it, and may do it with; otherwise there is no such change. */
  async entityFor(
    id: string,
    permission: ResourcePermission,
    context: ChangeContext,
  ): Promise<{ entityRef: string; isAllowed: boolean }> {
    const change = await this.options.store.get(id);
    const refs = change
      ? [change.entityRef, ...(await this.options.store.alsoConcerned(id))]
      : [];
    const visible = await this.visible(refs, context);
    if (visible.length === 0) {
      throw new NotFoundError(`There is no change ${id}`);
    }
    const allowed = await this.allowed(visible, permission, context);
    const index = Math.max(allowed.indexOf(true), 0);
    return { entityRef: visible[index], isAllowed: allowed[index] };
  }

  /** Of these, what the catalog shows; what concerns no component is for who may export the record. */
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
    const mayExport =
      entityRefs.some(isOfNoComponent) &&
      (
        await this.options.permissions.authorize(
          [{ permission: istioAuditExportPermission }],
          { credentials },
        )
      )[0].result === AuthorizeResult.ALLOW;
    return entityRefs.filter(
      (ref, index) =>
        items[index] !== undefined || (mayExport && isOfNoComponent(ref)),
    );
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
    if (permission.name === istioAuditReadPermission.name) {
      // `visible` let those through that the permission of one entity cannot be asked about.
      const refs = entityRefs.filter(ref => !isOfNoComponent(ref));
      if (refs.length < entityRefs.length) {
        const decided = await this.allowed(refs, permission, { credentials });
        return entityRefs.map(
          ref => isOfNoComponent(ref) || decided[refs.indexOf(ref)],
        );
      }
    }
    const decisions = await this.options.permissions.authorize(
      entityRefs.map(resourceRef => ({ permission, resourceRef })),
      { credentials },
    );
    return decisions.map(({ result }) => result === AuthorizeResult.ALLOW);
  }
}
