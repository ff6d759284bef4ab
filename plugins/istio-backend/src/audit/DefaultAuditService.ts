import { ConflictError, InputError, NotFoundError } from '@backstage/errors';
import {
  AUDIT_TABLES,
  AuditEntryKind,
  AuditEntryView,
  AuditExportQuery,
  AuditList,
  AuditListQuery,
  formatLogRange,
  LASTING_KINDS,
  LogReport,
  RedactionRequest,
  verifyTables,
} from '@istio-backstage/plugin-istio-common';
import type { Knex } from 'knex';
import { ulid } from 'ulid';
import { AuditExporter } from './AuditExporter';
import { AuditSearch, toView } from './AuditSearch';
import type { AuditContext, AuditExport, AuditService } from './auditService';
import type { LegalHold } from './LegalHold';
import { nodeDigest } from './nodeDigest';
import { readRows } from './readRows';
import { deleteSearchTerms } from './searchIndex';
import type { TransactionalAuditLog } from './types';

/** Options of {@link DefaultAuditService}. */
export interface DefaultAuditServiceOptions {
  knex: Knex;
  auditLog: TransactionalAuditLog;
  search: AuditSearch;
  exporter: AuditExporter;
  hold: LegalHold;
  /** Verifier keys of the configured signing keys. */
  keys: readonly string[];
}

/** {@link AuditService} without permissions and without a record of the reading. */
export class DefaultAuditService implements AuditService {
  static create(options: DefaultAuditServiceOptions): DefaultAuditService {
    return new DefaultAuditService(options);
  }

  private constructor(private readonly options: DefaultAuditServiceOptions) {}

  async search({ cursor, ...query }: AuditListQuery): Promise<AuditList> {
    const { items, before } = await this.options.search.page(
      query,
      cursor === undefined ? undefined : Number(cursor),
    );
    return {
      items,
      ...(before === undefined ? {} : { nextCursor: String(before) }),
    };
  }

  async redact(
    seq: number,
    { reason, approvedBy }: RedactionRequest,
    { credentials }: AuditContext,
  ): Promise<AuditEntryView> {
    const { knex, auditLog, search, hold } = this.options;
    const actor = credentials.principal.userEntityRef;
    if (approvedBy === actor) {
      throw new InputError('approvedBy: must be somebody else than who asks');
    }
    const entry = await search.find(seq);
    if (!entry) throw new NotFoundError(`The audit log has no entry ${seq}`);
    if (LASTING_KINDS.includes(entry.kind as AuditEntryKind)) {
      throw new ConflictError(
        `Entry ${seq} is about the log itself, which needs its details`,
      );
    }
    const held = await hold.reason();
    if (held !== undefined) {
      throw new ConflictError(
        `Nothing may be taken out of the log while there is a legal hold: ${held}`,
      );
    }
    await knex.transaction(async transaction => {
      const removed = await transaction(AUDIT_TABLES.payload)
        .where('entry_id', entry.id)
        .delete();
      if (removed === 0) {
        throw new ConflictError(`The details of entry ${seq} are gone already`);
      }
      await deleteSearchTerms(transaction, [seq]);
      await auditLog.appendWithin(transaction, [
        {
          opId: entry.opId,
          kind: 'redaction',
          occurredAt: Date.now(),
          actor,
          target: formatLogRange({ first: seq, last: seq }),
          payload: { seq, entryId: entry.id, reason, approvedBy },
        },
      ]);
    });
    const { payload: _, ...header } = entry;
    return toView(header);
  }

  verify(): Promise<LogReport> {
    const { knex, keys } = this.options;
    return verifyTables({ read: readRows(knex), digest: nodeDigest, keys });
  }

  async exportLog(
    query: AuditExportQuery,
    { credentials }: AuditContext,
  ): Promise<AuditExport> {
    // Before the first byte, and so that the export shows itself.
    await this.options.auditLog.append([
      {
        opId: ulid(),
        kind: 'auditExport',
        occurredAt: Date.now(),
        actor: credentials.principal.userEntityRef,
        target: 'audit:log',
        payload: { query },
      },
    ]);
    return this.options.exporter.start(query);
  }
}
