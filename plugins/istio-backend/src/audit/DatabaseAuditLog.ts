import type { ChangeEvent } from '@istio-backstage/plugin-istio-common';
import type { Knex } from 'knex';
import { ulid } from 'ulid';
import { databaseNow } from './databaseClock';
import type {
  AuditEntry,
  AuditEntryKind,
  NewAuditEntry,
  TransactionalAuditLog,
} from './types';

const TABLE = 'audit_entry';
const MAX_PAGE = 1000;

interface AuditRow {
  seq: number | string;
  entry_id: string;
  op_id: string;
  kind: string;
  occurred_at: number | string;
  recorded_at: number | string;
  actor: string;
  target: string;
  event_kind: string | null;
  event_text: string | null;
  payload: string;
}

/** {@link TransactionalAuditLog} in one table of the plugin's database. */
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
    // One by one: the order of the entries is the order of seq.
    for (const entry of entries) {
      await transaction(TABLE).insert({
        entry_id: ulid(),
        op_id: entry.opId,
        kind: entry.kind,
        occurred_at: Math.round(entry.occurredAt),
        recorded_at: databaseNow(this.knex),
        actor: entry.actor,
        target: entry.target.slice(0, 512),
        event_kind: entry.event?.kind ?? null,
        event_text: entry.event?.text ?? null,
        payload: JSON.stringify(entry.payload),
      });
    }
  }

  async list(query: {
    opIds?: string[];
    afterSeq?: number;
    limit?: number;
  }): Promise<AuditEntry[]> {
    const rows = await this.knex<AuditRow>(TABLE)
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
    return rows.map(toEntry);
  }

  async events(opIds: string[]): Promise<Map<string, ChangeEvent[]>> {
    const events = new Map<string, ChangeEvent[]>();
    const rows = await this.knex<AuditRow>(TABLE)
      .select('op_id', 'event_kind', 'event_text', 'recorded_at')
      .whereIn('op_id', opIds)
      .whereNotNull('event_kind')
      .orderBy('seq');
    for (const row of rows) {
      const list = events.get(row.op_id) ?? [];
      list.push({
        at: new Date(Number(row.recorded_at)).toISOString(),
        kind: row.event_kind as ChangeEvent['kind'],
        text: row.event_text ?? '',
      });
      events.set(row.op_id, list);
    }
    return events;
  }
}

function toEntry(row: AuditRow): AuditEntry {
  return {
    seq: Number(row.seq),
    id: row.entry_id,
    opId: row.op_id,
    kind: row.kind as AuditEntryKind,
    occurredAt: Number(row.occurred_at),
    recordedAt: Number(row.recorded_at),
    actor: row.actor,
    target: row.target,
    payload: JSON.parse(row.payload),
    ...(row.event_kind === null
      ? {}
      : {
          event: {
            kind: row.event_kind as ChangeEvent['kind'],
            text: row.event_text ?? '',
          },
        }),
  };
}
