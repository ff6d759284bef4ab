import { availableParallelism, loadavg } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { AnalyzedPart, Helpers } from './types';

/** Each holds the whole mesh in memory. */
const MAX_HELPERS = 2;

/**
 * Programs that wait for each processor, from which on a helper is none: what every thread reads for itself then
 * costs more time than it saves.
 */
const BUSY = 2;

/** Helpers that run this program once more: `program` is its file, and gets a `[task, thread]` as its data. */
export function workerHelpers(program: string): Helpers {
  const processors = availableParallelism();
  const [load] = loadavg();
  return {
    count: load > BUSY * processors ? 0 : Math.min(processors - 1, MAX_HELPERS),
    start: (task, thread) => {
      const worker = new Worker(program, { workerData: [task, thread] });
      const done = new Promise<readonly AnalyzedPart[]>(resolve => {
        worker.on('message', resolve);
        // Whatever it was, the work is done without it.
        worker.on('error', () => resolve([]));
        worker.on('exit', () => resolve([]));
      });
      return { done, stop: () => void worker.terminate() };
    },
  };
}
