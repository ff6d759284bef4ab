import { flushCompileCache } from 'node:module';
import knexFactory from 'knex';
import { injectSqlFault } from './injectSqlFault';
import { openOptions } from './openOptions';
import { runApply } from './journeys/runApply';
import { runProposal } from './journeys/runProposal';
import { runRefusal } from './journeys/runRefusal';
import type { ChildOrder, CrashReport, CrashTask } from './types';

/** One journey with one fault, with connections of its own: what a fault broke ends with it. */
async function run(task: CrashTask): Promise<CrashReport> {
  const knex = knexFactory(openOptions(task.database));
  const { statements, release } = injectSqlFault(knex, task.fault);
  let error: string | undefined;
  try {
    await travel(task, knex);
  } catch (caught) {
    error = caught instanceof Error ? caught.name : String(caught);
  }
  release();
  await knex.destroy();
  return { statements: [...statements], error };
}

function travel(task: CrashTask, knex: Parameters<typeof runApply>[1]) {
  switch (task.journey) {
    case 'apply':
      return runApply(task, knex);
    case 'propose':
      return runProposal(task, knex);
    default:
      return runRefusal(task, knex);
  }
}

process.on('message', async (order: ChildOrder) => {
  if (order.is !== 'task') return;
  const report = await run(order.task);
  // The next children find it compiled; who is killed leaves nothing.
  if (!order.task.fault) flushCompileCache();
  process.send?.({ is: 'done', ...report });
});
