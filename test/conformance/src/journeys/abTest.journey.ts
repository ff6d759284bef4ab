import type { IntentOf } from '@istio-backstage/plugin-istio-common';
import { readWorld } from '../world/WorldHandle';
import { eventually } from './eventually';
import { expectShares } from './expectShares';
import { setting } from './sharedSetting';
import { countReviews, keepCatalogAsking, revert, weightsIn } from './shifting';
import { REVIEWS, REVIEWS_ROUTE } from './types';

type Test = IntentOf<'abTest'>['params'];

describe('A/B tests through the portal', () => {
  /** Preview and submit as Mira, as the dialog does. */
  async function start(
    test: Pick<Test, 'arms'> & Partial<Test>,
    reason: string,
  ) {
    const { world, portal } = setting();
    const mira = portal.as('mira.kovac');
    const intent = {
      type: 'abTest' as const,
      params: {
        clusters: [world.clusters[0].name],
        namespace: 'catalog',
        service: 'reviews',
        route: {
          kind: 'VirtualService' as const,
          namespace: 'catalog',
          name: 'reviews',
          fieldPath: 'http[0]',
        },
        otherArms: 'end' as const,
        ...test,
      },
    };
    // The portal learns who owns the callers after its start; until then nobody's approval would do.
    const { answer: preview } = await eventually(
      () => mira.previewChange({ entityRef: REVIEWS, intent }),
      ({ approvals = [] }) => approvals.length === 0,
      {
        withinMs: 60_000,
        what: 'The test needs no approval',
        show: ({ callers, guardrails }) => ({ callers, guardrails }),
      },
    );
    expect(preview.apply).toEqual({ allowed: true, reasons: [] });
    expect(preview.dryRun).toMatchObject([
      { result: 'accepted', istioWebhook: 'tookPart' },
    ]);
    const change = await mira.submitChange({
      entityRef: REVIEWS,
      intent,
      planHash: preview.plan.hash,
      reason,
    });
    expect(change.state).toBe('applied');
    return { mira, change };
  }

  it('sends a caller to its version, sees it, and takes it back', async () => {
    const { world, figures } = setting();
    const before = await world.read(REVIEWS_ROUTE);
    const traffic = await keepCatalogAsking(world);
    try {
      const { mira, change } = await start(
        {
          arms: [
            {
              who: [[{ by: 'sourceWorkload', labels: { app: 'catalog' } }]],
              version: 'v3',
            },
          ],
        },
        'Catalog tries v3',
      );
      const counts = await countReviews(world, { expectVersions: ['v3'] });
      figures.push(
        `caller app=catalog to v3, ${expectShares(counts, { v3: 1 })}`,
      );
      const { answer } = await eventually(
        () => mira.getChange(change.id),
        ({ state }) => state === 'verified',
        { withinMs: 120_000, what: 'The test is verified' },
      );
      expect(answer.events.map(({ text }) => text).at(-1)).toMatch(
        /requests of caller with app=catalog went to v3/,
      );
      await revert(mira, { id: change.id, reason: 'End of the test' });
      expect((await world.read(REVIEWS_ROUTE)).spec).toEqual(before.spec);
      const again = await countReviews(world, { expectVersions: ['v1', 'v2'] });
      figures.push(
        `80/20 after the test, ${expectShares(again, { v1: 0.8, v2: 0.2 })}`,
      );
    } finally {
      await traffic.stop();
    }
  });

  // The sandbox's traffic carries no headers of one's own.
  if (readWorld().kind !== 'lab') return;

  it('tells requests apart by header and cookie, and shares out the others', async () => {
    const { world, figures } = setting();
    const { mira, change } = await start(
      {
        arms: [
          {
            who: [
              [{ by: 'header', name: 'x-beta', op: 'exact', value: 'yes' }],
            ],
            version: 'v3',
          },
        ],
        sticky: { cookie: 'ab', maxAge: 600 },
      },
      'Beta users get v3',
    );
    const count = async (
      words: string,
      headers: Record<string, string> | undefined,
      shares: Record<string, number>,
    ) => {
      const counts = await countReviews(world, {
        expectVersions: Object.keys(shares),
        headers,
      });
      figures.push(`${words}, ${expectShares(counts, shares)}`);
    };
    await count('with x-beta: yes', { 'x-beta': 'yes' }, { v3: 1 });
    await count('with x-beta: no', { 'x-beta': 'no' }, { v1: 0.8, v2: 0.2 });
    await count('without', undefined, { v1: 0.8, v2: 0.2 });
    await count('cookie ab=v2', { cookie: 'a=1; ab=v2; z=9' }, { v2: 1 });
    await count('cookie ab=v1', { cookie: 'ab=v1' }, { v1: 1 });
    await count(
      'cookie of no version',
      { cookie: 'ab=v22' },
      { v1: 0.8, v2: 0.2 },
    );
    await revert(mira, { id: change.id, reason: 'End of the test' });
    expect(await weightsIn(world)).toEqual([80, 20, 0]);
  });
});
