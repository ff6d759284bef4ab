import type { JourneySetting } from './JourneySetting';
import { openProductWorld } from './openProductWorld';
import { startPortal } from './startPortal';

/**
 * Opens the run's world with a portal in front of it for the tests of a describe block, and prints what
 * they measured when they are done.
 */
export function useSetting(
  options: { clusters: 1 | 2 } = { clusters: 1 },
): () => JourneySetting {
  let setting: JourneySetting | undefined;
  const close: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    const world = await openProductWorld();
    close.push(() => world.close());
    const portal = await startPortal(world.clusters.slice(0, options.clusters));
    close.push(() => portal.stop());
    setting = { world, portal, figures: [] };
  }, 300_000);

  afterAll(async () => {
    setting?.figures.forEach(line => process.stdout.write(`  ${line}\n`));
    for (const end of close.reverse()) await end();
  });

  return () => {
    if (!setting) throw new Error('The portal did not start');
    return setting;
  };
}
