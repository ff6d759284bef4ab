import { eventually } from './eventually';
import { expectShares } from './expectShares';
import { setting } from './sharedSetting';
import {
  countReviews,
  keepCatalogAsking,
  revert,
  shift,
  shiftReviews,
  weightsIn,
} from './shifting';
import { REVIEWS, REVIEWS_ROUTE, type KubernetesObject } from './types';

/** What people wrote: without the portal's own annotations and what the server owns. */
function written({ metadata, spec }: KubernetesObject) {
  const annotations = Object.entries(metadata.annotations ?? {}).filter(
    ([key]) => !key.startsWith('istio-portal.dev/'),
  );
  return { spec, labels: metadata.labels, annotations };
}

describe('Changes through the portal', () => {
  it('moves 20 % with preview and record, sees it in traffic, and takes it back', async () => {
    const { world, portal, figures } = setting();
    const [{ name: cluster }] = world.clusters;
    const mira = portal.as('mira.kovac');
    const before = await world.read(REVIEWS_ROUTE);
    const traffic = await keepCatalogAsking(world);
    try {
      const { preview, change } = await shift(mira, {
        cluster,
        weights: [80, 0, 20],
        reason: 'v3 in the place of v2',
        ticket: 'CAT-219',
      });
      expect(preview.apply).toEqual({ allowed: true, reasons: [] });
      expect(preview.versions.map(({ key, after }) => [key, after])).toEqual([
        ['v1', 0.8],
        ['v2', 0],
        ['v3', 0.2],
      ]);
      expect(preview.dryRun).toMatchObject([
        { result: 'accepted', istioWebhook: 'tookPart' },
      ]);
      expect(preview.actsAs?.user).toBe('mira.kovac');
      expect(change.state).toBe('applied');
      expect(await weightsIn(world)).toEqual([80, 0, 20]);
      const held = await world.read(REVIEWS_ROUTE);
      expect(held.metadata.annotations).toMatchObject({
        'istio-portal.dev/change-id': change.id,
      });

      const counts = await countReviews(world, {
        expectVersions: ['v1', 'v3'],
      });
      figures.push(
        `80/0/20 after the shift, ${expectShares(counts, {
          v1: 0.8,
          v3: 0.2,
        })}`,
      );
      const verified = await eventually(
        () => mira.getChange(change.id),
        ({ state }) => state === 'verified',
        { withinMs: 120_000, what: 'The shift is verified' },
      );
      const words = verified.answer.events.map(({ text }) => text).at(-1);
      figures.push(`The record says: ${words}`);

      const { items } = await mira.listChanges({ entityRef: REVIEWS });
      // What another journey did past the portal may be told between them.
      expect(items.find(({ id }) => id === change.id)).toMatchObject({
        reason: 'v3 in the place of v2',
        ticket: 'CAT-219',
        requestedBy: { entityRef: 'user:default/mira.kovac' },
        actsAs: { user: 'mira.kovac' },
        operations: [
          { outcome: 'applied', status: 200, auditId: expect.any(String) },
        ],
      });

      const back = await revert(mira, {
        id: change.id,
        reason: 'End of the exercise',
      });
      expect(back.state).toBe('applied');
      const after = await world.read(REVIEWS_ROUTE);
      expect(written(after)).toEqual(written(before));
      const again = await countReviews(world, {
        expectVersions: ['v1', 'v2'],
      });
      figures.push(
        `80/20/0 after the revert, ${expectShares(again, {
          v1: 0.8,
          v2: 0.2,
        })}`,
      );
      expect((await mira.getChange(change.id)).state).toBe('reverted');
    } finally {
      await traffic.stop();
    }
  });

  it('tells the second of two people, and loses nothing', async () => {
    const { world, portal } = setting();
    const [{ name: cluster }] = world.clusters;
    const [mira, paul] = [portal.as('mira.kovac'), portal.as('paul.adeyemi')];
    const intent = shiftReviews([cluster], [70, 30, 0]);
    const seen = await mira.previewChange({ entityRef: REVIEWS, intent });
    const { change } = await shift(paul, {
      cluster,
      weights: [60, 20, 20],
      reason: 'First traffic for v3',
    });
    expect(change.state).toBe('applied');
    const submit = (planHash: string) =>
      mira.submitChange({
        entityRef: REVIEWS,
        intent,
        planHash,
        reason: 'Next canary step',
      });
    await expect(submit(seen.plan.hash)).rejects.toMatchObject({
      statusCode: 409,
      cause: { name: 'ConflictError' },
    });
    expect(await weightsIn(world)).toEqual([60, 20, 20]);

    // Seen anew it goes through, and then the first one's way back would lose it.
    const again = await mira.previewChange({ entityRef: REVIEWS, intent });
    expect(again.versions.map(({ before }) => before)).toEqual([0.6, 0.2, 0.2]);
    const mine = await submit(again.plan.hash);
    expect(mine.state).toBe('applied');
    await expect(
      revert(paul, { id: change.id, reason: 'Back' }),
    ).rejects.toMatchObject({ statusCode: 409 });
    expect(await weightsIn(world)).toEqual([70, 30, 0]);
    await revert(mira, { id: mine.id, reason: 'Back' });
    // The watch tells the portal that the route is what it was after the first change.
    await eventually(
      () => paul.getChange(change.id),
      ({ revert: first }) => first.possible,
      { withinMs: 20_000, what: 'The first change can be taken back' },
    );
    await revert(paul, { id: change.id, reason: 'Back' });
    expect(await weightsIn(world)).toEqual([80, 20, 0]);
  });

  it('refuses who may not, in the portal and in the cluster, and records it', async () => {
    const { world, portal } = setting();
    const [{ name: cluster }] = world.clusters;
    const reason = `Try of a viewer at ${Date.now()}`;
    const vera = portal.as('vera.lind');
    expect((await vera.getEntityAccess(REVIEWS)).change.allowed).toBe(false);
    const attempt = {
      entityRef: REVIEWS,
      intent: shiftReviews([cluster], [0, 100, 0]),
      reason,
      planHash: '0'.repeat(64),
    };
    await expect(vera.submitChange(attempt)).rejects.toMatchObject({
      statusCode: 403,
    });
    expect(await weightsIn(world)).toEqual([80, 20, 0]);
    const { items } = await portal
      .as('mira.kovac')
      .listChanges({ entityRef: REVIEWS, search: reason });
    expect(items).toMatchObject([
      {
        state: 'denied',
        reason,
        requestedBy: { entityRef: 'user:default/vera.lind' },
      },
    ]);
    const changeOf = async (person: string) =>
      (await portal.as(person).getEntityAccess(REVIEWS)).change;
    expect(await changeOf('mira.kovac')).toMatchObject({
      allowed: true,
      clusters: [{ cluster, allowed: true }],
    });
    expect((await changeOf('jonas.weber')).allowed).toBe(false);
  });

  it('tells who owns the component that the cluster does not let them change it', async () => {
    const { world, portal } = setting();
    const [{ name: cluster }] = world.clusters;
    const binding =
      '/apis/rbac.authorization.k8s.io/v1/namespaces/catalog/rolebindings/catalog-team-routing';
    const { subjects } = (await world.read(binding)) as KubernetesObject & {
      subjects: object[];
    };
    const mira = portal.as('mira.kovac');
    const bind = (value: object[]) =>
      world.patch(binding, [{ op: 'replace', path: '/subjects', value }]);
    await bind([]);
    try {
      // Of a component whose answer the portal does not remember; an API server caches roles too.
      const { answer } = await eventually(
        () => mira.getEntityAccess('component:default/ratings'),
        ({ change }) => !change.allowed,
        { withinMs: 60_000, what: 'The cluster refuses the owner' },
      );
      expect(answer.change.reason).toMatch(/mira\.kovac/);
      const intent = shiftReviews([cluster], [70, 30, 0]);
      const preview = await mira.previewChange({ entityRef: REVIEWS, intent });
      expect(preview.apply.allowed).toBe(false);
      expect(preview.apply.reasons.join(' ')).toMatch(/mira\.kovac/);
      const reason = `Try of an owner at ${Date.now()}`;
      await expect(
        mira.submitChange({
          entityRef: REVIEWS,
          intent,
          planHash: preview.plan.hash,
          reason,
        }),
      ).rejects.toMatchObject({ statusCode: 403 });
      expect(await weightsIn(world)).toEqual([80, 20, 0]);
      const { items } = await mira.listChanges({
        entityRef: REVIEWS,
        search: reason,
      });
      expect(items).toMatchObject([
        {
          state: 'denied',
          requestedBy: { entityRef: 'user:default/mira.kovac' },
        },
      ]);
    } finally {
      await bind(subjects);
    }
  });
});
