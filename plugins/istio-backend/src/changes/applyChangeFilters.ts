import type { ObjectRef } from '@istio-backstage/plugin-istio-common';
import type { Knex } from 'knex';
import { decodeCursor } from './changeCursor';
import { lockKeyOf } from './objectLocks';
import type { ChangeStoreQuery } from './types';

/** Puts the filters of a list of changes, and where its page begins, into a query. */
export function applyChangeFilters(
  builder: Knex.QueryBuilder,
  query: ChangeStoreQuery,
): void {
  const { entityRefs } = query;
  if (entityRefs) {
    builder.where(inner =>
      inner
        .whereIn('entity_ref', entityRefs)
        .orWhereIn('id', concerning =>
          concerning
            .select('change_id')
            .from('change_entity')
            .whereIn('entity_ref', entityRefs),
        ),
    );
  }
  if (query.origin) {
    builder[query.origin === 'outside' ? 'where' : 'whereNot'](
      'intent_type',
      'external',
    );
  }
  if (query.proposedFor) {
    keepProposed(builder, query.proposedFor);
  }
  if (query.states) {
    builder.whereIn('state', query.states);
  }
  if (query.by) {
    builder.where('requested_by', query.by);
  }
  if (query.from !== undefined) {
    builder.where('created_at', '>=', query.from);
  }
  if (query.to !== undefined) {
    builder.where('created_at', '<', query.to);
  }
  if (query.search) {
    builder.whereRaw("search_text LIKE ? ESCAPE '!'", [
      `%${query.search
        .toLocaleLowerCase('en-US')
        .replace(/[!%_]/g, found => `!${found}`)}%`,
    ]);
  }
  if (query.isReviewDue) {
    builder.whereNotNull('review_by');
  }
  if (query.cursor) {
    const after = decodeCursor(query.cursor);
    builder.where(inner =>
      inner
        .where('created_at', '<', after.createdAt)
        .orWhere(same =>
          same.where('created_at', after.createdAt).where('id', '<', after.id),
        ),
    );
  }
}

/** Those that go through Git and have one of the objects. */
function keepProposed(
  builder: Knex.QueryBuilder,
  objects: readonly ObjectRef[],
): void {
  builder
    .whereNotNull('proposal')
    .whereIn('id', touching =>
      touching
        .select('change_id')
        .from('change_operation')
        .whereIn('object_key', objects.map(lockKeyOf)),
    );
}
