import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import { InputError, NotAllowedError, NotFoundError } from '@backstage/errors';
import {
  istioAuditReadPermission,
  istioChangeBreakGlassPermission,
  istioChangeCreatePermission,
  type Change,
  type ChangeList,
  type ChangeListQuery,
  type ChangePreview,
  type PreviewRequest,
  type RevertRequest,
  type SubmitRequest,
} from '@istio-backstage/plugin-istio-common';
import type { EntityGate } from './EntityGate';
import type { ChangeContext, ChangeService } from './types';

const PAGES_AT_MOST = 10;

/** Options of {@link AuthorizedChangeService}. */
export interface AuthorizedChangeServiceOptions {
  service: ChangeService;
  gate: EntityGate;
}

/**
 * Lets through what the permission framework allows on the entity, for entities that the catalog
 * shows this user. Ids of changes give nothing away: the entity of a change is what is authorised.
 */
export class AuthorizedChangeService implements ChangeService {
  static create(
    options: AuthorizedChangeServiceOptions,
  ): AuthorizedChangeService {
    return new AuthorizedChangeService(options);
  }

  private constructor(
    private readonly options: AuthorizedChangeServiceOptions,
  ) {}

  async preview(
    request: PreviewRequest,
    context: ChangeContext,
  ): Promise<ChangePreview> {
    const entityRef = normalizeRef(request.entityRef);
    await this.requireCreate(entityRef, context);
    await this.requireBreakGlass(request, context);
    return this.options.service.preview({ ...request, entityRef }, context);
  }

  async submit(
    request: SubmitRequest,
    context: ChangeContext,
  ): Promise<Change> {
    const entityRef = normalizeRef(request.entityRef);
    await this.requireCreate(entityRef, context);
    await this.requireBreakGlass(request, context);
    return this.options.service.submit({ ...request, entityRef }, context);
  }

  async previewRevert(
    id: string,
    context: ChangeContext,
  ): Promise<ChangePreview> {
    await this.requireCreate(
      await this.options.gate.entityOf(id, context),
      context,
    );
    return this.options.service.previewRevert(id, context);
  }

  async revert(
    id: string,
    request: RevertRequest,
    context: ChangeContext,
  ): Promise<Change> {
    await this.requireCreate(
      await this.options.gate.entityOf(id, context),
      context,
    );
    return this.options.service.revert(id, request, context);
  }

  async get(id: string, context: ChangeContext): Promise<Change> {
    const { entityRef, isAllowed } = await this.options.gate.entityFor(
      id,
      istioAuditReadPermission,
      context,
    );
    if (!isAllowed) {
      throw new NotAllowedError(
        `You may not read the changes of ${entityRef} (permission ${istioAuditReadPermission.name})`,
      );
    }
    return this.options.service.get(id, context);
  }

  async list(
    query: ChangeListQuery,
    context: ChangeContext,
  ): Promise<ChangeList> {
    if (query.entityRef === undefined) {
      return this.listReadable(query, context);
    }
    const entityRef = normalizeRef(query.entityRef);
    const readable = await this.readable([entityRef], context);
    if (!readable.has(entityRef)) {
      throw new NotAllowedError(
        `You may not read the changes of ${entityRef} (permission ${istioAuditReadPermission.name})`,
      );
    }
    return this.options.service.list({ ...query, entityRef }, context);
  }

  /** Pages on until the page is full; what the user may not read is not even counted. */
  private async listReadable(
    query: ChangeListQuery,
    context: ChangeContext,
  ): Promise<ChangeList> {
    const items: Change[] = [];
    const known = new Map<string, boolean>();
    let cursor = query.cursor;
    for (let page = 0; page < PAGES_AT_MOST; page += 1) {
      const found = await this.options.service.list(
        { ...query, cursor, limit: query.limit - items.length },
        context,
      );
      const refs = [...new Set(found.items.map(item => item.entityRef))];
      const unknown = refs.filter(ref => !known.has(ref));
      const readable = await this.readable(unknown, context);
      unknown.forEach(ref => known.set(ref, readable.has(ref)));
      items.push(...found.items.filter(item => known.get(item.entityRef)));
      cursor = found.nextCursor;
      if (!cursor || items.length >= query.limit) {
        break;
      }
    }
    return { items, nextCursor: cursor };
  }

  private async readable(
    entityRefs: string[],
    context: ChangeContext,
  ): Promise<Set<string>> {
    const visible = await this.options.gate.visible(entityRefs, context);
    const allowed = await this.options.gate.allowed(
      visible,
      istioAuditReadPermission,
      context,
    );
    return new Set(visible.filter((_, index) => allowed[index]));
  }

  private async requireBreakGlass(
    request: { entityRef: string; breakGlass?: boolean },
    context: ChangeContext,
  ) {
    if (!request.breakGlass) {
      return;
    }
    const entityRef = normalizeRef(request.entityRef);
    const [allowed] = await this.options.gate.allowed(
      [entityRef],
      istioChangeBreakGlassPermission,
      context,
    );
    if (!allowed) {
      throw new NotAllowedError(
        `You may not break the glass for ${entityRef} (permission ${istioChangeBreakGlassPermission.name})`,
      );
    }
  }

  private async requireCreate(entityRef: string, context: ChangeContext) {
    const [visible] = await this.options.gate.visible([entityRef], context);
    if (!visible) {
      throw new NotFoundError(`The catalog has no entity ${entityRef}`);
    }
    const [allowed] = await this.options.gate.allowed(
      [entityRef],
      istioChangeCreatePermission,
      context,
    );
    if (!allowed) {
      throw new NotAllowedError(
        `You may not change ${entityRef} (permission ${istioChangeCreatePermission.name})`,
      );
    }
  }
}

function normalizeRef(entityRef: string): string {
  try {
    return stringifyEntityRef(parseEntityRef(entityRef));
  } catch {
    throw new InputError(
      'entityRef: must be a full entity reference, for example component:default/reviews',
    );
  }
}
