import { waitFor } from '../clusters/testing/waitFor';
import type { ChangeHarness } from '../changes/__testUtils__/ChangeHarness';
import { useMesh } from '../changes/__testUtils__/useMesh';
import { begun, outside, quiet } from './__testUtils__/outside';

jest.setTimeout(30_000);

const ROUTES = 'virtualservices.networking.istio.io';

describe('changes that the portal did not make', () => {
  const openMesh = useMesh();

  /** A portal that has seen everything as it is. */
  async function open(options: Parameters<typeof openMesh>[0] = {}) {
    const opened = await openMesh(options);
    const { harness, knex } = opened;
    harness.drift = {};
    await harness.stop();
    await harness.open();
    harness.start();
    await begun(knex);
    return opened;
  }

  async function untilSeen(harness: ChangeHarness, count: number) {
    return waitFor(async () => {
      const items = await outside(harness);
      expect(items).toHaveLength(count);
      return items;
    });
  }

  it('records an edit once, with diff and who claims it, and reverts it through the pipeline', async () => {
    const { harness, mesh } = await open();
    const before = mesh.route('prod-eu')!;
    await mesh.editElsewhere('prod-eu', [50, 50, 0]);
    const [seen] = await untilSeen(harness, 1);
    expect(seen).toMatchObject({
      entityRef: 'component:default/reviews',
      intentType: 'external',
      state: 'outside',
      title:
        'reviews: VirtualService edited, spec.http[0].route[0].weight and 1 more',
      reason: '',
      external: {
        action: 'edited',
        claims: [{ manager: expect.any(String) }],
        generations: 1,
        hash: { before: expect.any(String), after: expect.any(String) },
        hidden: [],
      },
      events: [{ kind: 'seen', text: expect.stringContaining('(claimed)') }],
      revert: { possible: true },
    });
    expect(
      seen.operations[0].diff.filter(({ kind }) => kind !== 'context'),
    ).toContainEqual({ kind: 'removed', text: expect.stringContaining('80') });
    const [entry] = await harness.auditLog.list({ opIds: [seen.id] });
    expect(entry).toMatchObject({
      kind: 'externalChange',
      actor: 'system',
      target: 'component:default/reviews',
      payload: {
        object: { cluster: 'prod-eu', kind: 'VirtualService' },
        diff: expect.any(Array),
        to: {
          resourceVersion: mesh.route('prod-eu')?.metadata.resourceVersion,
        },
      },
    });

    const revert = await harness.revert(seen.id);
    expect(revert).toMatchObject({ state: 'applied', revertOf: seen.id });
    expect(mesh.route('prod-eu')?.spec).toEqual(before.spec);
    expect(await harness.get(seen.id)).toMatchObject({
      state: 'reverted',
      revertedBy: revert.id,
    });
    // What the portal wrote is not told as somebody else's.
    await quiet(harness, mesh);
    expect(await outside(harness)).toHaveLength(1);
  });

  it('is adopted with a reason, once, by who may change the component', async () => {
    const { harness, mesh } = await open();
    await mesh.editElsewhere('prod-eu', [50, 50, 0]);
    const [seen] = await untilSeen(harness, 1);
    const adopt = (by: string) =>
      harness.approvals.adopt(
        seen.id,
        { reason: 'Agreed in the incident', ticket: 'CAT-7' },
        harness.as(by),
      );
    harness.decide = (user, permission) =>
      user === 'mira.kovac' || permission === 'istio.audit.read';
    await expect(adopt('vera.lind')).rejects.toMatchObject({
      name: 'NotAllowedError',
    });
    expect(await adopt('mira.kovac')).toMatchObject({
      state: 'adopted',
      external: {
        adoption: {
          by: 'user:default/mira.kovac',
          reason: 'Agreed in the incident',
          ticket: 'CAT-7',
        },
      },
      revert: { possible: true },
    });
    await expect(adopt('mira.kovac')).rejects.toMatchObject({
      name: 'ConflictError',
    });
    const own = await harness.shift([60, 40, 0]);
    await expect(
      harness.approvals.adopt(
        own.id,
        { reason: 'Mine' },
        harness.as('mira.kovac'),
      ),
    ).rejects.toThrow('outside the portal');
    const kinds = (await harness.auditLog.list({ opIds: [seen.id] })).map(
      ({ kind }) => kind,
    );
    expect(kinds).toEqual(['externalChange', 'denied', 'adopted', 'conflict']);
  });

  it('sees a deletion and brings the object back, if what it refers to is still there', async () => {
    const { harness, mesh } = await open();
    const before = mesh.route('prod-eu')!;
    const { store } = mesh.cluster('prod-eu');
    store.remove(ROUTES, { namespace: 'catalog', name: 'reviews' });
    const [seen] = await untilSeen(harness, 1);
    expect(seen).toMatchObject({
      title: 'reviews: VirtualService deleted',
      external: { action: 'deleted', claims: [] },
    });
    const rule = store.remove('destinationrules.networking.istio.io', {
      namespace: 'catalog',
      name: 'reviews',
    })!;
    await untilSeen(harness, 2);
    await expect(
      harness.service.previewRevert(seen.id, harness.as('mira.kovac')),
    ).rejects.toThrow('subset');
    store.apply({
      ...rule,
      metadata: { name: 'reviews', namespace: 'catalog' },
    });
    const changes = await untilSeen(harness, 3);
    await harness.revert(seen.id);
    expect(mesh.route('prod-eu')?.spec).toEqual(before.spec);
    expect(changes.map(({ title }) => title)).toContain(
      'reviews: DestinationRule created',
    );
  });

  it('finds after a restart what was changed while no portal ran, and counts what it did not see', async () => {
    const { harness, mesh } = await open();
    await harness.stop();
    await mesh.editElsewhere('prod-eu', [50, 50, 0]);
    await mesh.editElsewhere('prod-eu', [40, 60, 0]);
    await mesh.editElsewhere('prod-eu', [30, 70, 0]);
    await harness.open();
    harness.start();
    const [seen] = await untilSeen(harness, 1);
    expect(seen.external?.generations).toBe(3);
    expect(seen.events[0].text).toContain('3 changes, 2 not seen');
  });

  it('misses nothing over a watch that has to list anew', async () => {
    const { harness, mesh } = await open();
    const cluster = mesh.cluster('prod-eu');
    cluster.faults.setState('dead');
    await mesh.editElsewhere('prod-eu', [50, 50, 0]);
    mesh.addHostElsewhere('prod-eu', 'reviews.example.com');
    cluster.store.remove('destinationrules.networking.istio.io', {
      namespace: 'catalog',
      name: 'reviews',
    });
    cluster.compact();
    cluster.faults.setState('up');
    const seen = await waitFor(async () => {
      const items = await outside(harness);
      expect(items).toHaveLength(2);
      return items;
    }, 15_000);
    expect(seen.map(({ title }) => title).sort()).toEqual([
      'reviews: DestinationRule deleted',
      expect.stringContaining('reviews: VirtualService edited'),
    ]);
  });

  it('records once what two replicas see, and nothing that the portal itself wrote', async () => {
    const { harness, mesh } = await open({ clusters: ['prod-eu', 'prod-us'] });
    const other = await harness.open();
    other.start();
    mesh.loseAnswer('prod-us');
    const clusters = ['prod-eu', 'prod-us'];
    await harness.shift([70, 30, 0], { clusters });
    mesh.failWrite('prod-us', 403);
    const undone = await harness.shift([60, 40, 0], { clusters });
    expect(undone.state).toBe('denied');
    expect(mesh.weights('prod-eu')).toEqual([70, 30, 0]);
    await mesh.editElsewhere('prod-eu', [50, 50, 0]);
    await untilSeen(harness, 1);
    await quiet(harness, mesh);
    expect(await outside(harness)).toHaveLength(1);
    await other.stop();
  });

  it('closes a change that waits for approval as soon as its object moves', async () => {
    const { harness, mesh } = await open();
    const later = new Date(Date.now() + 3_600_000).toISOString();
    const request = await harness.request([70, 30, 0]);
    const waiting = await harness.service.submit(
      { ...request, applyAt: later },
      harness.as('mira.kovac'),
    );
    expect(waiting.state).toBe('scheduled');
    await mesh.editElsewhere('prod-eu', [50, 50, 0]);
    const ended = await harness.reaches(waiting.id, 'superseded');
    expect(ended.events.at(-1)?.text).toBe(
      'VirtualService catalog/reviews in prod-eu changed since',
    );
  });

  it('takes a burst of 500 in batches', async () => {
    const { harness, mesh, knex } = await open();
    const { store } = mesh.cluster('prod-eu');
    let transactions = 0;
    knex.on('query', ({ sql }) => {
      if (/^BEGIN/.test(sql)) transactions += 1;
    });
    for (let index = 0; index < 500; index += 1) {
      store.apply({
        apiVersion: 'networking.istio.io/v1',
        kind: 'VirtualService',
        metadata: { name: `burst-reviews-${index}`, namespace: 'catalog' },
        spec: { hosts: [`burst-${index}`], http: [{ timeout: '5s' }] },
      });
    }
    await waitFor(async () => {
      const [{ count }] = await knex('mesh_change')
        .where('intent_type', 'external')
        .count({ count: '*' });
      expect(Number(count)).toBe(500);
    }, 20_000);
    // Those of the change watcher and its timers are among them.
    expect(transactions).toBeLessThan(60);
    const { items } = await harness.service.list(
      {
        limit: 10,
        origin: 'outside',
        entityRef: 'component:default/reviews',
        search: 'burst-reviews-499',
      },
      harness.as('mira.kovac'),
    );
    expect(items).toHaveLength(1);
  });
});
