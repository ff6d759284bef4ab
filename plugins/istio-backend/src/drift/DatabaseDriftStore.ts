import {
  isNewerVersion,
  resolveExternalSteps,
  type KnownWrite,
  type ObservedObject,
} from '@istio-backstage/plugin-istio-common';
import type { Knex } from 'knex';
import { databaseNow, isPostgres } from '../audit/databaseClock';
import type { TransactionalAuditLog } from '../audit/types';
import { toChangeRow, toOperationRow } from '../changes/changeRows';
import { lockKeyOf } from '../changes/objectLocks';
import {
  fromObservationRow,
  STATE_COLUMNS,
  toKnownState,
  toObservationColumns,
  type ObservationRow,
} from './observationRows';
import { pruneExternals } from './pruneExternals';
import { readKnownWrites } from './readKnownWrites';
import type {
  DescribeSteps,
  DriftStore,
  KnownState,
  NewExternal,
  ObservedScope,
  SeenObject,
  SettledBatch,
  StoredObservation,
} from './types';

const KINDS = 'observed_kind';
const OBJECTS = 'observed_object';
/** Rows of one INSERT, and keys of one query. */
const AT_ONCE = 100;

/** {@link DriftStore} on SQLite and Postgres. */
export class DatabaseDriftStore implements DriftStore {
  static create(options: {
    knex: Knex;
    auditLog: TransactionalAuditLog;
  }): DatabaseDriftStore {
    return new DatabaseDriftStore(options.knex, options.auditLog);
  }

  private constructor(
    private readonly knex: Knex,
    private readonly auditLog: TransactionalAuditLog,
  ) {}

  async load(
    scope: ObservedScope,
  ): Promise<Map<string, KnownState> | undefined> {
    const kind = await this.knex(KINDS).where(scopeOf(scope)).first('since');
    if (!kind || kind.since === null) return undefined;
    const rows: Pick<ObservationRow, (typeof STATE_COLUMNS)[number]>[] =
      await this.knex(OBJECTS).where(scopeOf(scope)).select(STATE_COLUMNS);
    return new Map(rows.map(row => [row.object_key, toKnownState(row)]));
  }

  async begin(
    scope: ObservedScope,
    objects: readonly { key: string; observed: ObservedObject }[],
  ): Promise<void> {
    await this.knex.transaction(async transaction => {
      if ((await this.hold(transaction, scope)) !== undefined) return;
      for (let at = 0; at < objects.length; at += AT_ONCE) {
        await transaction(OBJECTS)
          .insert(
            objects.slice(at, at + AT_ONCE).map(({ key, observed }) => ({
              ...scopeOf(scope),
              object_key: key,
              ...toObservationColumns(observed),
              seen_at: databaseNow(this.knex),
            })),
          )
          .onConflict(['cluster_uid', 'object_key'])
          .ignore();
      }
      await transaction(KINDS)
        .where(scopeOf(scope))
        .update({ since: databaseNow(this.knex) });
    });
  }

  async settle(options: {
    scope: ObservedScope;
    seen: readonly SeenObject[];
    describe: DescribeSteps;
  }): Promise<SettledBatch> {
    const { scope, seen, describe } = options;
    return this.knex.transaction(async transaction => {
      const since = (await this.hold(transaction, scope)) ?? 0;
      const locked = await readLocks(transaction, seen);
      const open = seen.filter(({ ref }) => !locked.has(lockKeyOf(ref)));
      const stored = await readStored(transaction, scope, open);
      const writes = await readKnownWrites(transaction, {
        objects: open,
        since,
      });
      const batch: SettledBatch = {
        known: new Map(),
        deferred: seen.filter(one => !open.includes(one)).map(one => one.key),
        recorded: [],
      };
      for (const object of open) {
        const steps = compare(object, {
          stored: stored.get(object.key),
          writes: writes.get(object.key) ?? [],
        });
        if (!steps) {
          batch.known.set(object.key, stateOf(stored.get(object.key)!));
          continue;
        }
        batch.recorded.push(...describe(object, steps));
        const last = object.after ?? stored.get(object.key)?.observed;
        if (last) {
          await this.keep(transaction, { scope, object, last });
          batch.known.set(
            object.key,
            stateOf({ observed: last, isGone: !object.after }),
          );
        }
      }
      await this.record(transaction, batch.recorded);
      return batch;
    });
  }

