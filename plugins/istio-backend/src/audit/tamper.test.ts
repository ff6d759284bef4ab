import {
  AUDIT_TABLES,
  bytesToHex,
  commitPayload,
  CompactRange,
  formatCheckpoint,
  FullRow,
  hashEntry,
  LogReport,
  NO_HASH,
  parseCheckpoint,
  parseNote,
  resolveSearchTerms,
  TILE_LEVELS,
  toEntryRow,
  toLogEntry,
} from '@istio-backstage/plugin-istio-common';
import type { AnchoredCheckpoint } from '@istio-backstage/plugin-istio-node';
import { TestDatabases } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import { ulid } from 'ulid';
import { migrateDatabase } from '../changes/migrateDatabase';
import { exampleEntry } from '../changes/__testUtils__/exampleChange';
import { withPayload } from './DatabaseAuditLog';
import { nodeDigest } from './nodeDigest';
import { openLog, signerOf } from './__testUtils__/LogHarness';
import { verifyLog } from './__testUtils__/verifyLog';

jest.setTimeout(300_000);

/** Evidence: every column of these is judged. Deliveries are state. */
const COLUMNS: Record<string, string[]> = {
  audit_entry: [
    'seq',
    'entry_id',
    'op_id',
    'kind',
    'occurred_at',
    'recorded_at',
    'actor',
    'target',
    'event_kind',
    'payload_commit',
    'prev_hash',
    'entry_hash',
  ],
  audit_payload: ['entry_id', 'salt', 'json'],
  audit_head: ['id', 'seq', 'hash'],
  audit_node: ['level', 'idx', 'hash'],
  audit_checkpoint: ['number', 'size', 'root', 'note'],
  audit_ref: ['kind', 'value', 'seq'],
  audit_text: ['seq', 'words'],
};
const TABLES = Object.keys(COLUMNS);
const EACH_COLUMN = TABLES.flatMap(table =>
  COLUMNS[table].map((column): [string, string] => [table, column]),
);
/** Row that is altered, by its place; covered by the anchor. */
const AT = 1;
/** One that the anchor does not cover. */
const IN_TAIL = 262;

type Rows = Record<string, unknown>[];
type Attack = (transaction: Knex.Transaction) => Promise<void>;

const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
let knex: Knex;
let anchors: { source: string; note: string }[];
const keys = [signerOf(1).verifierKey];

beforeAll(async () => {
  knex = await databases.init('SQLITE_3');
  await migrateDatabase({ getClient: async () => knex });
  const taken: AnchoredCheckpoint[] = [];
  const { log, checkpointer, delivery } = openLog(knex, {
    key: 1,
    anchors: [{ name: 'safe', deliver: async one => void taken.push(one) }],
  });
  for (const until of [60, 150, 258]) {
    const { count } = (await verifyLog(knex)).entries;
    await log.append(
      Array.from({ length: until - count }, (_, index) =>
        example(count + index),
      ),
    );
    await checkpointer.checkpoint();
    await delivery.deliverDue();
  }
  await log.append(Array.from({ length: 6 }, (_, index) => example(index)));
  anchors = [{ source: 'safe', note: taken.at(-1)!.note }];
  // The attacker owns the schema: no trigger and no constraint is in the way.
  for (const table of TABLES) {
    await knex.raw(`CREATE TABLE free AS SELECT * FROM ${table}`);
    await knex.schema.dropTable(table);
    await knex.schema.renameTable('free', table);
  }
});

function example(index: number) {
  return exampleEntry(ulid(), {
    actor: `user:default/person-${index}`,
    target: `component:default/component-${index}`,
    occurredAt: 1_700_000_000_000 + index,
    kind: index % 2 === 0 ? 'intent' : 'outcome',
    event:
      index % 2 === 0 ? { kind: 'requested', text: 'Requested' } : undefined,
    payload: {
      reason: `Step ${index}`,
      ticket: `CAT-${index}`,
      object: {
        cluster: `cluster-${index % 3}`,
        kind: 'VirtualService',
        namespace: 'catalog',
        name: `route-${index}`,
      },
    },
  });
}

