import {
  AUDIT_TABLES,
  AuditEntryView,
  AuditListQuery,
  FullRow,
  LOG_KINDS,
  LogEntry,
  SearchRefKind,
  splitWords,
  toLogEntry,
} from '@istio-backstage/plugin-istio-common';
import type { Knex } from 'knex';
import { isPostgres } from './databaseClock';
import { withPayload } from './DatabaseAuditLog';
import { toAuditEntry } from './toAuditEntry';

/** Entries looked at per step: a filter that matches little costs no more than one that matches much. */
const CANDIDATES = 2000;

/** One step of a search. */
export interface AuditPage {
  /** Newest first. */
  items: AuditEntryView[];
  /** Entries before this one are still to be looked at; undefined at the beginning of the log. */
  before?: number;
}

/** Finds entries by header, by what their payloads name, and by words. */
export class AuditSearch {
  static create(options: { knex: Knex }): AuditSearch {
    return new AuditSearch(options.knex);
  }

  private constructor(private readonly knex: Knex) {}

  /** Entries before `before`; a page may be short although there are more. */
  async page(
    query: Omit<AuditListQuery, 'cursor'>,
    before: number | undefined,
  ): Promise<AuditPage> {
    const { entries, ...rest } = await this.step(query, before);
    return { ...rest, items: entries.map(toView) };
  }

  /** The same as the log keeps them. */
  async step(
    query: Omit<AuditListQuery, 'cursor'>,
    before: number | undefined,
  ): Promise<{ entries: LogEntry[]; before?: number }> {
    const words = splitWords(query.search ?? '');
    const refs = refFilters(query);
    const first = await this.findCandidates(query, { words, refs, before });
    if (first?.length === 0) return { entries: [] };
    const rows: FullRow[] = await withPayload(this.knex)
      .modify(builder => {
        if (first) builder.whereIn('audit_entry.seq', first);
        else if (before !== undefined) {
          builder.where('audit_entry.seq', '<', before);
        }
        filterHeader(builder, query);
        for (const ref of words.length > 0 ? refs : refs.slice(1)) {
          builder.whereExists(
            this.knex(AUDIT_TABLES.ref)
              .where(ref)
              .whereRaw('audit_ref.seq = audit_entry.seq'),
          );
        }
      })
      .orderBy('audit_entry.seq', 'desc')
      .limit(query.limit);
    const entries = rows.map(toLogEntry);
    if (rows.length === query.limit) {
      return { entries, before: Number(rows[rows.length - 1].seq) };
    }
    // What stood among the candidates is seen; older ones are for the next step.
    return first?.length === CANDIDATES
      ? { entries, before: first[first.length - 1] }
      : { entries };
  }

  async find(seq: number): Promise<LogEntry | undefined> {
    const [row]: FullRow[] = await withPayload(this.knex).where(
      'audit_entry.seq',
      seq,
    );
    return row && toLogEntry(row);
  }

  /** Where to look, by the index that names least; undefined: from the end of the log. */
  private findCandidates(
    query: Omit<AuditListQuery, 'cursor'>,
    options: {
      words: readonly string[];
      refs: ReturnType<typeof refFilters>;
      before: number | undefined;
    },
  ): Promise<number[]> | undefined {
    const { words, refs, before } = options;
    if (words.length > 0) return this.seqsByWords(words, before);
    if (refs[0]) return this.seqsByRef(refs[0], before);
    const isRare = query.scope === 'log' && query.kind === undefined;
    return isRare ? this.seqsOfLog(before) : undefined;
  }

  /** Entries about the log itself may be few among millions. */
  private async seqsOfLog(before: number | undefined): Promise<number[]> {
    const ofKinds = await Promise.all(
      LOG_KINDS.map(
        (kind): Promise<{ seq: number | string }[]> =>
          this.knex(AUDIT_TABLES.entry)
            .where({ kind })
            .modify(builder => {
              if (before !== undefined) builder.where('seq', '<', before);
            })
            .orderBy('seq', 'desc')
            .limit(CANDIDATES)
            .select('seq'),
      ),
    );
    return ofKinds
      .flat()
      .map(({ seq }) => Number(seq))
      .sort((a, b) => b - a)
      .slice(0, CANDIDATES);
  }

