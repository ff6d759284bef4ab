import {
  AUDIT_TABLES,
  LogEntry,
  resolveSearchTerms,
  toLogEntry,
} from '@istio-backstage/plugin-istio-common';
import type { Knex } from 'knex';
import { isPostgres } from './databaseClock';
import { insertRows } from './insertRows';

/** Of one step: so many payloads are in memory at a time. */
const ROWS_PER_STEP = 200;

/** Makes entries findable by what their payloads say. */
export async function insertSearchTerms(
  transaction: Knex.Transaction,
  entries: readonly LogEntry[],
): Promise<void> {
  const terms = entries.flatMap(({ seq, kind, payload }) =>
    payload ? [{ seq, ...resolveSearchTerms(kind, payload.json) }] : [],
  );
  const refs = terms.flatMap(({ seq, refs: found }) =>
    found.map(ref => ({ ...ref, seq })),
  );
  await insertRows(transaction, {
    table: AUDIT_TABLES.ref,
    columns: { kind: 'text', value: 'text', seq: 'bigint' },
    rows: refs,
  });
  const texts = terms.map(({ seq, words }) => ({ seq, words }));
  await insertRows(transaction, {
    table: AUDIT_TABLES.text,
    columns: { seq: 'bigint', words: 'text' },
    rows: texts,
  });
  if (!isPostgres(transaction)) {
    await insertRows(transaction, {
      table: AUDIT_TABLES.words,
      columns: { rowid: 'bigint', words: 'text' },
      rows: texts.map(({ seq, words }) => ({ rowid: seq, words })),
    });
  }
}

/** Makes entries whose payload goes unfindable by what it said. */
export async function deleteSearchTerms(
  transaction: Knex.Transaction,
  seqs: readonly number[],
): Promise<void> {
  await transaction(AUDIT_TABLES.ref).whereIn('seq', seqs).delete();
  await transaction(AUDIT_TABLES.text).whereIn('seq', seqs).delete();
  if (!isPostgres(transaction)) {
    await transaction(AUDIT_TABLES.words).whereIn('rowid', seqs).delete();
  }
}

/** Entries that a migration brought over, which knows nothing of the search. */
export async function indexImported(knex: Knex): Promise<void> {
  const imported = await knex(AUDIT_TABLES.entry)
    .where('kind', 'imported')
    .max({ last: 'seq' })
    .first();
  const last = Number(imported?.last ?? 0);
  for (;;) {
    const rows = await knex(AUDIT_TABLES.entry)
      .join(
        AUDIT_TABLES.payload,
        `${AUDIT_TABLES.payload}.entry_id`,
        `${AUDIT_TABLES.entry}.entry_id`,
      )
      .leftJoin(
        AUDIT_TABLES.text,
        `${AUDIT_TABLES.text}.seq`,
        `${AUDIT_TABLES.entry}.seq`,
      )
      .whereNull(`${AUDIT_TABLES.text}.seq`)
      .where(`${AUDIT_TABLES.entry}.seq`, '<=', last)
      .select(
        `${AUDIT_TABLES.entry}.*`,
        `${AUDIT_TABLES.payload}.salt`,
        `${AUDIT_TABLES.payload}.json`,
      )
      .limit(ROWS_PER_STEP);
    if (rows.length === 0) return;
    await knex.transaction(transaction =>
      insertSearchTerms(transaction, rows.map(toLogEntry)),
    );
  }
}
