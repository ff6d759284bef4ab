import type { ChangeMark } from '@istio-backstage/plugin-istio-common';
import type { Knex } from 'knex';
import type { ChangeRow } from './changeRows';
import type { ChangeHistory } from './types';

const TABLE = 'mesh_change';
/** States of tries that never changed a cluster. */
const WITHOUT_EFFECT = [
  'planned',
  'awaitingApproval',
  'scheduled',
  'proposed',
  'merged',
  'denied',
  'conflict',
  'failed',
  'declined',
  'cancelled',
  'expired',
  'superseded',
];

type MarkRow = Pick<
  ChangeRow,
  | 'id'
  | 'entity_ref'
  | 'title'
  | 'state'
  | 'requested_by'
  | 'ticket'
  | 'created_at'
  | 'applied_at'
>;
const COLUMNS = [
  'id',
  'entity_ref',
  'title',
  'state',
  'requested_by',
  'ticket',
  'created_at',
  'applied_at',
];

/** {@link ChangeHistory} without the big columns. */
export class DatabaseChangeHistory implements ChangeHistory {
  static create(options: { knex: Knex }): DatabaseChangeHistory {
    return new DatabaseChangeHistory(options.knex);
  }

  private constructor(private readonly knex: Knex) {}

  async listForEntity(entityRef: string, limit: number): Promise<ChangeMark[]> {
    const rows: MarkRow[] = await this.knex(TABLE)
      .select(COLUMNS)
      .where(inner =>
        inner
          .where('entity_ref', entityRef)
          .orWhereIn(
            'id',
            this.knex('change_entity')
              .where('entity_ref', entityRef)
              .select('change_id'),
          ),
      )
      .orderBy([
        { column: 'created_at', order: 'desc' },
        { column: 'id', order: 'desc' },
      ])
      .limit(limit);
    return rows.map(toMark);
  }

  async lastByEntity(entityRefs: string[]): Promise<Map<string, ChangeMark>> {
    const marks = new Map<string, ChangeMark>();
    // Databases limit the number of bound values of one statement.
    for (let start = 0; start < entityRefs.length; start += 500) {
      const refs = entityRefs.slice(start, start + 500);
      const newest = this.knex(TABLE)
        .select('entity_ref')
        .max('created_at as newest')
        .whereIn('entity_ref', refs)
        .whereNotIn('state', WITHOUT_EFFECT)
        .groupBy('entity_ref')
        .as('last');
      const rows: MarkRow[] = await this.knex(TABLE)
        .select(COLUMNS.map(column => `${TABLE}.${column}`))
        .join(newest, join =>
          join
            .on('last.entity_ref', `${TABLE}.entity_ref`)
            .andOn('last.newest', `${TABLE}.created_at`),
        )
        .whereNotIn('state', WITHOUT_EFFECT)
        .orderBy('id');
      // Of two in the same millisecond the one with the greater id stays.
      rows.forEach(row => marks.set(row.entity_ref, toMark(row)));
    }
    return marks;
  }
}

function toMark(row: MarkRow): ChangeMark {
  return {
    id: row.id,
    at: new Date(Number(row.applied_at ?? row.created_at)).toISOString(),
    title: row.title,
    state: row.state as ChangeMark['state'],
    by: row.requested_by,
    ...(row.ticket === null ? {} : { ticket: row.ticket }),
  };
}
