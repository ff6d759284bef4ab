import knexFactory from 'knex';
import { buildRequestRecord } from '../../../../plugins/istio-backend/src/changes/buildIntentRecord';
import { createParts, createStore, createWriter } from './createParts';
import { injectSqlFault } from './injectSqlFault';
import { openOptions } from './openOptions';
import type { CrashReport, CrashTask } from './types';

/** Records a change, asks the cluster, applies it: the whole way of a request, with one fault. */
async function run(task: CrashTask): Promise<CrashReport> {
  const knex = knexFactory(openOptions(task.database));
  const statements = injectSqlFault(knex, task.fault);
  const store = createStore(knex);
  const { starter } = createParts({
    store,
    writer: await createWriter(task.apiServer),
    owner: task.owner,
    settleSeconds: 0,
    now: Date.now,
  });
  let error: string | undefined;
  try {
    await store.insert({
      change: task.change,
      locks: [],
      entries: [
        buildRequestRecord({ change: task.change, dryRun: [], at: Date.now() }),
      ],
    });
    const stored = await store.get(task.change.id);
    if (stored) {
      await starter.start(stored);
    }
  } catch (caught) {
    error = String(caught);
  }
  return { statements: [...statements], error };
}

process.once('message', async (task: CrashTask) => {
  const report = await run(task);
  process.send?.(report, () => process.exit(0));
});
