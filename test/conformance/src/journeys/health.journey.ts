import type { Sentence } from '@istio-backstage/plugin-istio-common';
import { eventually } from './eventually';
import { setting } from './sharedSetting';
import { keepCatalogAsking, revert, shift, weightsIn } from './shifting';
import { REVIEWS } from './types';

const V3 = { namespace: 'catalog', workload: 'reviews-v3' };

const textOf = (sentence: Sentence | undefined) =>
  (sentence ?? []).map(({ text }) => text).join('');

describe('A broken release', () => {
  it('turns to failing within 60 s of a broken version, and healthy again after the revert', async () => {
    const { world, portal, figures } = setting();
    const [{ name: cluster }] = world.clusters;
    const mira = portal.as('mira.kovac');
    const read = () => mira.getComponentMesh(REVIEWS, { window: '1m' });
    const traffic = await keepCatalogAsking(world);
    try {
      await eventually(read, ({ health }) => health?.status === 'healthy', {
        withinMs: 120_000,
        what: 'Healthy before',
        show: ({ health }) => health,
      });
      await world.failVersion({ ...V3, share: 1 });
      const { change } = await shift(mira, {
        cluster,
        // Below the step that waits for the approval of those who call it.
        weights: [60, 20, 20],
        reason: 'First traffic for v3',
      });
      expect(change.state).toBe('applied');
      const { answer, tookMs } = await eventually(
        read,
        ({ health }) => health?.status === 'failing',
        { withinMs: 60_000, what: 'Failing after a broken version' },
      );
      expect(tookMs).toBeLessThan(60_000);
      figures.push(
        `Failing ${Math.round(
          tookMs / 1000,
        )} s after the shift to a broken version`,
      );
      expect(textOf(answer.health!.cause)).toMatch(
        /^Failing: \d+\.\d % of requests from (catalog|storefront) fail with 503/,
      );
      expect(textOf(answer.health!.detail)).toMatch(
        /failures came from v3; v1(, | and )v2 had none/,
      );
      expect(answer.recentChanges.map(({ id }) => id)).toContain(change.id);

      const back = await revert(mira, { id: change.id, reason: 'v3 fails' });
      expect(back.state).toBe('applied');
      expect(await weightsIn(world)).toEqual([80, 20, 0]);
      const mended = await eventually(
        read,
        ({ health }) => health?.status === 'healthy',
        {
          withinMs: 150_000,
          what: 'Healthy again after the revert',
          show: ({ health }) => health,
        },
      );
      figures.push(
        `Healthy ${Math.round(mended.tookMs / 1000)} s after the revert`,
      );
    } finally {
      await world.failVersion({ ...V3, share: 0 });
      await traffic.stop();
    }
  });
});
