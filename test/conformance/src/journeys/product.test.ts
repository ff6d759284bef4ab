import { changingJourneys } from './changingJourneys';
import { clusterJourneys } from './clusterJourneys';
import { encryptionJourneys } from './encryptionJourneys';
import { healthJourneys } from './healthJourneys';
import type { JourneySetting } from './JourneySetting';
import { openProductWorld } from './openProductWorld';
import { readingJourneys } from './readingJourneys';
import { startPortal } from './startPortal';

jest.setTimeout(300_000);

describe(`the product in the ${
  process.env.CONFORMANCE_WORLD ?? 'sandbox'
}`, () => {
  let setting: JourneySetting;
  const close: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    const world = await openProductWorld();
    close.push(() => world.close());
    const portal = await startPortal(world.clusters.slice(0, 1));
    close.push(() => portal.stop());
    setting = { world, portal };
  });
  afterAll(async () => {
    for (const end of close.reverse()) await end();
  });

  describe('reading', () => readingJourneys(() => setting));
  describe('changing', () => changingJourneys(() => setting));
  describe('health', () => healthJourneys(() => setting));
  describe('encryption', () => encryptionJourneys(() => setting));
  describe('clusters', () => clusterJourneys(() => setting));
});
