import { setTimeout as pause } from 'node:timers/promises';
import type { BenchWorld } from '../world/BenchWorld';

/** So many components, of different namespaces, take turns. */
const CHANGING = 20;

/**
 * Gives a function that runs `work` in a busy cluster: all the while pods become ready and unready. It
 * throws Error when a change is refused.
 */
export function createPodChurn(options: {
  world: BenchWorld;
  perSecond: number;
}): <T>(work: () => Promise<T>) => Promise<T> {
  const { world, perSecond } = options;
  // Those with two versions are left as they are, for the measure of events.
  const simple = world.components.filter(one => one.workloads.length === 1);
  const step = Math.floor(simple.length / CHANGING);
  // Goes on where the last run ended: each change must be one.
  let turn = 0;
  const change = async () => {
    const { namespace, workloads } = simple[(turn % CHANGING) * step];
    const [{ name: workload, pods }] = workloads;
    const ready = pods - 1 + (Math.floor(turn / CHANGING) % 2);
    turn += 1;
    await world.sandbox.send({
      method: 'POST',
      path: '/sandbox/world',
      body: { changes: [{ type: 'readiness', namespace, workload, ready }] },
    });
  };
  return async work => {
    let isDone = false;
    const changes = (async () => {
      while (!isDone) {
        await change();
        await pause(1_000 / perSecond);
      }
    })();
    const [result] = await Promise.all([
      work().finally(() => {
        isDone = true;
      }),
      changes,
    ]);
    return result;
  };
}