  async prune(settings: {
    keepDays: number;
    keepRecords: number;
  }): Promise<number> {
    return pruneExternals(this.knex, settings);
  }

  /** Since when the kind is compared. Other replicas wait here until the transaction ends. */
  private async hold(
    transaction: Knex.Transaction,
    scope: ObservedScope,
  ): Promise<number | undefined> {
    await transaction(KINDS)
      .insert(scopeOf(scope))
      .onConflict(['cluster_uid', 'kind'])
      .ignore();
    const row = transaction(KINDS).where(scopeOf(scope)).first('since');
    if (isPostgres(this.knex)) row.forUpdate();
    const { since } = await row;
    return since === null ? undefined : Number(since);
  }

  private async keep(
    transaction: Knex.Transaction,
    options: { scope: ObservedScope; object: SeenObject; last: ObservedObject },
  ): Promise<void> {
    const { scope, object, last } = options;
    await transaction(OBJECTS)
      .insert({
        ...scopeOf(scope),
        object_key: object.key,
        ...toObservationColumns(last),
        is_gone: !object.after,
        seen_at: databaseNow(this.knex),
      })
      .onConflict(['cluster_uid', 'object_key'])
      .merge();
  }

  private async record(
    transaction: Knex.Transaction,
    externals: readonly NewExternal[],
  ): Promise<void> {
    const now = databaseNow(this.knex);
    for (const { change, alsoConcerns } of externals) {
      await transaction('mesh_change').insert({
        ...toChangeRow(change),
        created_at: now,
        updated_at: now,
        applied_at: now,
        observed_at: now,
      });
      await transaction('change_operation').insert(
        change.operations.map(operation =>
          toOperationRow(change.id, operation),
        ),
      );
      for (let at = 0; at < alsoConcerns.length; at += AT_ONCE) {
        await transaction('change_entity').insert(
          alsoConcerns.slice(at, at + AT_ONCE).map(entityRef => ({
            change_id: change.id,
            entity_ref: entityRef.slice(0, 512),
          })),
        );
      }
    }
    await this.auditLog.appendWithin(
      transaction,
      externals.map(({ entry }) => entry),
    );
  }
}

function scopeOf({ clusterUid, kind }: ObservedScope) {
  return { cluster_uid: clusterUid, kind };
}

function stateOf({ observed, isGone }: StoredObservation): KnownState {
  const { uid, generation, resourceVersion, hash } = observed;
  return { uid, generation, resourceVersion, hash, isGone };
}

/** Undefined where what is stored is as new: another replica was here first. */
function compare(
  { after, cause }: SeenObject,
  known: { stored?: StoredObservation; writes: readonly KnownWrite[] },
) {
  const { stored, writes } = known;
  if (isAsNew(stored, after)) return undefined;
  return resolveExternalSteps({
    ...(stored &&
      (stored.isGone
        ? { gone: stored.observed.resourceVersion }
        : { before: stored.observed })),
    ...(after && { after }),
    writes,
    isExplained: cause !== undefined,
  });
}

function isAsNew(
  stored: StoredObservation | undefined,
  after: ObservedObject | undefined,
): boolean {
  if (!stored) return false;
  if (!after) return stored.isGone;
  return !isNewerVersion(
    after.resourceVersion,
    stored.observed.resourceVersion,
  );
}

/** Keys of locks that are held: what the portal writes there is not recorded yet. */
async function readLocks(
  transaction: Knex.Transaction,
  seen: readonly SeenObject[],
): Promise<Set<string>> {
  const rows = await transaction('object_lock')
    .whereIn(
      'object_key',
      seen.map(({ ref }) => lockKeyOf(ref)),
    )
    .select('object_key');
  return new Set(rows.map(row => row.object_key));
}

async function readStored(
  transaction: Knex.Transaction,
  { clusterUid }: ObservedScope,
  seen: readonly SeenObject[],
): Promise<Map<string, StoredObservation>> {
  const rows: ObservationRow[] = await transaction(OBJECTS)
    .where('cluster_uid', clusterUid)
    .whereIn(
      'object_key',
      seen.map(({ key }) => key),
    );
  return new Map(rows.map(row => [row.object_key, fromObservationRow(row)]));
}
