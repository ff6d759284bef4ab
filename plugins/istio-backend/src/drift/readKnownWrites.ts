import {
  isNewerVersion,
  type KnownWrite,
} from '@istio-backstage/plugin-istio-common';
import type { Knex } from 'knex';
import { fromOperationRow, type OperationRow } from '../changes/changeRows';
import { lockKeyOf } from '../changes/objectLocks';
import type { SeenObject } from './types';
import { toKnownWrites } from './toKnownWrites';

/** Milliseconds; a request may have been sent before the kind was first looked at. */
const SLACK = 15 * 60_000;
/** Writes of one object that are looked through. */
const AT_MOST = 200;

type Row = OperationRow & { plan: string | null; proposal: string | null };

/** Writes of the portal to these objects since a time (epoch ms of the database), by object, oldest first. */
export async function readKnownWrites(
  transaction: Knex.Transaction,
  options: { objects: readonly SeenObject[]; since: number },
): Promise<Map<string, KnownWrite[]>> {
  const { objects, since } = options;
  const keys = new Map(objects.map(({ key, ref }) => [lockKeyOf(ref), key]));
  const rows: Row[] = await transaction('change_operation')
    .join('mesh_change', 'mesh_change.id', 'change_operation.change_id')
    .whereIn('change_operation.object_key', [...keys.keys()])
    .whereNot('mesh_change.intent_type', 'external')
    .whereNotIn('change_operation.outcome', ['notSent', 'denied', 'conflict'])
    .where('mesh_change.updated_at', '>=', since - SLACK)
    .orderBy(['change_operation.change_id', 'change_operation.idx'])
    .select('change_operation.*', 'mesh_change.plan', 'mesh_change.proposal');
  const found = new Map<string, KnownWrite[]>();
  for (const { plan, proposal, ...row } of rows) {
    const key = keys.get(row.object_key ?? '') ?? '';
    const writes = toKnownWrites(
      {
        id: row.change_id,
        plan: plan === null ? undefined : JSON.parse(plan),
        proposal: proposal === null ? undefined : JSON.parse(proposal),
        operations: [fromOperationRow(row)],
      },
      row.idx,
    );
    found.set(key, [...(found.get(key) ?? []), ...writes]);
  }
  return new Map(
    [...found].map(([key, writes]) => [
      key,
      writes.sort(compareTime).slice(-AT_MOST),
    ]),
  );
}

/** By the versions they made: a change that waited for approval has an older id than one that did not. */
function compareTime(one: KnownWrite, other: KnownWrite): number {
  if (one.isUnproven || other.isUnproven) {
    return Number(one.isUnproven ?? false) - Number(other.isUnproven ?? false);
  }
  const [a, b] = [one, other].map(
    ({ result, base }) => (result ?? base)?.resourceVersion ?? '',
  );
  // What is deleted was written first.
  if (a === b) return Number(!one.result) - Number(!other.result);
  return isNewerVersion(a, b) ? 1 : -1;
}
