import type { AnchoredCheckpoint } from '@istio-backstage/plugin-istio-node';
import type { Knex } from 'knex';
import { migrateDatabase } from '../changes/migrateDatabase';
import {
  createTestDatabases,
  describeDatabases,
} from '../__testUtils__/testDatabases';
import { openLog, signerOf } from './__testUtils__/LogHarness';
import { verifyLog } from './__testUtils__/verifyLog';

jest.setTimeout(120_000);

const databases = createTestDatabases();

describe('checkpoints', () => {
  describeDatabases(id => {
    let knex: Knex;

    beforeEach(async () => {
      knex = await databases.init(id);
      await migrateDatabase({ getClient: async () => knex });
    });

    it('cover all entries, signed, each consistent with the one before', async () => {
      const { append, checkpointer } = openLog(knex);
      expect(await checkpointer.checkpoint()).toBeUndefined();
      for (const count of [1, 300, 7]) {
        await append(count);
        expect(await checkpointer.checkpoint()).toBeDefined();
        expect(await checkpointer.pending()).toBe(0);
      }
      expect(await checkpointer.checkpoint()).toBeUndefined();
      expect(
        await verifyLog(knex, { keys: [signerOf(1).verifierKey] }),
      ).toMatchObject({
        problems: [],
        origin: 'portal.example.com/istio-audit',
        // The first entry beside them brings the key.
        entries: { count: 309 },
        checkpoints: { count: 3, signed: 3, signedTo: 309 },
        uncoveredTail: { first: 1, last: 309 },
        notes: [],
      });
    });

    it('are written once however many replicas try', async () => {
      const replicas = Array.from({ length: 4 }, () => openLog(knex));
      await replicas[0].append(3);
      await replicas[0].checkpointer.checkpoint();
      for (let round = 0; round < 3; round += 1) {
        await Promise.all(
          replicas.flatMap(({ append, checkpointer }) => [
            append(2),
            checkpointer.checkpoint(),
          ]),
        );
      }
      await replicas[1].checkpointer.checkpoint();
      const report = await verifyLog(knex);
      expect(report.problems).toEqual([]);
      expect(report.checkpoints.signedTo).toBe(report.entries.count);
    });

    it('are unsigned without a key, which the report says', async () => {
      const { append, checkpointer } = openLog(knex, {});
      await append(2);
      await checkpointer.checkpoint();
      const report = await verifyLog(knex);
      expect(report).toMatchObject({
        verdict: 'intact',
        checkpoints: { count: 1, signed: 0, signedTo: 0 },
      });
      expect(report.notes.join()).toContain('without signature prove nothing');
      const withKey = await verifyLog(knex, {
        keys: [signerOf(1).verifierKey],
      });
      expect(withKey.problems.map(({ code }) => code)).toEqual([
        'checkpointUnsigned',
      ]);
    });

    it('go on with a new key that the old one signed for, and with no other', async () => {
      const first = openLog(knex, { key: 1 });
      await first.append(1);
      await first.checkpointer.checkpoint();
      await first.append(1);
      await expect(
        openLog(knex, { key: 2 }).checkpointer.checkpoint(),
      ).rejects.toThrow('istio.audit.previousSigningKey');
      await expect(openLog(knex, {}).checkpointer.checkpoint()).rejects.toThrow(
        'istio.audit.signingKey is missing',
      );
      await openLog(knex, { key: 2, previousKey: 1 }).checkpointer.checkpoint();
      // A replica that has not been restarted yet.
      await first.append(1);
      await expect(first.checkpointer.checkpoint()).rejects.toThrow(
        'another replica has a newer one',
      );
      for (const key of [1, 2]) {
        expect(
          await verifyLog(knex, { keys: [signerOf(key).verifierKey] }),
        ).toMatchObject({ problems: [], checkpoints: { signed: 2 } });
      }

      const lost = openLog(knex, { key: 3, acceptsNew: true });
      await lost.checkpointer.checkpoint();
      const report = await verifyLog(knex, {
        keys: [signerOf(1).verifierKey],
      });
      expect(report.problems.map(({ code }) => code)).toEqual([
        'keyUntrusted',
        'keyUntrusted',
      ]);
      expect(
        await verifyLog(knex, {
          keys: [signerOf(1).verifierKey, signerOf(3).verifierKey],
        }),
      ).toMatchObject({ problems: [] });
    });

    it('are not written over a log that contradicts the last one', async () => {
      const { append, checkpointer } = openLog(knex);
      await append(5);
      await checkpointer.checkpoint();
      await append(1);
      await dropTriggers(knex);
      await knex('audit_entry')
        .where('seq', 2)
        .update({ entry_hash: 'a'.repeat(64) });
      await expect(checkpointer.checkpoint()).rejects.toThrow(
        'not those of checkpoint 1',
      );
      await knex('audit_checkpoint').delete();
      await expect(checkpointer.checkpoint()).rejects.toThrow(
        'Checkpoint 1 was there and is gone',
      );
    });

    it('reach every anchor in order, also after it was away', async () => {
      const taken: AnchoredCheckpoint[] = [];
      let isAway = true;
      const anchor = {
        name: 'safe',
        deliver: async (checkpoint: AnchoredCheckpoint) => {
          if (isAway) throw new Error('connection refused');
          taken.push(checkpoint);
        },
      };
      const { append, checkpointer, delivery, log } = openLog(knex, {
        key: 1,
        anchors: [anchor],
      });
      for (const count of [2, 3]) {
        await append(count);
        await checkpointer.checkpoint();
        await delivery.deliverDue();
        await knex('audit_delivery').update({ next_at: 0 });
        await delivery.deliverDue();
      }
      isAway = false;
      await knex('audit_delivery').update({ next_at: 0 });
      await delivery.deliverDue();
      await delivery.deliverDue();
      expect(taken.map(({ number }) => number)).toEqual([1, 2]);
      const kinds = (await log.list({})).map(({ kind }) => kind);
      expect(kinds.filter(kind => kind.startsWith('anchor'))).toEqual([
        'anchorFailed',
        'anchorRestored',
      ]);
      const anchors = taken.map(({ note }) => ({ source: 'safe', note }));
      expect(await verifyLog(knex, { anchors })).toMatchObject({
        problems: [],
        anchors: { count: 2, coveredTo: taken[1].size },
        uncoveredTail: { first: taken[1].size + 1 },
      });
    });
  });
});

async function dropTriggers(knex: Knex): Promise<void> {
  for (const table of ['audit_entry', 'audit_checkpoint']) {
    for (const name of ['no_change', 'no_delete']) {
      await knex.raw(
        knex.client.config.client === 'pg'
          ? `DROP TRIGGER IF EXISTS ${table}_${name} ON ${table}`
          : `DROP TRIGGER IF EXISTS ${table}_${name}`,
      );
    }
  }
}