  private async seqsByRef(
    ref: { kind: SearchRefKind; value: string },
    before: number | undefined,
  ): Promise<number[]> {
    const rows: { seq: number | string }[] = await this.knex(AUDIT_TABLES.ref)
      .where(ref)
      .modify(builder => {
        if (before !== undefined) builder.where('seq', '<', before);
      })
      .orderBy('seq', 'desc')
      .limit(CANDIDATES)
      .select('seq');
    return rows.map(({ seq }) => Number(seq));
  }

  /** Entries that have a word with each of these beginnings. */
  private async seqsByWords(
    words: readonly string[],
    before: number | undefined,
  ): Promise<number[]> {
    const limit = before ?? Number.MAX_SAFE_INTEGER;
    const result = isPostgres(this.knex)
      ? await this.knex.raw(
          `SELECT seq FROM ${AUDIT_TABLES.text}
           WHERE array_to_tsvector(string_to_array(words, ' ')) @@ ?::tsquery
           AND seq < ? ORDER BY seq DESC LIMIT ?`,
          [words.map(word => `'${word}':*`).join(' & '), limit, CANDIDATES],
        )
      : await this.knex.raw(
          `SELECT rowid AS seq FROM ${AUDIT_TABLES.words}
           WHERE ${AUDIT_TABLES.words} MATCH ? AND rowid < ?
           ORDER BY rowid DESC LIMIT ?`,
          [words.map(word => `"${word}" *`).join(' AND '), limit, CANDIDATES],
        );
    const rows: { seq: number | string }[] = isPostgres(this.knex)
      ? result.rows
      : result;
    return rows.map(({ seq }) => Number(seq));
  }
}

function refFilters(query: Omit<AuditListQuery, 'cursor'>) {
  const { object, ticket, cluster, result } = query;
  // From the one that usually names least to the one that names most.
  const wanted: [SearchRefKind, string | undefined][] = [
    ['ticket', ticket],
    ['object', object],
    ['cluster', cluster],
    ['result', result],
  ];
  return wanted.flatMap(([kind, value]) =>
    value === undefined ? [] : [{ kind, value }],
  );
}

function filterHeader(
  builder: Knex.QueryBuilder,
  query: Omit<AuditListQuery, 'cursor'>,
): void {
  const equal: [string, string | undefined][] = [
    ['actor', query.by],
    ['target', query.entityRef],
    ['op_id', query.opId],
    ['kind', query.kind],
  ];
  for (const [column, value] of equal) {
    if (value !== undefined) builder.where(`audit_entry.${column}`, value);
  }
  if (query.scope !== undefined) {
    const isOf = query.scope === 'log' ? 'whereIn' : 'whereNotIn';
    builder[isOf]('audit_entry.kind', LOG_KINDS);
  }
  if (query.from !== undefined) {
    builder.where('recorded_at', '>=', Date.parse(query.from));
  }
  if (query.to !== undefined) {
    builder.where('recorded_at', '<', Date.parse(query.to));
  }
}

/** An entry as the contract shows it. */
export function toView(entry: LogEntry): AuditEntryView {
  const { seq, id, opId, kind, actor, target, event, payload, ...rest } =
    toAuditEntry(entry);
  return {
    seq,
    id,
    opId,
    kind,
    occurredAt: new Date(rest.occurredAt).toISOString(),
    recordedAt: new Date(rest.recordedAt).toISOString(),
    by: actor,
    about: target,
    ...(event ? { text: event.text } : {}),
    details: payload,
    isRemoved: rest.isRemoved ?? false,
    hash: entry.entryHash,
  };
}
