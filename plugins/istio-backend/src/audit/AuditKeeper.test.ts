import { mockServices } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import { migrateDatabase } from '../changes/migrateDatabase';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import { AuditKeeper } from './AuditKeeper';
import { LegalHold } from './LegalHold';
import { openLog } from './__testUtils__/LogHarness';
import { verifyLog } from './__testUtils__/verifyLog';

jest.setTimeout(60_000);

const databases = createTestDatabases();

describe('AuditKeeper', () => {
  const logger = mockServices.logger.mock();
  let knex: Knex;
  let now: number;

  beforeEach(async () => {
    jest.resetAllMocks();
    now = 1_800_000_000_000;
    jest.spyOn(Date, 'now').mockImplementation(() => now);
    knex = await databases.init('SQLITE_3');
    await migrateDatabase({ getClient: async () => knex });
  });
  afterEach(() => jest.restoreAllMocks());

  function keep() {
    const { log, append, checkpointer, delivery } = openLog(knex);
    const keeper = AuditKeeper.create({
      knex,
      logger,
      auditLog: log,
      checkpointer,
      delivery,
      forwarder: { forwardDue: async () => {} },
      hold: LegalHold.create({ knex, auditLog: log }),
    });
    return { keeper, log, append };
  }

  const checkpoints = async () => (await verifyLog(knex)).checkpoints.count;

  it('writes a checkpoint after a minute, and after a hundred entries at once', async () => {
    const { keeper, append } = keep();
    await keeper.tick();
    await append(3);
    await keeper.tick();
    expect(await checkpoints()).toBe(0);
    now += 60_000;
    await keeper.tick();
    expect(await checkpoints()).toBe(1);
    now += 600_000;
    await keeper.tick();
    expect(await checkpoints()).toBe(1);
    await append(100);
    await keeper.tick();
    expect(await checkpoints()).toBe(2);
    expect(logger.error).not.toHaveBeenCalled();
  });

  it('says once, in both logs, that the log contradicts itself', async () => {
    const { keeper, append, log } = keep();
    await append(100);
    await keeper.tick();
    await knex.raw('DROP TRIGGER audit_entry_no_change');
    await knex('audit_entry')
      .where('seq', 5)
      .update({ entry_hash: 'a'.repeat(64) });
    await append(100);
    for (let round = 0; round < 3; round += 1) await keeper.tick();
    expect(logger.error).toHaveBeenCalledTimes(1);
    expect(logger.error.mock.calls[0][0]).toContain(
      'not those of checkpoint 1',
    );
    const kinds = (await log.list({})).map(({ kind }) => kind);
    expect(kinds.filter(kind => kind === 'checkpointRefused')).toHaveLength(1);
  });
});
