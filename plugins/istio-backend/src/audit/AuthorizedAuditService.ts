import type { PermissionsService } from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import {
  AuthorizeResult,
  type BasicPermission,
} from '@backstage/plugin-permission-common';
import {
  AuditEntryView,
  AuditList,
  AuditListQuery,
  istioAuditExportPermission,
  istioAuditReadPermission,
  istioAuditRedactPermission,
} from '@istio-backstage/plugin-istio-common';
import { isOfNoComponent } from '../changes/entityOfCluster';
import type { AuditContext, AuditService } from './auditService';

const STEPS_AT_MOST = 20;

/**
 * Shows entries of components that the user may read the record of, and those about the log itself, or about
 * objects of no component, to who may export it. What may not be read is not even counted.
 */
export class AuthorizedAuditService implements AuditService {
  static create(options: {
    service: AuditService;
    catalog: Pick<CatalogService, 'getEntitiesByRefs'>;
    permissions: Pick<PermissionsService, 'authorize'>;
  }): AuthorizedAuditService {
    return new AuthorizedAuditService(options);
  }

  private constructor(
    private readonly options: {
      service: AuditService;
      catalog: Pick<CatalogService, 'getEntitiesByRefs'>;
      permissions: Pick<PermissionsService, 'authorize'>;
    },
  ) {}

  /** A component that is asked for by name is refused, one among many is left out. */
  search = async (
    query: AuditListQuery,
    context: AuditContext,
  ): Promise<AuditList & { withheld: number }> => {
    await this.requireAsked(query, context);
    let withheld = 0;
    const items: AuditEntryView[] = [];
    const known = new Map<string, boolean>();
    let cursor = query.cursor;
    for (let step = 0; step < STEPS_AT_MOST; step += 1) {
      const limit = query.limit - items.length;
      const found = await this.options.service.search(
        { ...query, cursor, limit },
        context,
      );
      const refs = [...new Set(found.items.map(({ about }) => about))];
      await this.judge(
        refs.filter(ref => !known.has(ref)),
        known,
        context,
      );
      const shown = found.items.filter(({ about }) => known.get(about));
      items.push(...shown);
      withheld += found.items.length - shown.length;
      cursor = found.nextCursor;
      if (cursor === undefined || items.length >= query.limit) break;
    }
    return {
      items,
      withheld,
      ...(cursor === undefined ? {} : { nextCursor: cursor }),
    };
  };

  coverage: AuditService['coverage'] = async context => {
    const coverage = await this.options.service.coverage(context);
    if (await this.may(istioAuditExportPermission, context)) return coverage;
    // Messages name addresses and files.
    return {
      ...coverage,
      anchors: coverage.anchors.map(({ failure, ...anchor }) =>
        failure
          ? { ...anchor, failure: { ...failure, message: undefined } }
          : anchor,
      ),
    };
  };

  redact: AuditService['redact'] = async (seq, request, context) => {
    await this.require(istioAuditRedactPermission, context);
    return this.options.service.redact(seq, request, context);
  };

  verify: AuditService['verify'] = async context => {
    await this.require(istioAuditExportPermission, context);
    return this.options.service.verify(context);
  };

  exportLog: AuditService['exportLog'] = async (query, context) => {
    await this.require(istioAuditExportPermission, context);
    return this.options.service.exportLog(query, context);
  };

  makePack: AuditService['makePack'] = async (query, context) => {
    await this.require(istioAuditExportPermission, context);
    return this.options.service.makePack(query, context);
  };

  private async requireAsked(
    { entityRef, scope }: AuditListQuery,
    context: AuditContext,
  ): Promise<void> {
    if (scope === 'log' || entityRef?.startsWith('audit:')) {
      await this.require(istioAuditExportPermission, context);
    } else if (
      entityRef !== undefined &&
      (await this.visible([entityRef], context)).length > 0
    ) {
      const known = new Map<string, boolean>();
      await this.judge([entityRef], known, context);
      if (known.get(entityRef)) return;
      throw new NotAllowedError(
        `You may not read the record of ${entityRef} (permission ${istioAuditReadPermission.name})`,
      );
    }
  }

  private async judge(
    refs: readonly string[],
    known: Map<string, boolean>,
    context: AuditContext,
  ): Promise<void> {
    if (refs.length === 0) return;
    const isOfWhole = (ref: string) =>
      ref.startsWith('audit:') || isOfNoComponent(ref);
    const ofLog = refs.filter(isOfWhole);
    if (ofLog.length > 0) {
      const mayExport = await this.may(istioAuditExportPermission, context);
      ofLog.forEach(ref => known.set(ref, mayExport));
    }
    const ofEntities = refs.filter(ref => !isOfWhole(ref));
    ofEntities.forEach(ref => known.set(ref, false));
    const visible = await this.visible(ofEntities, context);
    if (visible.length === 0) return;
    const decisions = await this.options.permissions.authorize(
      visible.map(resourceRef => ({
        permission: istioAuditReadPermission,
        resourceRef,
      })),
      { credentials: context.credentials },
    );
    visible.forEach((ref, index) =>
      known.set(ref, decisions[index].result === AuthorizeResult.ALLOW),
    );
  }

  private async visible(
    entityRefs: string[],
    { credentials }: AuditContext,
  ): Promise<string[]> {
    // Refused tries may name what is no entity at all.
    const refs = entityRefs.filter(ref => /^[^:/]+:[^:/]+\/[^:/]+$/.test(ref));
    if (refs.length === 0) return [];
    const { items } = await this.options.catalog.getEntitiesByRefs(
      {
        entityRefs: refs,
        fields: ['kind', 'metadata.name', 'metadata.namespace'],
      },
      { credentials },
    );
    return refs.filter((_, index) => items[index] !== undefined);
  }

  private async require(
    permission: BasicPermission,
    context: AuditContext,
  ): Promise<void> {
    if (await this.may(permission, context)) return;
    throw new NotAllowedError(
      `You may not do this with the audit log (permission ${permission.name})`,
    );
  }

  private async may(
    permission: BasicPermission,
    { credentials }: AuditContext,
  ): Promise<boolean> {
    const [{ result }] = await this.options.permissions.authorize(
      [{ permission }],
      { credentials },
    );
    return result === AuthorizeResult.ALLOW;
  }
}
