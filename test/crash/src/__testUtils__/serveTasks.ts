import { flushCompileCache } from 'node:module';
import knexFactory, { type Knex } from 'knex';
import { injectSqlFault } from './injectSqlFault';
import { openOptions } from './openOptions';
import type { CrashReport, CrashTask } from './types';

type Travel<T extends CrashTask> = (task: T, knex: Knex) => Promise<void>;

/** Makes this process a child of the matrix: it takes one task after another until one kills it. */
export function serveTasks<T extends CrashTask>(travel: Travel<T>): void {
  process.on('message', async (task: T) => {
    const report = await run(task, travel);
    // The next children find it compiled; who is killed leaves nothing.
    if (!task.fault) flushCompileCache();
    process.send?.({ is: 'done', ...report });
  });
}

/** One journey with one fault, with connections of its own: what a fault broke ends with it. */
async function run<T extends CrashTask>(
  task: T,
  travel: Travel<T>,
): Promise<CrashReport> {
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