/** What a verification finds after an attack; the database is then as it was. */
async function after(attack: Attack): Promise<LogReport> {
  const undo = new Error('undo');
  let report: LogReport | undefined;
  await knex
    .transaction(async transaction => {
      await attack(transaction);
      report = await verifyLog(transaction, { keys, anchors });
      throw undo;
    })
    .catch(error => {
      if (error !== undo) throw error;
    });
  return report!;
}

const rowsOf = (transaction: Knex, table: string): Promise<Rows> =>
  transaction(table).select({ rowid: 'rowid' }, '*').orderBy('rowid');

async function pick(transaction: Knex, table: string, at = AT) {
  const rows = await rowsOf(transaction, table);
  return rows[Math.min(at, rows.length - 1)];
}

const set = (transaction: Knex, table: string, row: Rows[0], change: object) =>
  transaction(table)
    .where('rowid', row.rowid as number)
    .update(change);

function flip(value: unknown): unknown {
  if (typeof value === 'number') return value + 1;
  if (typeof value !== 'string' || value === '') return 'x';
  const last = value.trimEnd().at(-1);
  const at = value.trimEnd().length - 1;
  return `${value.slice(0, at)}${last === 'a' ? 'b' : 'a'}${value.slice(
    at + 1,
  )}`;
}

/** Orders that no exchange of two makes: on by one place, and the last first. */
const ORDERS: ((values: unknown[]) => unknown[])[] = [
  ([first, ...rest]) => [...rest, first],
  values => [...values].reverse(),
];

/** Makes everything fit again that needs no key. */
async function recompute(transaction: Knex.Transaction): Promise<void> {
  const rows: FullRow[] = await withPayload(transaction).orderBy('seq');
  let prevHash = NO_HASH;
  let seq = 0;
  const nodes: object[] = [];
  const roots = new Map<number, string>();
  const tree = CompactRange.create({
    digest: nodeDigest,
    onNode: ({ level, index, hash }) => {
      if (level === TILE_LEVELS) {
        nodes.push({ level: 1, idx: index, hash: bytesToHex(hash) });
      }
    },
  });
  await transaction(AUDIT_TABLES.entry).delete();
  await transaction(AUDIT_TABLES.ref).delete();
  await transaction(AUDIT_TABLES.text).delete();
  for (const row of rows) {
    const entry = toLogEntry(row);
    seq += 1;
    const header = {
      ...entry,
      seq,
      prevHash,
      payloadCommit: entry.payload
        ? commitPayload(entry.payload, nodeDigest)
        : entry.payloadCommit,
    };
    const hash = hashEntry(header, nodeDigest);
    prevHash = bytesToHex(hash);
    tree.append(hash);
    roots.set(seq, bytesToHex(tree.root()));
    await transaction(AUDIT_TABLES.entry).insert(
      toEntryRow({ ...header, entryHash: prevHash }),
    );
    if (!entry.payload) continue;
    const terms = resolveSearchTerms(entry.kind, entry.payload.json);
    for (const ref of terms.refs) {
      await transaction(AUDIT_TABLES.ref).insert({ ...ref, seq });
    }
    await transaction(AUDIT_TABLES.text).insert({ seq, words: terms.words });
  }
  await transaction(AUDIT_TABLES.node).delete();
  if (nodes.length > 0) await transaction(AUDIT_TABLES.node).insert(nodes);
  await transaction(AUDIT_TABLES.head).update({ seq, hash: prevHash });
  for (const row of await transaction(AUDIT_TABLES.checkpoint)) {
    const { text } = parseNote(row.note)!;
    const size = Math.min(Number(row.size), seq);
    const root = roots.get(size)!;
    const body = formatCheckpoint({ ...parseCheckpoint(text)!, size, root });
    await transaction(AUDIT_TABLES.checkpoint)
      .where('number', row.number)
      .update({ size, root, note: row.note.replace(text, body) });
  }
}

