import type { Knex } from 'knex';
import { databaseNow, databaseNowPlus } from '../audit/databaseClock';
import type { ChangeUpdate } from './types';

/** A time that no clock reaches, as epoch milliseconds. */
const NEVER = Number.MAX_SAFE_INTEGER;

/** What must still be so for an update to count, beyond the state: each competes for one row. */
export function applyUpdateGuards(
  builder: Knex.QueryBuilder,
  update: ChangeUpdate,
): void {
  if (update.leasedTo !== undefined) {
    builder.where('lease_owner', update.leasedTo);
  }
  if (update.revision !== undefined) {
    builder.where('revision', update.revision);
  }
  if (update.observed) {
    builder.whereNull('observed_at');
  }
  if (update.reviewed) {
    builder.whereNotNull('review_by');
  }
  if (update.expiryDone) {
    builder.where('timer_until', '<', NEVER);
  }
  if (update.approval) {
    builder.where('decision_count', update.approval.decisions.length - 1);
  }
}

/** Columns of `mesh_change` that an update sets, by the database's clock. */
export function toUpdateColumns(
  knex: Knex,
  update: ChangeUpdate,
): Record<string, unknown> {
  const now = databaseNow(knex);
  return {
    updated_at: now,
    revision: knex.raw('revision + 1'),
    // What was waited for is over with the step.
    ...(update.to ? { state: update.to, waiting_for: null } : {}),
    ...(update.applied ? { applied_at: now } : {}),
    ...(update.observed ? { observed_at: now } : {}),
    ...(update.revertedBy ? { reverted_by: update.revertedBy } : {}),
    ...(update.reviewed
      ? { break_glass: JSON.stringify(update.reviewed), review_by: null }
      : {}),
    ...(update.external ? { external: JSON.stringify(update.external) } : {}),
    ...(update.expiryDone ? { timer_until: NEVER } : {}),
    ...(update.proposal ? { proposal: JSON.stringify(update.proposal) } : {}),
    ...(update.approval
      ? {
          approval: JSON.stringify(update.approval),
          decision_count: update.approval.decisions.length,
        }
      : {}),
    ...(update.leaseSeconds
      ? { lease_until: databaseNowPlus(knex, update.leaseSeconds) }
      : {}),
    ...(update.releaseLease ? { lease_owner: null, lease_until: null } : {}),
  };
}
