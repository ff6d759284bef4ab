import { randomBytes } from 'node:crypto';
import {
  AUDIT_TABLES,
  ChangeEvent,
  FullRow,
  LogEntry,
  toEntryRow,
  toLogEntry,
} from '@istio-backstage/plugin-istio-common';
import type { Knex } from 'knex';
import { buildEntries, LogHead } from './buildEntries';
import { databaseNow, isPostgres } from './databaseClock';
import { nodeDigest } from './nodeDigest';
import { insertRows } from './insertRows';
import { makeUlid } from './makeUlid';
import { insertSearchTerms } from './searchIndex';
import { toAuditEntry } from './toAuditEntry';
import { storeFullNodes } from './treeNodes';
import type { AuditEntry, NewAuditEntry, TransactionalAuditLog } from './types';

const MAX_PAGE = 1000;
const ENTRY_COLUMNS = {
  seq: 'bigint',
  entry_id: 'text',
  op_id: 'text',
  kind: 'text',
  occurred_at: 'bigint',
  recorded_at: 'bigint',
  actor: 'text',
  target: 'text',
  event_kind: 'text',
  payload_commit: 'text',
  prev_hash: 'text',
  entry_hash: 'text',
} as const;

/**
 * {@link TransactionalAuditLog} on SQLite and Postgres. Who appends holds the head row until its
 * transaction ends: one chain, whatever number of replicas.
 */
export class DatabaseAuditLog implements TransactionalAuditLog {
  static create(options: { knex: Knex }): DatabaseAuditLog {
    return new DatabaseAuditLog(options.knex);
  }

  private constructor(private readonly knex: Knex) {}

  async append(entries: NewAuditEntry[]): Promise<void> {
    await this.knex.transaction(transaction =>
      this.appendWithin(transaction, entries),
    );
  }

  async appendWithin(
    transaction: Knex.Transaction,
    entries: NewAuditEntry[],
  ): Promise<void> {
    if (entries.length === 0) return;
    const { recordedAt, ...head } = await this.lockHead(transaction);
    const chained = buildEntries({
      head,
      entries,
      recordedAt,
      digest: nodeDigest,
      makeId: () => makeUlid(),
      makeSalt: () => randomBytes(16).toString('hex'),
    });
    await this.insert(transaction, chained);
    await storeFullNodes(transaction, {
      from: head.seq,
      to: head.seq + chained.length,
    });
    const { seq, entryHash } = chained[chained.length - 1];
    await transaction(AUDIT_TABLES.head)
      .where('id', 1)
      .update({ seq, hash: entryHash });
  }

  async list(query: {
    opIds?: string[];
    afterSeq?: number;
    limit?: number;
  }): Promise<AuditEntry[]> {
    const rows: FullRow[] = await withPayload(this.knex)
      .modify(builder => {
        if (query.opIds) {
          builder.whereIn('op_id', query.opIds);
        }
        if (query.afterSeq !== undefined) {
          builder.where('seq', '>', query.afterSeq);
        }
      })
      .orderBy('seq')
      .limit(Math.min(query.limit ?? MAX_PAGE, MAX_PAGE));
    return rows.map(row => toAuditEntry(toLogEntry(row)));
  }

  async events(opIds: string[]): Promise<Map<string, ChangeEvent[]>> {
    const events = new Map<string, ChangeEvent[]>();
    const rows = await withPayload(this.knex)
      .whereIn('op_id', opIds)
      .whereNotNull('event_kind')
      .orderBy('seq');
    for (const row of rows) {
      const { event, recordedAt } = toAuditEntry(toLogEntry(row));
      if (!event) continue;
      const list = events.get(row.op_id) ?? [];
      list.push({ at: new Date(recordedAt).toISOString(), ...event });
      events.set(row.op_id, list);
    }
    return events;
  }

  private async lockHead(
    transaction: Knex.Transaction,
  ): Promise<LogHead & { recordedAt: number }> {
    const head = transaction(AUDIT_TABLES.head).where('id', 1);
    if (isPostgres(this.knex)) {
      head.forUpdate();
    } else {
      // A write takes SQLite's only lock; reading first could find it taken when writing.
      await head.clone().update({ id: 1 });
    }
    const row = await head.first('seq', 'hash', {
      now: databaseNow(this.knex),
    });
    if (!row) throw new Error('The audit log has lost its head row');
    return {
      seq: Number(row.seq),
      hash: row.hash,
      recordedAt: Number(row.now),
    };
  }

  private async insert(
    transaction: Knex.Transaction,
    entries: readonly LogEntry[],
  ): Promise<void> {
    await insertRows(transaction, {
      table: AUDIT_TABLES.entry,
      columns: ENTRY_COLUMNS,
      rows: entries.map(toEntryRow),
    });
    await insertRows(transaction, {
      table: AUDIT_TABLES.payload,
      columns: { entry_id: 'text', salt: 'text', json: 'text' },
      rows: entries.flatMap(({ id, payload }) =>
        payload ? [{ entry_id: id, ...payload }] : [],
      ),
    });
    await insertSearchTerms(transaction, entries);
  }
}

/** Entries with their payloads where they have them. */
export function withPayload(knex: Knex): Knex.QueryBuilder<FullRow, FullRow[]> {
  return knex(AUDIT_TABLES.entry)
    .leftJoin(
      AUDIT_TABLES.payload,
      `${AUDIT_TABLES.payload}.entry_id`,
      `${AUDIT_TABLES.entry}.entry_id`,
    )
    .select(
      `${AUDIT_TABLES.entry}.*`,
      `${AUDIT_TABLES.payload}.salt`,
      `${AUDIT_TABLES.payload}.json`,
    );
}
