import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import { ConflictError, InputError, NotFoundError } from '@backstage/errors';
import {
  AUDIT_TABLES,
  AuditCoverage,
  AuditEntryKind,
  AuditEntryView,
  AuditExportQuery,
  AuditList,
  AuditListQuery,
  AuditPackQuery,
  AuditVerification,
  formatLogRange,
  LASTING_KINDS,
  RedactionRequest,
  verifyTables,
} from '@istio-backstage/plugin-istio-common';
import type { AuditAnchor } from '@istio-backstage/plugin-istio-node';
import type { Knex } from 'knex';
import { ulid } from 'ulid';
import { AuditExporter } from './AuditExporter';
import { AuditSearch, toView } from './AuditSearch';
import type { AuditContext, AuditExport, AuditService } from './auditService';
import type { LegalHold } from './LegalHold';
import { nodeDigest } from './nodeDigest';
import type { PackMaker } from './PackMaker';
import { compareAnchors, readAnchors } from './readAnchors';
import { readCoverage } from './readCoverage';
import { addHeadings } from './readHeadings';
import { readRows } from './readRows';
import { deleteSearchTerms } from './searchIndex';
import type { TransactionalAuditLog } from './types';

/** Options of {@link DefaultAuditService}. */
export interface DefaultAuditServiceOptions {
  knex: Knex;
  auditLog: TransactionalAuditLog;
  search: AuditSearch;
  exporter: AuditExporter;
  packs: PackMaker;
  hold: LegalHold;
  /** Verifier keys of the configured signing keys. */
  keys: readonly string[];
  anchors: readonly AuditAnchor[];
}

/** {@link AuditService} without permissions and without a record of the reading. */
export class DefaultAuditService implements AuditService {
  static create(options: DefaultAuditServiceOptions): DefaultAuditService {
    return new DefaultAuditService(options);
  }

  private verifying?: Promise<AuditVerification>;

  private constructor(private readonly options: DefaultAuditServiceOptions) {}

  async search({ cursor, ...query }: AuditListQuery): Promise<AuditList> {
    const { items, before } = await this.options.search.page(
      query,
      cursor === undefined ? undefined : Number(cursor),
    );
    return {
      items: await addHeadings(this.options.knex, items),
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
    if (toUserRef(approvedBy) === toUserRef(actor)) {
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

  coverage(): Promise<AuditCoverage> {
    const { knex, anchors, keys } = this.options;
    return readCoverage({ knex, anchors, key: keys[0] });
  }

  /** One at a time: it reads the whole log. */
  verify(): Promise<AuditVerification> {
    this.verifying ??= this.verifyNow().finally(() => {
      this.verifying = undefined;
    });
    return this.verifying;
  }

  private async verifyNow(): Promise<AuditVerification> {
    const { knex, keys } = this.options;
    const at = new Date().toISOString();
    // Before the log: what an anchor takes meanwhile is not compared, instead of missing in what was read.
    const readings = await readAnchors(this.options.anchors);
    const report = await verifyTables({
      read: readRows(knex),
      digest: nodeDigest,
      keys,
      anchors: readings.flatMap(({ kept = [] }) => kept),
    });
    return { ...report, at, anchorsRead: compareAnchors(readings, report) };
  }

  async exportLog(
    query: AuditExportQuery,
    { credentials }: AuditContext,
  ): Promise<AuditExport> {
    // Before the first byte, and so that the export shows itself.
    await this.recordExport({ query }, credentials.principal.userEntityRef);
    return this.options.exporter.start(query);
  }

  async makePack(
    query: AuditPackQuery,
    { credentials }: AuditContext,
  ): Promise<AuditExport> {
    const madeBy = credentials.principal.userEntityRef;
    await this.recordExport({ query, form: 'evidence pack' }, madeBy);
    const readings = await readAnchors(this.options.anchors);
    return this.options.packs.make(query, {
      madeBy,
      anchors: readings.flatMap(({ kept = [] }) => kept),
    });
  }

  private recordExport(
    payload: Record<string, unknown>,
    actor: string,
  ): Promise<void> {
    return this.options.auditLog.append([
      {
        opId: ulid(),
        kind: 'auditExport',
        occurredAt: Date.now(),
        actor,
        target: 'audit:log',
        payload,
      },
    ]);
  }
}

/** One spelling per person: references are the same in any case, and their kind and namespace may be left out. */
function toUserRef(ref: string): string {
  try {
    return stringifyEntityRef(
      parseEntityRef(ref, { defaultKind: 'user', defaultNamespace: 'default' }),
    );
  } catch {
    throw new InputError(
      'approvedBy: must be an entity reference such as user:default/mira.kovac',
    );
  }
}
