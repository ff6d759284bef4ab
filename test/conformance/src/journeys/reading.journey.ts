import { eventually } from './eventually';
import { setting } from './sharedSetting';
import { CATALOG, countReviews, keepCatalogAsking } from './shifting';
import { expectShares } from './expectShares';
import { REVIEWS, REVIEWS_ROUTE } from './types';

/** Of misspelt.catalog.yaml. */
const MISSPELT = 'component:default/misspelt';

describe('What the owner of a component reads', () => {
  it('finds the workloads of an entity and says why, and what nearly matched', async () => {
    const mira = setting().portal.as('mira.kovac');
    const { match } = await mira.getComponentMesh(REVIEWS);
    expect(match.workloads.map(({ name, version }) => [name, version])).toEqual(
      [
        ['reviews-v1', 'v1'],
        ['reviews-v2', 'v2'],
        ['reviews-v3', 'v3'],
      ],
    );
    for (const { why, podsReady, podsDesired } of match.workloads) {
      expect(why).toBe(
        'label app=reviews from annotation backstage.io/kubernetes-label-selector',
      );
      expect([podsReady > 0, podsReady]).toEqual([true, podsDesired]);
    }
    expect(match.services).toMatchObject([
      { name: 'reviews', host: 'reviews.catalog.svc.cluster.local' },
    ]);
    expect(match.nearMisses).toEqual([]);

    const slip = await mira.getComponentMesh(MISSPELT);
    expect(slip.match.workloads).toEqual([]);
    expect(slip.match.nearMisses).toEqual(
      ['reviews-v1', 'reviews-v2', 'reviews-v3'].map(name =>
        expect.objectContaining({
          name,
          whyNot: 'label app is `reviews`, the entity asks for `review`',
        }),
      ),
    );
    expect(slip.health).toBeUndefined();
  });

  it('shows the split as configured, as observed, and as requests are answered', async () => {
    const { world, portal } = setting();
    const mira = portal.as('mira.kovac');
    const traffic = await keepCatalogAsking(world);
    try {
      const counts = await countReviews(world, {
        expectVersions: ['v1', 'v2'],
      });
      expectShares(counts, { v1: 0.8, v2: 0.2 });
      const { answer } = await eventually(
        () => mira.getComponentMesh(REVIEWS, { window: '1m' }),
        ({ split, health }) =>
          split?.comparison.verdict === 'inLine' &&
          health?.status === 'healthy',
        { withinMs: 90_000, what: 'The split is in line, reviews healthy' },
      );
      const route = answer.split!.routes.find(
        ({ id }) => id === answer.split!.primaryRouteId,
      )!;
      expect(route.object).toMatchObject({
        kind: 'VirtualService',
        name: 'reviews',
      });
      expect(
        route.destinations.map(({ key, configured }) => [key, configured]),
      ).toEqual([
        ['v1', 0.8],
        ['v2', 0.2],
        ['v3', 0],
      ]);
      for (const { configured, observed } of route.destinations) {
        expect(Math.abs((observed ?? 1) - configured)).toBeLessThan(0.08);
      }
      expect(
        answer.neighbours.find(
          ({ direction, name }) => direction === 'caller' && name === 'catalog',
        ),
      ).toMatchObject({
        namespace: CATALOG.namespace,
        kind: 'workload',
        outsideMesh: false,
        status: 'healthy',
      });
    } finally {
      await traffic.stop();
    }
  });

  it('hears of a change made with kubectl without being asked', async () => {
    const { world, portal } = setting();
    const mira = portal.as('mira.kovac');
    const before = await world.read(REVIEWS_ROUTE);
    const heard = new Set<string>();
    const stream = new AbortController();
    const following = mira.subscribe({
      signal: stream.signal,
      onEvent: ({ entityRefs }) => entityRefs.forEach(ref => heard.add(ref)),
    });
    try {
      // A first change until the stream is open, which nothing else tells.
      await eventually(
        async () => {
          await world.patch(REVIEWS_ROUTE, [
            {
              op: 'add',
              path: '/metadata/annotations/shop.example~1touched',
              value: `${Date.now()}`,
            },
          ]);
          return heard;
        },
        refs => refs.has(REVIEWS),
        {
          withinMs: 60_000,
          what: 'The stream is open',
          everyMs: 1_000,
          show: refs => [...refs],
        },
      );
      heard.clear();
      await world.patch(REVIEWS_ROUTE, [
        { op: 'replace', path: '/spec/http/0/route/0/weight', value: 55 },
        { op: 'replace', path: '/spec/http/0/route/1/weight', value: 45 },
      ]);
      // Asked anew only when told: a word about the first change may still be on its way.
      const { answer } = await eventually(
        async () => {
          if (!heard.delete(REVIEWS)) return undefined;
          const { split } = await mira.getComponentMesh(REVIEWS);
          return split?.routes
            .find(({ id }) => id === split.primaryRouteId)
            ?.destinations.map(({ weight }) => weight);
        },
        weights => weights?.[0] === 55,
        { withinMs: 10_000, what: 'The change is heard of', everyMs: 20 },
      );
      expect(answer).toEqual([55, 45, 0]);
    } finally {
      stream.abort();
      await following;
      await world.patch(REVIEWS_ROUTE, [
        { op: 'replace', path: '/spec', value: before.spec },
        {
          op: 'remove',
          path: '/metadata/annotations/shop.example~1touched',
        },
      ]);
    }
  });
});
