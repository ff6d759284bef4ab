import { NO_HASH } from './entryHash';
import { LogVerifier, TILE_LEVELS } from './LogVerifier';
import type { LogProblemCode, LogReport } from './report';
import {
  AUDIT_TABLES,
  CheckpointRow,
  FullRow,
  NodeRow,
  toCheckpoint,
  toLogEntry,
  toNode,
} from './rows';
import { resolveSearchTerms } from './searchTerms';
import type { Anchor, Digest, LogEntry } from './types';

type Row = Record<string, unknown>;

/** Runs one SELECT with `?` for the bindings; the same text serves SQLite and Postgres. */
export type ReadRows = (
  sql: string,
  bindings: readonly (string | number)[],
) => Promise<Row[]>;

const PAGE = 2000;
const T = AUDIT_TABLES;

/** What {@link verifyTables} needs. */
export interface TableVerificationOptions {
  read: ReadRows;
  keys?: readonly string[];
  anchors?: readonly Anchor[];
  digest?: Digest;
}

class TableVerification {
  private verifier!: LogVerifier;
  private last = 0;
  private read = 0;

  constructor(private readonly options: TableVerificationOptions) {}

  async run(): Promise<LogReport> {
    const { keys, anchors, digest } = this.options;
    const checkpoints = await this.select<CheckpointRow>(
      `SELECT number, size, root, note FROM ${T.checkpoint} ORDER BY number`,
    );
    const settled = await this.readHead();
    this.verifier = LogVerifier.create({
      checkpoints: checkpoints.map(toCheckpoint),
      anchors,
      keys,
      digest,
      settledTo: settled.seq,
    });
    let head = settled;
    // Entries and head are written together: at rest the head is the last entry.
    do {
      await this.readEntries();
      head = await this.readHead();
    } while (head.seq > this.last && (await this.hasMore()));
    await this.judgeHeads();
    await this.judgeStrays();
    await this.readNodes(head.seq);
    return this.verifier.finish({ head, nodesExpected: true });
  }

  private async readEntries(): Promise<void> {
    let after: string | number = this.last;
    for (;;) {
      const rows: FullRow[] = await this.select<FullRow>(
        `SELECT e.*, p.salt, p.json FROM ${T.entry} e
         LEFT JOIN ${T.payload} p ON p.entry_id = e.entry_id
         WHERE e.seq > ? ORDER BY e.seq LIMIT ${PAGE}`,
        [after],
      );
      if (rows.length === 0) return;
      after = rows[rows.length - 1].seq;
      this.read += rows.length;
      const entries = rows.flatMap(row => {
        const entry = toLogEntry(row);
        if (Number.isSafeInteger(entry.seq)) return [entry];
        this.report(
          'unexpectedEntry',
          T.entry,
          `An entry has the position '${row.seq}'`,
        );
        return [];
      });
      for (const entry of entries) {
        this.verifier.add(entry);
        this.last = Math.max(this.last, entry.seq);
      }
      await this.judgeSearchTerms(entries);
    }
  }

  private async hasMore(): Promise<boolean> {
    const rows = await this.select(
      `SELECT seq FROM ${T.entry} WHERE seq > ? LIMIT 1`,
      [this.last],
    );
    return rows.length > 0;
  }

  private async judgeSearchTerms(entries: readonly LogEntry[]): Promise<void> {
    if (entries.length === 0) return;
    const range = [entries[0].seq, entries[entries.length - 1].seq];
    const refs = groupBySeq(
      await this.select(
        `SELECT kind, value, seq FROM ${T.ref} WHERE seq BETWEEN ? AND ?`,
        range,
      ),
      ({ kind, value }) => `${kind} ${value}`,
    );
    const texts = groupBySeq(
      await this.select(
        `SELECT words, seq FROM ${T.text} WHERE seq BETWEEN ? AND ?`,
        range,
      ),
      ({ words }) => String(words),
    );
    for (const { seq, kind, payload } of entries) {
      const terms = termsOf(kind, payload?.json);
      const isAsWritten =
        sameList(refs.get(seq), terms?.refs) &&
        sameList(texts.get(seq), terms && [terms.words]);
      // An altered payload is a finding of its own; what it was found by is judged by what it is now.
      if (!isAsWritten) {
        this.report(
          'indexWrong',
          `${T.ref}, ${T.text}`,
          `Entry ${seq}: the search finds it by something else than its payload`,
          seq,
        );
      }
    }
  }

