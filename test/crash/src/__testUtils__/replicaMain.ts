import { flushCompileCache } from 'node:module';
import knexFactory from 'knex';
import { createParts, createStore, createWriter } from './createParts';
import { openOptions } from './openOptions';
import { ReplicaActions } from './ReplicaActions';
import type { ReplicaOrder, ReplicaStart } from './replicaTypes';

/** One replica of the portal as a process of its own, with a clock that runs fast where it only waits. */
async function start(options: ReplicaStart): Promise<ReplicaActions> {
  const { database, apiServer, owner, pace } = options;
  const store = createStore(knexFactory(openOptions(database)));
  const { leaseSeconds, settleSeconds } = pace;
  return ReplicaActions.create({
    store,
    owner,
    leaseSeconds,
    now: Date.now,
    parts: createParts({
      store,
      writer: await createWriter(apiServer, undefined, pace.requestMs),
      owner,
      settleSeconds,
      leaseSeconds,
      now: Date.now,
      elapsed: () => performance.now() * pace.speed,
    }),
  });
}

let actions: Promise<ReplicaActions> | undefined;
/** Rounds do not overlap, as in the plugin. */
const busy = new Set<string>();

process.on('message', async (order: ReplicaOrder) => {
  if (order.is === 'start') {
    actions = start(order);
    return;
  }
  try {
    await run(order);
  } catch {
    // Its requester's business, or the next round's.
  }
  // Who takes the place of a killed one finds it compiled.
  if (order.id === 1) flushCompileCache();
  process.send?.({ done: order.id });
});

async function run(order: Extract<ReplicaOrder, { is: 'do' }>): Promise<void> {
  const replica = await actions;
  if (order.action === 'submit' || order.action === 'schedule') {
    await replica?.[order.action](order.change);
    return;
  }
  const { action } = order;
  if (busy.has(action)) return;
  busy.add(action);
  await replica?.[action]().finally(() => busy.delete(action));
}
