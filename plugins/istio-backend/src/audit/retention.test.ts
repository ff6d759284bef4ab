import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExportVerifier } from '@istio-backstage/plugin-istio-common';
import type { Knex } from 'knex';
import { migrateDatabase } from '../changes/migrateDatabase';
import { exampleEntry } from '../changes/__testUtils__/exampleChange';
import {
  createTestDatabases,
  describeDatabases,
} from '../__testUtils__/testDatabases';
import { AuditExporter } from './AuditExporter';
import { AuditRetention, RetentionConfig } from './AuditRetention';
import { LegalHold } from './LegalHold';
import { openLog, signerOf } from './__testUtils__/LogHarness';
import { verifyLog } from './__testUtils__/verifyLog';

jest.setTimeout(120_000);

const databases = createTestDatabases();

describe('retention', () => {
  describeDatabases(id => {
    let knex: Knex;
    let folder: string;

    beforeEach(async () => {
      folder = mkdtempSync(join(tmpdir(), 'istio-portal-'));
      knex = await databases.init(id);
      await migrateDatabase({ getClient: async () => knex });
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    function open(config: RetentionConfig) {
      const { log, checkpointer } = openLog(knex);
      const hold = LegalHold.create({ knex, auditLog: log });
      const exporter = AuditExporter.create({
        knex,
        checkpointer,
        key: signerOf(1).verifierKey,
      });
      const retention = AuditRetention.create({
        knex,
        auditLog: log,
        checkpointer,
        exporter,
        hold,
        config,
      });
      return { log, checkpointer, hold, retention };
    }

    // Days below zero: everything is older than that, without waiting.
    const NOW = -1;

    it('takes out what is old and archived, and the log stays whole', async () => {
      const { log, checkpointer, retention } = open({
        days: NOW,
        kinds: { intent: 365 },
        archive: folder,
      });
      await log.append([
        exampleEntry('A'),
        exampleEntry('A', { kind: 'outcome' }),
        exampleEntry('A', { kind: 'applied' }),
      ]);
      // Nothing signed covers them yet.
      expect(await retention.run()).toBe(0);
      await checkpointer.checkpoint();
      expect(await retention.run()).toBe(2);
      expect(await retention.run()).toBe(0);

      const entries = await log.list({});
      expect(
        entries.map(({ kind, isRemoved = false }) => [kind, isRemoved]),
      ).toEqual([
        ['intent', false],
        ['outcome', true],
        ['applied', true],
        ['signingKey', false],
        ['retention', false],
      ]);
      expect(await verifyLog(knex)).toMatchObject({
        problems: [],
        purged: [{ first: 2, last: 3, count: 2, by: 5 }],
      });
      const [file] = readdirSync(folder);
      expect(entries[4].payload).toMatchObject({ count: 2, archive: file });
      const verifier = ExportVerifier.create({
        keys: [signerOf(1).verifierKey],
      });
      const text = readFileSync(join(folder, file), 'utf8');
      text.split('\n').forEach(line => verifier.addLine(line));
      expect(verifier.finish()).toMatchObject({
        problems: [],
        entries: { first: 2, last: 3, count: 2 },
      });
      expect(text).toContain('Next canary step');
    });

    it('takes nothing out where the archive cannot be written', async () => {
      const { log, checkpointer, retention } = open({
        days: NOW,
        kinds: {},
        archive: join(folder, 'nothing'),
      });
      await log.append([exampleEntry('A')]);
      await checkpointer.checkpoint();
      await expect(retention.run()).rejects.toMatchObject({ code: 'ENOENT' });
      expect((await log.list({}))[0].isRemoved).toBeUndefined();
    });

    it('takes nothing out while there is a legal hold', async () => {
      const { log, checkpointer, retention, hold } = open({
        days: NOW,
        kinds: {},
      });
      await log.append([exampleEntry('A')]);
      await hold.settle('Case 12');
      await hold.settle('Case 12');
      await checkpointer.checkpoint();
      expect(await retention.run()).toBe(0);
      await hold.settle(undefined);
      expect(await retention.run()).toBe(1);
      const kinds = (await log.list({})).map(({ kind }) => kind);
      expect(kinds.filter(kind => kind.startsWith('legal'))).toEqual([
        'legalHold',
        'legalHoldReleased',
      ]);
      expect((await verifyLog(knex)).problems).toEqual([]);
    });
  });
});
