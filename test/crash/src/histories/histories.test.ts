import { changeStateSchema } from '@istio-backstage/plugin-istio-common';
import type { Knex } from 'knex';
import { verifyLog } from '../../../../plugins/istio-backend/src/audit/__testUtils__/verifyLog';
import type {
  ChangeStore,
  ChangeUpdate,
} from '../../../../plugins/istio-backend/src/changes/types';
import { checkHistory } from './__testUtils__/checkHistory';
import { History } from './__testUtils__/History';
import { randomOf } from './__testUtils__/randomOf';
import { VirtualTime } from './__testUtils__/VirtualTime';

/** More, or others, in the night: see the README. */
const HISTORIES = Number(process.env.HISTORIES ?? 1_000);
const SEED = Number(process.env.HISTORY_SEED ?? 1);

describe('random histories of three replicas, in virtual time', () => {
  let knex: Knex;
  const time = new VirtualTime();

  beforeAll(async () => {
    knex = await time.openDatabase();
  });

  afterAll(() => knex.destroy());

  it('end with a record that is true', async () => {
    const violations: { seed: number; found: string[] }[] = [];
    for (let seed = SEED; seed < SEED + HISTORIES; seed += 1) {
      const run = await History.run({
        knex,
        time,
        random: randomOf(seed),
        name: `reviews-${seed}`,
      });
      const found = await checkHistory(knex, run);
      if (found.length > 0) violations.push({ seed, found });
      // A person closes what nothing proves, so that the next history has only changes of its own.
      await knex('mesh_change')
        .where({ state: 'indeterminate' })
        .update({ state: 'failed' });
    }
    expect(violations).toEqual([]);
    expect((await verifyLog(knex)).problems).toEqual([]);
  });

  it('end with one that is not where two can close one change', async () => {
    const found: string[] = [];
    for (let seed = SEED; seed < SEED + 20; seed += 1) {
      const run = await History.run({
        knex,
        time,
        random: randomOf(seed),
        name: `control-${seed}`,
        wrapStore: withoutGuards,
      });
      found.push(...(await checkHistory(knex, run)));
    }
    expect(found).not.toEqual([]);
  });
});

/** A store whose updates count whatever became of the change meanwhile. */
function withoutGuards(store: ChangeStore): ChangeStore {
  return new Proxy(store, {
    get(target, name: keyof ChangeStore) {
      const method = target[name] as (options: unknown) => Promise<unknown>;
      return name === 'update'
        ? (update: ChangeUpdate) =>
            target.update({
              ...update,
              from: [...changeStateSchema.options],
              leasedTo: undefined,
              revision: undefined,
            })
        : method.bind(target);
    },
  });
}
