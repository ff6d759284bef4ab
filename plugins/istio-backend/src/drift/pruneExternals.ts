import type { Knex } from 'knex';
import { databaseNowPlus } from '../audit/databaseClock';

const SECONDS_PER_DAY = 86_400;
/** Removed in one transaction. */
const AT_ONCE = 500;

/**
 * Removes records of changes outside that are older than is kept, and the oldest beyond so many, and
 * objects that have been gone as long. The audit log has its own retention.
 */
export async function pruneExternals(
  knex: Knex,
  settings: { keepDays: number; keepRecords: number },
): Promise<number> {
  const { keepDays, keepRecords } = settings;
  const before = databaseNowPlus(knex, -keepDays * SECONDS_PER_DAY);
  await knex('observed_object')
    .where('is_gone', true)
    .where('seen_at', '<', before)
    .delete();
  const externals = () => knex('mesh_change').where('intent_type', 'external');
  const newestTooMany = await externals()
    .orderBy([
      { column: 'created_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .offset(keepRecords)
    .first('created_at');
  let removed = 0;
  for (;;) {
    const rows = await externals()
      .where(builder => {
        builder.where('created_at', '<', before);
        if (newestTooMany) {
          builder.orWhere('created_at', '<=', newestTooMany.created_at);
        }
      })
      .limit(AT_ONCE)
      .select('id');
    if (rows.length === 0) return removed;
    const ids = rows.map(({ id }) => id);
    await knex.transaction(async transaction => {
      await transaction('change_entity').whereIn('change_id', ids).delete();
      await transaction('change_operation').whereIn('change_id', ids).delete();
      await transaction('mesh_change').whereIn('id', ids).delete();
    });
    removed += ids.length;
  }
}
