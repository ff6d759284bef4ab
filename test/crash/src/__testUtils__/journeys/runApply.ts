import type { Knex } from 'knex';
import { buildRequestRecord } from '../../../../../plugins/istio-backend/src/changes/buildIntentRecord';
import { createParts, createStore, createWriter } from '../createParts';
import type { CrashTask } from '../types';

/** Records a change, asks the cluster, applies it: the whole way of a request. */
export async function runApply(
  task: Extract<CrashTask, { journey: 'apply' }>,
  knex: Knex,
): Promise<void> {
  const { change, owner, apiServer, apiToken } = task;
  const store = createStore(knex);
  const { starter } = createParts({
    store,
    writer: await createWriter(apiServer, apiToken),
    owner,
    settleSeconds: 0,
    now: Date.now,
  });
  await store.insert({
    change,
    locks: [],
    entries: [buildRequestRecord({ change, dryRun: [], at: Date.now() })],
  });
  const stored = await store.get(change.id);
  if (stored) {
    await starter.start(stored);
  }
}
