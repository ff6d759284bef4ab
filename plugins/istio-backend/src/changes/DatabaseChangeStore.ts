import type { Knex } from 'knex';
import { databaseNow, databaseNowPlus } from '../audit/databaseClock';
import type { NewAuditEntry, TransactionalAuditLog } from '../audit/types';
import { applyChangeFilters } from './applyChangeFilters';
import { encodeCursor } from './changeCursor';
import { applyUpdateGuards, toUpdateColumns } from './changeUpdates';
import {
  fromChangeRow,
  toChangeRow,
  toOperationRow,
  type ChangeRow,
  type OperationRow,
} from './changeRows';
import type {
  ChangeStore,
  ChangeStoreQuery,
  ChangeTimer,
  ChangeUpdate,
  LockedObject,
  NewChange,
  StoredChange,
  StoredChangePage,
  StoredOperation,
} from './types';

const CHANGES = 'mesh_change';
const OPERATIONS = 'change_operation';
const LOCKS = 'object_lock';
const TIMER_COLUMNS: Record<ChangeTimer, string> = {
  approveUntil: 'approve_until',
  applyAt: 'apply_at',
  expiresAt: 'expires_at',
};

/** Ends a transaction whose lock another change holds. */
class LockHeld extends Error {
  constructor(readonly lock: LockedObject) {
    super('locked');
  }
}

/** {@link ChangeStore} on SQLite and Postgres; every transition is one status-guarded UPDATE. */
export class DatabaseChangeStore implements ChangeStore {
  static create(options: {
    knex: Knex;
    auditLog: TransactionalAuditLog;
  }): DatabaseChangeStore {
    return new DatabaseChangeStore(options.knex, options.auditLog);
  }

  private constructor(
    private readonly knex: Knex,
    private readonly auditLog: TransactionalAuditLog,
  ) {}

  async insert(options: {
    change: NewChange;
    locks: string[];
    lease?: { owner: string; seconds: number };
    approveWithinSeconds?: number;
    entries: NewAuditEntry[];
  }): Promise<{ locked: LockedObject } | { locked?: undefined }> {
    const { change, locks, lease, approveWithinSeconds, entries } = options;
    try {
      await this.knex.transaction(async transaction => {
        await this.lock(transaction, change.id, locks);
        const now = databaseNow(this.knex);
        await transaction(CHANGES).insert({
          ...toChangeRow(change),
          created_at: now,
          updated_at: now,
          lease_owner: lease?.owner ?? null,
          lease_until: lease ? databaseNowPlus(this.knex, lease.seconds) : null,
          approve_until:
            approveWithinSeconds === undefined
              ? null
              : databaseNowPlus(this.knex, approveWithinSeconds),
        });
        for (const operation of change.operations) {
          await transaction(OPERATIONS).insert(
            toOperationRow(change.id, operation),
          );
        }
        await this.auditLog.appendWithin(transaction, entries);
      });
      return {};
    } catch (error) {
      if (error instanceof LockHeld) {
        return { locked: error.lock };
      }
      throw error;
    }
  }

  async begin(options: {
    id: string;
    from: StoredChange['state'];
    locks: string[];
    lease: { owner: string; seconds: number };
    operations?: StoredOperation[];
    entries: NewAuditEntry[];
  }): Promise<{ begun: boolean; locked?: LockedObject }> {
    const { id, from, locks, lease, operations = [], entries } = options;
    try {
      const begun = await this.knex.transaction(async transaction => {
        const matched = await transaction(CHANGES)
          .where({ id, state: from })
          .update({
            state: 'applying',
            updated_at: databaseNow(this.knex),
            revision: this.knex.raw('revision + 1'),
            lease_owner: lease.owner,
            lease_until: databaseNowPlus(this.knex, lease.seconds),
          });
        if (matched === 0) {
          return false;
        }
        await this.lock(transaction, id, locks);
        await writeOperations(transaction, id, operations);
        await this.auditLog.appendWithin(transaction, entries);
        return true;
      });
      return { begun };
    } catch (error) {
      if (error instanceof LockHeld) {
        return { begun: false, locked: error.lock };
      }
      throw error;
    }
  }

  async update(update: ChangeUpdate): Promise<boolean> {
    return this.knex.transaction(async transaction => {
      const matched = await transaction(CHANGES)
        .where('id', update.id)
        .whereIn('state', update.from)
        .modify(builder => applyUpdateGuards(builder, update))
        .update(toUpdateColumns(this.knex, update));
      if (matched === 0) {
        return false;
      }
      await writeOperations(transaction, update.id, update.operations ?? []);
      if (update.releaseLocks) {
        await transaction(LOCKS).where('change_id', update.id).delete();
      }
      await this.auditLog.appendWithin(transaction, update.entries);
      return true;
    });
  }

  async explainWait(options: {
    id: string;
    waitingFor: string;
  }): Promise<void> {
    const { id, waitingFor } = options;
    await this.knex(CHANGES)
      .where({ id })
      .whereIn('state', ['applied', 'scheduled', 'proposed', 'merged'])
      .update({ waiting_for: waitingFor });
  }

  async renewLease(options: {
    id: string;
    owner: string;
    seconds: number;
  }): Promise<boolean> {
    const matched = await this.knex(CHANGES)
      .where({ id: options.id, lease_owner: options.owner })
      .update({ lease_until: databaseNowPlus(this.knex, options.seconds) });
    return matched > 0;
  }

