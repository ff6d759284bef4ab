import type { ObjectRef } from '@istio-backstage/plugin-istio-common';
import type { Knex } from 'knex';

/** States in which a change may be when everybody who could move it has had a turn. */
export const ENDS = [
  'applied',
  'denied',
  'conflict',
  'failed',
  'partial',
  'superseded',
];
/** Kinds of entries that say how it ended; one of them each, whatever died on the way. */
const END_KINDS = [...ENDS, 'recovered'];

/** What is recorded of one change. */
export interface RecordedChange {
  state: string;
  operations: { object: ObjectRef; outcome: string }[];
  /** Kinds of its entries that say how it ended. */
  ends: string[];
  locks: number;
}

/** Undefined where nothing is. */
export async function readRecord(
  knex: Knex,
  id: string,
): Promise<RecordedChange | undefined> {
  const row = await knex('mesh_change').where({ id }).first('state');
  if (!row) return undefined;
  const entries = await knex('audit_entry')
    .where({ op_id: id })
    .orderBy('seq')
    .select('kind');
  const operations = await knex('change_operation')
    .where({ change_id: id })
    .orderBy('idx');
  return {
    state: row.state,
    operations: operations.map(({ object, outcome }) => ({
      object: JSON.parse(object),
      outcome,
    })),
    ends: entries
      .map(({ kind }) => kind)
      .filter(kind => END_KINDS.includes(kind)),
    locks: (await knex('object_lock').where({ change_id: id })).length,
  };
}

/** A1: when the intent that names this attempt was recorded; undefined where none is committed. */
export async function findIntent(
  knex: Knex,
  attempt: { changeId?: string; id?: string },
): Promise<{ recordedAt: number } | undefined> {
  const { changeId = '', id } = attempt;
  if (!id) return undefined;
  const intents = await knex('audit_entry')
    .join('audit_payload', 'audit_payload.entry_id', 'audit_entry.entry_id')
    .where({ op_id: changeId, kind: 'intent' })
    .select('audit_payload.json as payload', 'recorded_at');
  const found = intents.find(({ payload }) => String(payload).includes(id));
  return found && { recordedAt: Number(found.recorded_at) };
}
