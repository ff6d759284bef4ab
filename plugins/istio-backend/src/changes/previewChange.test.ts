import { REVIEWS } from './__testUtils__/ChangeHarness';
import { shiftReviews } from './__testUtils__/shiftReviews';
import { useMesh } from './__testUtils__/useMesh';
import { waitFor } from '../clusters/testing/waitFor';

jest.setTimeout(30_000);

describe('previewing a change', () => {
  const open = useMesh();

  it('says what would happen, as whom, and that the clusters accept it', async () => {
    const { harness, mesh } = await open({ clusters: ['prod-eu', 'prod-us'] });
    const preview = await harness.service.preview(
      {
        entityRef: REVIEWS,
        intent: shiftReviews([70, 30, 0], ['prod-eu', 'prod-us']),
      },
      harness.as('mira.kovac'),
    );
    expect(preview.title).toBe('reviews: v2 from 20 to 30 %');
    expect(preview.apply).toEqual({ allowed: true, reasons: [] });
    expect(preview.actsAs).toEqual({
      user: 'mira.kovac',
      groups: ['catalog-team'],
    });
    expect(
      preview.versions.map(({ key, before, after }) => [key, before, after]),
    ).toEqual([
      ['v1', 0.8, 0.7],
      ['v2', 0.2, 0.3],
      ['v3', 0, 0],
    ]);
    expect(
      preview.dryRun.map(({ cluster, result, istioWebhook }) => [
        cluster,
        result,
        istioWebhook,
      ]),
    ).toEqual([
      ['prod-eu', 'accepted', 'tookPart'],
      ['prod-us', 'accepted', 'tookPart'],
    ]);
    expect(preview.callers).toEqual([
      expect.objectContaining({
        ownerRef: 'group:default/storefront-team',
        yours: false,
      }),
    ]);
    expect(mesh.writes).toEqual([]);
    expect(mesh.weights('prod-eu')).toEqual([80, 20, 0]);
    const lines = preview.plan.operations[0].diff.map(
      ({ kind, text }) => `${kind} ${text.trim()}`,
    );
    expect(lines).toEqual(
      expect.arrayContaining(['removed weight: 80', 'added weight: 70']),
    );
  });

  it('says why it may not be applied when the cluster forbids it', async () => {
    const { harness } = await open();
    const preview = await harness.service.preview(
      { entityRef: REVIEWS, intent: shiftReviews([70, 30, 0]) },
      harness.as('vera.lind'),
    );
    expect(preview.apply.allowed).toBe(false);
    expect(preview.apply.reasons[0]).toMatch(
      /^vera\.lind may not patch VirtualService catalog\/reviews in prod-eu/,
    );
    expect(preview.dryRun).toMatchObject([{ result: 'refused' }]);
  });

  it('repeats what the validation of the cluster says', async () => {
    const { harness, mesh } = await open();
    mesh.admission = {
      judged: true,
      errors: ['the route is not to my liking'],
      warnings: [],
    };
    const preview = await harness.service.preview(
      { entityRef: REVIEWS, intent: shiftReviews([70, 30, 0]) },
      harness.as('mira.kovac'),
    );
    expect(preview.apply.allowed).toBe(false);
    expect(preview.apply.reasons.join()).toContain('not to my liking');
    expect(preview.dryRun).toMatchObject([
      { result: 'refused', message: expect.stringContaining('liking') },
    ]);
  });

  it('says so when nothing would change', async () => {
    const { harness } = await open();
    const preview = await harness.service.preview(
      { entityRef: REVIEWS, intent: shiftReviews([80, 20, 0]) },
      harness.as('mira.kovac'),
    );
    expect(preview.apply).toEqual({
      allowed: false,
      reasons: ['It is so already, nothing would change'],
    });
  });

  it('reads the objects live, past caches that lag', async () => {
    const { harness, mesh } = await open();
    mesh.reader.stop();
    await mesh.editElsewhere('prod-eu', [50, 50, 0]);
    const preview = await harness.service.preview(
      { entityRef: REVIEWS, intent: shiftReviews([70, 30, 0]) },
      harness.as('mira.kovac'),
    );
    expect(preview.plan.operations[0].base?.resourceVersion).toBe(
      mesh.route('prod-eu')?.metadata.resourceVersion,
    );
    expect(preview.versions.find(({ key }) => key === 'v2')?.before).toBe(0.5);
  });

  it('counts what is observed from the last change of the route on', async () => {
    const { harness, mesh } = await open();
    harness.telemetry.requestsSince = { v1: 50, v2: 50 };
    await mesh.editElsewhere('prod-eu', [50, 50, 0]);
    const observed = async () => {
      const preview = await harness.service.preview(
        { entityRef: REVIEWS, intent: shiftReviews([70, 30, 0]) },
        harness.as('mira.kovac'),
      );
      return preview.versions.find(({ key }) => key === 'v2')?.observed;
    };
    // Too few scrapes so far: not what the route before did.
    expect(await observed()).toBeUndefined();
    await waitFor(async () => expect(await observed()).toBe(0.5));
  });

  it('answers 503 for a cluster that does not answer', async () => {
    const { harness, mesh } = await open();
    mesh.cluster('prod-eu').faults.setState('dead');
    await expect(
      harness.service.preview(
        { entityRef: REVIEWS, intent: shiftReviews([70, 30, 0]) },
        harness.as('mira.kovac'),
      ),
    ).rejects.toMatchObject({ name: 'ServiceUnavailableError' });
  });

  it.each([
    [
      'a Service of another component',
      { service: 'ratings' },
      'NotAllowedError',
      /^Service catalog\/ratings in prod-eu does not belong to component:default\/reviews$/,
    ],
    [
      'a cluster that is not configured',
      { clusters: ['mars'] },
      'InputError',
      /^intent\.params\.clusters\[0\]: mars is not a configured cluster; allowed: prod-eu$/,
    ],
    [
      'a cluster twice',
      { clusters: ['prod-eu', 'prod-eu'] },
      'InputError',
      /names prod-eu twice/,
    ],
    [
      'a route that is not the component’s',
      {
        route: {
          kind: 'VirtualService' as const,
          namespace: 'catalog',
          name: 'payments',
          fieldPath: 'http[0]',
        },
      },
      'NotAllowedError',
      /is not a route of component:default\/reviews/,
    ],
    [
      'a version that does not exist',
      {
        weights: [
          { key: 'v1', weight: 70 },
          { key: 'v2', weight: 20 },
          { key: 'v9', weight: 10 },
        ],
      },
      'InputError',
      /^intent\.params\.weights\[2\]\.key: /,
    ],
  ])('refuses %s', async (_, params, name, message) => {
    const { harness } = await open();
    const intent = shiftReviews([70, 30, 0]);
    await expect(
      harness.service.preview(
        {
          entityRef: REVIEWS,
          intent: { ...intent, params: { ...intent.params, ...params } },
        },
        harness.as('mira.kovac'),
      ),
    ).rejects.toMatchObject({
      name,
      message: expect.stringMatching(message),
    });
  });

  it('shows entities that do not exist, or not to this user, to nobody', async () => {
    const { harness } = await open();
    const intent = shiftReviews([70, 30, 0]);
    await expect(
      harness.service.preview(
        { entityRef: 'component:default/secret', intent },
        harness.as('mira.kovac'),
      ),
    ).rejects.toMatchObject({ name: 'NotFoundError' });
    await expect(
      harness.service.preview(
        { entityRef: 'reviews', intent },
        harness.as('mira.kovac'),
      ),
    ).rejects.toMatchObject({ name: 'InputError' });
  });
});
