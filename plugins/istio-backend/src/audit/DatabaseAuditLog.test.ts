import { resolvePackagePath } from '@backstage/backend-plugin-api';
import type { Knex } from 'knex';
import { ulid } from 'ulid';
import { migrateDatabase } from '../changes/migrateDatabase';
import { exampleEntry } from '../changes/__testUtils__/exampleChange';
import {
  createTestDatabases,
  describeDatabases,
} from '../__testUtils__/testDatabases';
import { DatabaseAuditLog } from './DatabaseAuditLog';
import { verifyLog } from './__testUtils__/verifyLog';

jest.setTimeout(120_000);

const databases = createTestDatabases();
const FIRST_CHAINED = '20261201_audit_log.js';

/** Takes back the migration that made a chain of the log, and those after it. */
async function undoChain(knex: Knex): Promise<void> {
  const directory = resolvePackagePath(
    '@istio-backstage/plugin-istio-backend',
    'migrations',
  );
  while ((await knex.migrate.currentVersion({ directory })) !== 'none') {
    const [, undone] = await knex.migrate.down({ directory });
    if (undone.some((file: string) => file.endsWith(FIRST_CHAINED))) return;
  }
}

describe('DatabaseAuditLog', () => {
  describeDatabases(id => {
    let knex: Knex;
    let log: DatabaseAuditLog;

    beforeEach(async () => {
      knex = await databases.init(id);
      await migrateDatabase({ getClient: async () => knex });
      log = DatabaseAuditLog.create({ knex });
    });

    const append = (count: number) =>
      log.append(Array.from({ length: count }, () => exampleEntry(ulid())));

    it('is intact when it is empty, after one entry and over many tiles', async () => {
      for (const [count, total] of [
        [0, 0],
        [1, 1],
        [255, 256],
        [300, 556],
        [1, 557],
      ]) {
        await append(count);
        expect(await verifyLog(knex)).toMatchObject({
          verdict: 'intact',
          problems: [],
          entries: { first: 1, last: total, count: total },
        });
      }
      expect(await knex('audit_node')).toHaveLength(2);
      expect((await verifyLog(knex)).uncoveredTail).toEqual({
        first: 1,
        last: 557,
      });
    });

    it('makes one chain of what several replicas append at once', async () => {
      const replicas = Array.from({ length: 4 }, () =>
        DatabaseAuditLog.create({ knex }),
      );
      const refused = knex.transaction(async transaction => {
        await log.appendWithin(transaction, [exampleEntry(ulid())]);
        throw new Error('killed before the commit');
      });
      await Promise.all([
        expect(refused).rejects.toThrow('killed before the commit'),
        ...Array.from({ length: 40 }, (_, index) =>
          replicas[index % 4].append([
            exampleEntry(ulid()),
            exampleEntry(ulid(), { kind: 'outcome', event: undefined }),
          ]),
        ),
      ]);
      const report = await verifyLog(knex);
      expect(report.problems).toEqual([]);
      expect(report.entries).toEqual({ first: 1, last: 80, count: 80 });
    });

    it('keeps text of any kind as it was', async () => {
      const payload = {
        reason: 'Zeilen\n\u2028 "quoted" \u0000 \ud83d\ude80 e\u0301',
        nested: { list: [1, 0.1, -0, null, true], ключ: 'значение' },
      };
      await log.append([exampleEntry(ulid(), { payload })]);
      expect((await log.list({}))[0].payload).toEqual({
        ...payload,
        nested: { ...payload.nested, list: [1, 0.1, 0, null, true] },
      });
      expect((await verifyLog(knex)).problems).toEqual([]);
    });

    it('keeps a short payload from being guessed by its hash', async () => {
      await log.append([exampleEntry(ulid()), exampleEntry(ulid())]);
      const [a, b] = await knex('audit_entry').orderBy('seq');
      expect(a.payload_commit).not.toBe(b.payload_commit);
    });

    it('refuses to change what was recorded', async () => {
      await append(256);
      for (const [table, change] of [
        ['audit_entry', { actor: 'someone else' }],
        ['audit_node', { hash: 'x' }],
        ['audit_payload', { json: '{}' }],
      ] as const) {
        const refused = { message: expect.stringContaining('append-only') };
        await expect(knex(table).update(change)).rejects.toMatchObject(refused);
      }
      // Payloads can be taken out: whether that was a redaction is for the verification to say.
      for (const table of ['audit_entry', 'audit_node']) {
        await expect(knex(table).delete()).rejects.toMatchObject({
          message: expect.stringContaining('append-only'),
        });
      }
      expect(await log.list({})).toHaveLength(256);
    });

    it('brings the entries of a log without a chain over, and says so', async () => {
      await undoChain(knex);
      await knex('audit_entry').insert(
        // A sequence has gaps where transactions failed.
        [3, 4, 9].map(seq => ({
          seq,
          entry_id: ulid(),
          op_id: 'OP',
          kind: 'intent',
          occurred_at: 1_700_000_000_000,
          recorded_at: 1_700_000_000_001,
          actor: 'user:default/mira.kovac',
          target: 'component:default/reviews',
          event_kind: 'requested',
          event_text: `Requested ${seq}`,
          payload: JSON.stringify({ reason: 'old', seq }),
        })),
      );
      await migrateDatabase({ getClient: async () => knex });
      await append(1);
      const entries = await log.list({});
      expect(
        entries.map(({ seq, kind, event }) => [seq, kind, event?.text]),
      ).toEqual([
        [1, 'intent', 'Requested 3'],
        [2, 'intent', 'Requested 4'],
        [3, 'intent', 'Requested 9'],
        [4, 'imported', undefined],
        [5, 'intent', 'Requested'],
      ]);
      expect(entries[0].payload).toEqual({ reason: 'old', seq: 3 });
      expect(entries[3].target).toBe('audit:1-3');
      expect((await verifyLog(knex)).problems).toEqual([]);
      await undoChain(knex);
      expect(await knex('audit_entry').orderBy('seq')).toHaveLength(5);
    });
  });
});