/** What else the attacker does with the checkpoints after {@link recompute}. */
const COVER_UPS: [string, Attack][] = [
  ['keeps the signatures', async () => undefined],
  [
    'takes the signatures off',
    async transaction => {
      for (const row of await transaction(AUDIT_TABLES.checkpoint)) {
        await transaction(AUDIT_TABLES.checkpoint)
          .where('number', row.number)
          .update({ note: parseNote(row.note)!.text });
      }
    },
  ],
  [
    'signs with an own key',
    async transaction => {
      for (const row of await transaction(AUDIT_TABLES.checkpoint)) {
        await transaction(AUDIT_TABLES.checkpoint)
          .where('number', row.number)
          .update({ note: signerOf(9).sign(parseNote(row.note)!.text) });
      }
    },
  ],
  [
    'removes all checkpoints',
    async transaction => {
      await transaction(AUDIT_TABLES.checkpoint).delete();
    },
  ],
];

/** Attacks on the entries themselves. */
const ON_ENTRIES: [string, Attack][] = [
  ...(
    [
      'kind',
      'actor',
      'target',
      'occurred_at',
      'recorded_at',
      'op_id',
      'entry_id',
      'event_kind',
    ] as const
  ).map((column): [string, Attack] => [
    `another ${column}`,
    async transaction => {
      const row = await pick(transaction, 'audit_entry', 40);
      const payload = { entry_id: String(row.entry_id) };
      await set(transaction, 'audit_entry', row, {
        [column]: flip(row[column]),
      });
      if (column === 'entry_id') {
        await transaction('audit_payload')
          .where(payload)
          .update({ entry_id: flip(row.entry_id) });
      }
    },
  ]),
  [
    'another payload',
    async transaction => {
      const row = await pick(transaction, 'audit_payload', 40);
      await set(transaction, 'audit_payload', row, {
        json: '{"data":{"reason":"Nothing"}}',
      });
    },
  ],
  [
    'one removed',
    async transaction => {
      const row = await pick(transaction, 'audit_entry', 40);
      await transaction('audit_payload')
        .where('entry_id', row.entry_id as string)
        .delete();
      await transaction('audit_entry')
        .where('seq', row.seq as number)
        .delete();
    },
  ],
  [
    'one put in',
    async transaction => {
      const row = await pick(transaction, 'audit_entry', 40);
      const id = ulid();
      const { rowid, ...columns } = row;
      await transaction('audit_entry').insert({ ...columns, entry_id: id });
      const { json } = await pick(transaction, 'audit_payload', 41);
      await transaction('audit_payload').insert({
        entry_id: id,
        salt: 'ab'.repeat(16),
        json,
      });
    },
  ],
  [
    'two exchanged',
    async transaction => {
      await transaction('audit_entry').where('seq', 30).update({ seq: 9999 });
      await transaction('audit_entry').where('seq', 31).update({ seq: 30 });
      await transaction('audit_entry').where('seq', 9999).update({ seq: 31 });
    },
  ],
  [
    'a stretch in the order of its actors',
    async transaction => {
      const rows = await transaction('audit_entry').whereBetween(
        'seq',
        [20, 120],
      );
      const sorted = [...rows].sort((a, b) => (a.actor < b.actor ? -1 : 1));
      for (const [at, { entry_id }] of sorted.entries()) {
        await transaction('audit_entry')
          .where({ entry_id })
          .update({ seq: 10_020 + at });
      }
      await transaction('audit_entry')
        .where('seq', '>=', 10_000)
        .update({ seq: transaction.raw('seq - 10000') });
    },
  ],
  [
    'the tail cut off before the anchor',
    async transaction => {
      await transaction('audit_payload')
        .whereIn(
          'entry_id',
          transaction('audit_entry').select('entry_id').where('seq', '>', 200),
        )
        .delete();
      await transaction('audit_entry').where('seq', '>', 200).delete();
    },
  ],
];

