import type { JourneySetting } from './JourneySetting';
import { openProductWorld } from './openProductWorld';
import { startPortal } from './startPortal';
import { REVIEWS_ROUTE, type KubernetesObject } from './types';

/**
 * Opens the run's world with a portal in front of it for the tests of a describe block, or outside of one
 * for those of the whole file, and prints what they measured when they are done.
 */
export function useSetting(
  options: { clusters: 1 | 2 } = { clusters: 1 },
): () => JourneySetting {
  let setting: JourneySetting | undefined;
  let usual: KubernetesObject['spec'] | undefined;
  const close: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    const world = await openProductWorld();
    close.push(() => world.close());
    usual = (await world.read(REVIEWS_ROUTE)).spec;
    const portal = await startPortal(world.clusters.slice(0, options.clusters));
    close.push(() => portal.stop());
    setting = { world, portal, figures: [] };
  }, 300_000);

  // A journey that fails on its way must not take the next ones with it.
  afterEach(async () => {
    if (!setting) return;
    const { spec } = await setting.world.read(REVIEWS_ROUTE);
    if (JSON.stringify(spec) === JSON.stringify(usual)) return;
    await setting.world.patch(REVIEWS_ROUTE, [
      { op: 'replace', path: '/spec', value: usual },
    ]);
  });

  afterAll(async () => {
    setting?.figures.forEach(line => process.stdout.write(`  ${line}\n`));
    for (const end of close.reverse()) await end();
  });

  return () => {
    if (!setting) throw new Error('The portal did not start');
    return setting;
  };
}
