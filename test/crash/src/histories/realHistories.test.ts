import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import knexFactory from 'knex';
import { verifyLog } from '../../../../plugins/istio-backend/src/audit/__testUtils__/verifyLog';
import { buildChildren } from '../__testUtils__/buildChildren';
import { openOptions } from '../__testUtils__/openOptions';
import { hasPostgres } from '../__testUtils__/startPostgres';
import { TestDatabases } from '../__testUtils__/TestDatabases';
import { checkHistory } from './__testUtils__/checkHistory';
import { randomOf } from './__testUtils__/randomOf';
import { RealHistories } from './__testUtils__/RealHistories';

/** More, or others, in the night: see the README. */
const HISTORIES = Number(process.env.REAL_HISTORIES ?? 30);
const SEED = Number(process.env.HISTORY_SEED ?? 1);
/** At a time, each with a database and a cluster of its own: they wait most of their time. */
const LANES = 5;

// SQLite is one process's own; see the README.
const describeIf = hasPostgres() ? describe : describe.skip;

describeIf('random histories of three processes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'istio-portal-histories-'));
  const databases = TestDatabases.create(folder);

  afterAll(async () => {
    await databases.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('end with a record that is true', async () => {
    const [childFile] = await buildChildren(folder, ['replicaMain']);
    const violations: { seed: number; found: string[] }[] = [];
    const seeds = Array.from({ length: HISTORIES }, (_, at) => SEED + at);
    await Promise.all(
      Array.from({ length: LANES }, async () => {
        const database = await databases.create('pg');
        const knex = knexFactory(openOptions(database));
        const histories = await RealHistories.start({
          knex,
          database,
          childFile,
        });
        try {
          for (let seed = seeds.shift(); seed; seed = seeds.shift()) {
            const run = await histories.run({
              random: randomOf(seed),
              name: `reviews-${seed}`,
            });
            const found = await checkHistory(knex, run);
            if (found.length > 0) violations.push({ seed, found });
            // A person closes what nothing proves.
            await knex('mesh_change')
              .where({ state: 'indeterminate' })
              .update({ state: 'failed' });
          }
          expect(histories.crashes).toBe(0);
          expect((await verifyLog(knex)).problems).toEqual([]);
        } finally {
          await histories.close();
          await knex.destroy();
        }
      }),
    );
    expect(violations).toEqual([]);
  });
});