describe('a log that somebody edited', () => {
  it('is intact before, but for the tail that no anchor covers', async () => {
    expect(await after(async () => undefined)).toMatchObject({
      verdict: 'intact',
      problems: [],
      anchors: { coveredTo: 258 },
      uncoveredTail: { first: 259, last: 264 },
    });
  });

  it.each(EACH_COLUMN)(
    'shows another value in %s.%s',
    async (table, column) => {
      const report = await after(async transaction => {
        const row = await pick(transaction, table);
        await set(transaction, table, row, { [column]: flip(row[column]) });
      });
      expect(report.problemCount).toBeGreaterThan(0);
    },
  );

  it.each(EACH_COLUMN)('shows no value in %s.%s', async (table, column) => {
    const report = await after(async transaction => {
      const rows = await rowsOf(transaction, table);
      const row = rows.slice(AT).find(one => one[column] !== null) ?? rows[0];
      await set(transaction, table, row, { [column]: null });
    });
    expect(report.problemCount).toBeGreaterThan(0);
  });

  it.each(EACH_COLUMN)(
    'shows values exchanged in %s.%s',
    async (table, column) => {
      let hasTwo = false;
      const report = await after(async transaction => {
        const rows = await rowsOf(transaction, table);
        const a = rows[Math.min(AT, rows.length - 1)];
        const b = rows.slice(AT).find(one => one[column] !== a[column]);
        if (!b) return;
        hasTwo = true;
        await set(transaction, table, a, { [column]: b[column] });
        await set(transaction, table, b, { [column]: a[column] });
      });
      // Tables with one row, and columns that say the same everywhere, have nothing to exchange.
      expect(report.problemCount > 0).toBe(hasTwo);
    },
  );

  it.each(EACH_COLUMN)(
    'shows values in another order in %s.%s',
    async (table, column) => {
      for (const order of ORDERS) {
        let isSame = true;
        const report = await after(async transaction => {
          const rows = (await rowsOf(transaction, table)).slice(0, 60);
          const values = rows.map(row => row[column]);
          const moved = order(values);
          isSame = moved.every((value, at) => value === values[at]);
          for (const [at, row] of rows.entries()) {
            await set(transaction, table, row, { [column]: moved[at] });
          }
        });
        expect(report.problemCount > 0).toBe(!isSame);
      }
    },
  );

  it.each(TABLES)(
    'shows a row missing, doubled and put in, in %s',
    async table => {
      const attacks: Attack[] = [
        async transaction => {
          const { rowid } = await pick(transaction, table);
          await transaction(table)
            .where('rowid', rowid as number)
            .delete();
        },
        async transaction => {
          const { rowid, ...row } = await pick(transaction, table);
          await transaction(table).insert(row);
        },
        async transaction => {
          const { rowid, ...row } = await pick(transaction, table);
          const first = COLUMNS[table][0];
          await transaction(table).insert({
            ...row,
            [first]: typeof row[first] === 'number' ? 7777 : 'put in',
          });
        },
      ];
      for (const attack of attacks) {
        expect((await after(attack)).problemCount).toBeGreaterThan(0);
      }
    },
  );

  it.each(TABLES.filter(table => table !== 'audit_node'))(
    'shows the tail of %s cut off',
    async table => {
      const report = await after(async transaction => {
        const { rowid } = (await rowsOf(transaction, table)).at(-1)!;
        await transaction(table)
          .where('rowid', rowid as number)
          .delete();
      });
      expect(report.problemCount).toBeGreaterThan(0);
    },
  );

  it('says nothing of deliveries, which are state', async () => {
    const report = await after(async transaction => {
      await transaction('audit_delivery').delete();
    });
    expect(report.problems).toEqual([]);
  });
});

describe.each(COVER_UPS)(
  'somebody who recomputes every hash and %s',
  (_, coverUp) => {
    it.each(ON_ENTRIES)('does not hide: %s', async (__, attack) => {
      const report = await after(async transaction => {
        await attack(transaction);
        await recompute(transaction);
        await coverUp(transaction);
      });
      expect(report.problemCount).toBeGreaterThan(0);
      expect(report.problems.map(({ text }) => text).join('\n')).toMatch(
        /Checkpoint|Anchor/,
      );
    });
  },
);

describe('somebody who recomputes every hash behind the anchor', () => {
  it('is not found, and the report names the tail', async () => {
    const report = await after(async transaction => {
      await transaction('audit_entry')
        .where('seq', IN_TAIL)
        .update({ actor: 'user:default/nobody' });
      await recompute(transaction);
    });
    expect(report).toMatchObject({
      verdict: 'intact',
      uncoveredTail: { first: 259, last: 264 },
    });
  });
});