  private async judgeHeads(): Promise<void> {
    const rows = await this.select(`SELECT id, seq, hash FROM ${T.head}`);
    if (rows.length !== 1 || Number(rows[0].id) !== 1) {
      this.report(
        'headWrong',
        T.head,
        `There are ${rows.length} head rows, and one of id 1 must be alone`,
      );
    }
  }

  /** Rows that no walk along the log meets. */
  private async judgeStrays(): Promise<void> {
    const early = await this.select(
      `SELECT seq FROM ${T.entry} WHERE seq IS NULL OR seq < 1`,
    );
    for (const { seq } of early) {
      this.report(
        'unexpectedEntry',
        T.entry,
        `An entry has the position '${seq}'`,
      );
    }
    const [{ n }] = await this.select(
      `SELECT COUNT(*) AS n FROM ${T.entry} WHERE seq <= ?`,
      [this.last],
    );
    const known = this.read + early.filter(({ seq }) => seq !== null).length;
    if (Number(n) > known) {
      this.report(
        'unexpectedEntry',
        T.entry,
        `${Number(n) - known} entries stand twice`,
      );
    }
    const orphans = await this.select(
      `SELECT p.entry_id FROM ${T.payload} p
       LEFT JOIN ${T.entry} e ON e.entry_id = p.entry_id
       WHERE e.entry_id IS NULL LIMIT 100`,
    );
    for (const { entry_id } of orphans) {
      this.report(
        'payloadOrphaned',
        T.payload,
        `The payload of '${entry_id}' belongs to no entry`,
      );
    }
    for (const table of [T.ref, T.text]) {
      const stray = await this.select(
        `SELECT s.seq FROM ${table} s LEFT JOIN ${T.entry} e ON e.seq = s.seq
         WHERE e.seq IS NULL LIMIT 100`,
      );
      for (const { seq } of stray) {
        this.report(
          'indexWrong',
          table,
          `The search has terms of an entry ${seq} that there is not`,
        );
      }
    }
  }

  private async readNodes(headSeq: number): Promise<void> {
    const rows = await this.select<NodeRow>(
      `SELECT level, idx, hash FROM ${T.node} ORDER BY level, idx`,
    );
    for (const node of rows.map(toNode)) {
      const end = (node.index + 1) * 2 ** (TILE_LEVELS * node.level);
      // Completed after the reading ended.
      if (end > this.last && end <= headSeq) continue;
      this.verifier.addNode(node);
    }
  }

  private async readHead(): Promise<{ seq: number; hash: string }> {
    const [row] = await this.select(
      `SELECT seq, hash FROM ${T.head} WHERE id = 1`,
    );
    return row
      ? { seq: Number(row.seq), hash: String(row.hash) }
      : { seq: 0, hash: NO_HASH };
  }

  private async select<T extends object = Row>(
    sql: string,
    bindings: readonly (string | number)[] = [],
  ): Promise<T[]> {
    return (await this.options.read(sql, bindings)) as T[];
  }

  private report(
    code: LogProblemCode,
    place: string,
    text: string,
    seq?: number,
  ): void {
    this.verifier.addProblem({
      code,
      place,
      text,
      ...(seq === undefined ? {} : { seq }),
    });
  }
}

/**
 * Verifies a log where it is kept, while it goes on growing. Beside entries, tree and checkpoints it
 * judges what only tables have: head row, stored nodes, orphans and the terms of the search. Delivery
 * state is no evidence and is not looked at.
 */
export async function verifyTables(
  options: TableVerificationOptions,
): Promise<LogReport> {
  return new TableVerification(options).run();
}

function termsOf(kind: string, json: string | undefined) {
  if (json === undefined) return undefined;
  try {
    return resolveSearchTerms(kind, json);
  } catch {
    // Not JSON any more, which its hash has shown already.
    return undefined;
  }
}

function groupBySeq(
  rows: readonly Row[],
  textOf: (row: Row) => string,
): Map<number, string[]> {
  const groups = new Map<number, string[]>();
  for (const row of rows) {
    const seq = Number(row.seq);
    const group = groups.get(seq) ?? [];
    group.push(textOf(row));
    groups.set(seq, group);
  }
  return groups;
}

function sameList(
  stored: readonly string[] = [],
  expected: readonly (string | { kind: string; value: string })[] = [],
): boolean {
  if (stored.length !== expected.length) return false;
  const texts = expected.map(one =>
    typeof one === 'string' ? one : `${one.kind} ${one.value}`,
  );
  // They are read in the order in which they were written, unless somebody wrote them again.
  return (
    texts.every((text, at) => text === stored[at]) ||
    [...stored].sort().join('\n') === texts.sort().join('\n')
  );
}