  async claim(options: {
    states: StoredChange['state'][];
    owner: string;
    seconds: number;
    limit: number;
  }): Promise<StoredChange[]> {
    const free = (builder: Knex.QueryBuilder) =>
      builder
        .whereIn('state', options.states)
        .where(inner =>
          inner
            .whereNull('lease_until')
            .orWhere('lease_until', '<=', databaseNow(this.knex)),
        );
    const candidates = await this.knex<ChangeRow>(CHANGES)
      .select('id')
      .modify(free)
      .orderBy('lease_until')
      .limit(options.limit);
    const claimed: string[] = [];
    for (const { id } of candidates) {
      // Two replicas see the same candidates; the condition lets one of them win.
      const matched = await this.knex(CHANGES)
        .where('id', id)
        .modify(free)
        .update({
          lease_owner: options.owner,
          lease_until: databaseNowPlus(this.knex, options.seconds),
        });
      if (matched > 0) {
        claimed.push(id);
      }
    }
    const rows = await this.knex<ChangeRow>(CHANGES).whereIn('id', claimed);
    return this.withOperations(rows);
  }

  async claimDue(options: {
    states: StoredChange['state'][];
    timer: ChangeTimer;
    seconds: number;
    limit: number;
  }): Promise<StoredChange[]> {
    const column = TIMER_COLUMNS[options.timer];
    const due = (builder: Knex.QueryBuilder) =>
      builder
        .whereIn('state', options.states)
        .where(inner => {
          inner.where(column, '<=', databaseNow(this.knex));
          // Nothing to wait for: what is scheduled without a time is due.
          if (options.timer === 'applyAt') inner.orWhereNull(column);
        })
        .where(inner =>
          inner
            .whereNull('timer_until')
            .orWhere('timer_until', '<=', databaseNow(this.knex)),
        );
    const candidates = await this.knex<ChangeRow>(CHANGES)
      .select('id')
      .modify(due)
      .orderBy(column)
      .limit(options.limit);
    const claimed: string[] = [];
    for (const { id } of candidates) {
      const matched = await this.knex(CHANGES)
        .where('id', id)
        .modify(due)
        .update({ timer_until: databaseNowPlus(this.knex, options.seconds) });
      if (matched > 0) {
        claimed.push(id);
      }
    }
    const rows = await this.knex<ChangeRow>(CHANGES)
      .whereIn('id', claimed)
      .orderBy(column);
    return this.withOperations(rows);
  }

  async get(id: string): Promise<StoredChange | undefined> {
    const rows = await this.knex<ChangeRow>(CHANGES).where('id', id);
    return (await this.withOperations(rows))[0];
  }

  async findByKey(options: {
    by: string;
    key: string;
  }): Promise<StoredChange | undefined> {
    const rows = await this.knex<ChangeRow>(CHANGES).where({
      requested_by: options.by,
      idempotency_key: options.key,
    });
    return (await this.withOperations(rows))[0];
  }

  async alsoConcerned(id: string): Promise<string[]> {
    const rows = await this.knex('change_entity')
      .where('change_id', id)
      .orderBy('entity_ref')
      .select('entity_ref');
    return rows.map(row => row.entity_ref);
  }

  async list(query: ChangeStoreQuery): Promise<StoredChangePage> {
    const rows = await this.knex<ChangeRow>(CHANGES)
      .modify(builder => applyChangeFilters(builder, query))
      .orderBy([
        { column: 'created_at', order: 'desc' },
        { column: 'id', order: 'desc' },
      ])
      .limit(query.limit + 1);
    const page = rows.slice(0, query.limit);
    const last = page.at(-1);
    return {
      items: await this.withOperations(page),
      nextCursor:
        last && rows.length > query.limit
          ? encodeCursor({ createdAt: Number(last.created_at), id: last.id })
          : undefined,
    };
  }

  async now(): Promise<number> {
    const [row] = await this.knex.select({ now: databaseNow(this.knex) });
    return Number(row.now);
  }

  private async lock(
    transaction: Knex.Transaction,
    changeId: string,
    objectKeys: string[],
  ) {
    // In one order everywhere, so that two changes over the same objects cannot wait for each other.
    for (const objectKey of [...objectKeys].sort()) {
      await transaction(LOCKS)
        .insert({
          object_key: objectKey,
          change_id: changeId,
          acquired_at: databaseNow(this.knex),
        })
        .onConflict('object_key')
        .ignore();
      const holder = await transaction(LOCKS)
        .where('object_key', objectKey)
        .first('change_id');
      if (holder?.change_id !== changeId) {
        throw new LockHeld({ objectKey, changeId: holder?.change_id ?? '' });
      }
    }
  }

  private async withOperations(rows: ChangeRow[]): Promise<StoredChange[]> {
    const operations = await this.knex<OperationRow>(OPERATIONS)
      .whereIn(
        'change_id',
        rows.map(row => row.id),
      )
      .orderBy('idx');
    return rows.map(row =>
      fromChangeRow(
        row,
        operations.filter(operation => operation.change_id === row.id),
      ),
    );
  }
}

async function writeOperations(
  transaction: Knex.Transaction,
  changeId: string,
  operations: StoredOperation[],
): Promise<void> {
  for (const operation of operations) {
    const { change_id, idx, ...columns } = toOperationRow(changeId, operation);
    await transaction(OPERATIONS).where({ change_id, idx }).update(columns);
  }
}
