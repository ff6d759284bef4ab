import type { KubeObject } from '@istio-backstage/plugin-istio-common';
import type { Knex } from 'knex';
import { buildIntentRecord } from '../../../../../plugins/istio-backend/src/changes/buildIntentRecord';
import { createStore } from '../createParts';
import { createProposalParts } from '../createProposalParts';
import type { ChildOrder, CrashTask, OutsideStep } from '../types';

/** Records a change that goes through Git, proposes it, and follows it to merged and applied. */
export async function runProposal(
  task: Extract<CrashTask, { journey: 'propose' }>,
  knex: Knex,
): Promise<void> {
  const { change, owner, git } = task;
  const store = createStore(knex);
  const live = { objects: task.objects };
  const { proposals, follower } = createProposalParts({
    store,
    owner,
    git,
    objects: () => live.objects,
  });
  await store.insert({
    change,
    locks: [],
    lease: { owner, seconds: 60 },
    entries: [buildIntentRecord({ change, dryRun: [], at: Date.now() })],
  });
  await proposals.advance(change.id);
  for (const step of ['merge', 'sync'] as const) {
    live.objects = await happens(step);
    await follower.run();
  }
}

/** Waits for others; what the watches show then. */
function happens(step: OutsideStep): Promise<KubeObject[]> {
  return new Promise(resolve => {
    const hear = (order: ChildOrder) => {
      if (order.is !== 'happened') return;
      process.off('message', hear);
      resolve(order.objects);
    };
    process.on('message', hear);
    process.send?.({ is: 'waiting', for: step });
  });
}
