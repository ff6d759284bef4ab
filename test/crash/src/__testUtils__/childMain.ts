import { flushCompileCache } from 'node:module';
import knexFactory from 'knex';
import { injectSqlFault } from './injectSqlFault';
import { openOptions } from './openOptions';
import { runApply } from './journeys/runApply';
import { runRefusal } from './journeys/runRefusal';
import type { CrashReport, CrashTask } from './types';

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
  return task.journey === 'apply'
    ? runApply(task, knex)
    : runRefusal(task, knex);
}

process.on('message', async (task: CrashTask) => {
  const report = await run(task);
  // The next children find it compiled; who is killed leaves nothing.
  if (!task.fault) flushCompileCache();
  process.send?.({ is: 'done', ...report });
});
