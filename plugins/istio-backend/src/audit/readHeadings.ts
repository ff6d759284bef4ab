import {
  AUDIT_TABLES,
  AuditEntryView,
  FullRow,
  resolveHeading,
  toLogEntry,
} from '@istio-backstage/plugin-istio-common';
import type { Knex } from 'knex';
import { withPayload } from './DatabaseAuditLog';

/** Gives each entry about a component the heading of its operation. */
export async function addHeadings(
  knex: Knex,
  items: readonly AuditEntryView[],
): Promise<AuditEntryView[]> {
  const opIds = [
    ...new Set(
      items
        .filter(({ about }) => !about.startsWith('audit:'))
        .map(({ opId }) => opId),
    ),
  ];
  if (opIds.length === 0) return [...items];
  const rows: FullRow[] = await withPayload(knex).whereIn(
    'audit_entry.seq',
    knex(AUDIT_TABLES.entry)
      .whereIn('op_id', opIds)
      .groupBy('op_id')
      .select(knex.raw('MIN(seq)')),
  );
  const firsts = new Map(
    rows.map(toLogEntry).map(first => [first.opId, first]),
  );
  return items.map(item => {
    const first = firsts.get(item.opId);
    // A heading about something else is for who may read that.
    const heading =
      first?.target === item.about ? resolveHeading(first) : undefined;
    return heading ? { ...item, heading } : item;
  });
}
