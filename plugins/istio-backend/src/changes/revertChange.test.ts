import { waitFor } from '../clusters/testing/waitFor';
import type { SandboxMesh } from './__testUtils__/SandboxMesh';
import { useMesh } from './__testUtils__/useMesh';

jest.setTimeout(30_000);

describe('reverting a change', () => {
  const open = useMesh();

  it('brings the hand-written object back as it was', async () => {
    const { harness, mesh } = await open();
    const before = mesh.route('prod-eu')!;
    const change = await harness.shift([70, 30, 0]);
    const revert = await harness.revert(change.id);

    const after = mesh.route('prod-eu')!;
    expect(after.spec).toEqual(before.spec);
    expect(after.metadata.labels).toEqual(before.metadata.labels);
    const own = Object.entries(after.metadata.annotations ?? {}).filter(
      ([key]) => !key.startsWith('istio-portal.dev/'),
    );
    expect(Object.fromEntries(own)).toEqual(before.metadata.annotations);

    expect(revert).toMatchObject({
      intentType: 'revert',
      title: 'revert of “reviews: v2 from 20 to 30 %”',
      state: 'applied',
      revertOf: change.id,
      reason: 'Errors went up',
    });
    const original = await harness.get(change.id);
    expect(original).toMatchObject({
      state: 'reverted',
      revertedBy: revert.id,
      revert: { possible: false, why: 'It was reverted already' },
    });
    expect(original.events.at(-1)).toMatchObject({
      kind: 'reverted',
      text: 'Reverted by mira.kovac',
    });
  });

  it('shows what it would do first', async () => {
    const { harness, mesh } = await open();
    const change = await harness.shift([70, 30, 0]);
    const preview = await harness.service.previewRevert(
      change.id,
      harness.as('mira.kovac'),
    );
    expect(preview.apply).toEqual({ allowed: true, reasons: [] });
    expect(
      preview.versions.map(({ key, before, after }) => [key, before, after]),
    ).toEqual([
      ['v1', 0.7, 0.8],
      ['v2', 0.3, 0.2],
      ['v3', 0, 0],
    ]);
    expect(mesh.weights('prod-eu')).toEqual([70, 30, 0]);
  });

  it('can itself be reverted', async () => {
    const { harness, mesh } = await open();
    const change = await harness.shift([70, 30, 0]);
    const revert = await harness.revert(change.id);
    await harness.revert(revert.id);
    expect(mesh.weights('prod-eu')).toEqual([70, 30, 0]);
    expect((await harness.get(revert.id)).state).toBe('reverted');
  });

  it('refuses when somebody changed the object since, in the portal or not', async () => {
    const { harness, mesh } = await open();
    const change = await harness.shift([70, 30, 0]);
    await mesh.editElsewhere('prod-eu', [60, 40, 0]);
    await expect(
      harness.service.previewRevert(change.id, harness.as('mira.kovac')),
    ).rejects.toMatchObject({
      name: 'ConflictError',
      message: expect.stringContaining('was changed since'),
    });
    expect(mesh.weights('prod-eu')).toEqual([60, 40, 0]);
  });

  it('refuses the older of two changes', async () => {
    const { harness } = await open();
    const first = await harness.shift([70, 30, 0]);
    await harness.shift([60, 40, 0]);
    await expect(
      harness.service.previewRevert(first.id, harness.as('mira.kovac')),
    ).rejects.toMatchObject({ name: 'ConflictError' });
  });

  it('refuses and records who may not', async () => {
    const { harness, mesh } = await open();
    const change = await harness.shift([70, 30, 0]);
    harness.decide = (user, permission) =>
      user !== 'vera.lind' || permission !== 'istio.change.create';
    await expect(
      harness.service.revert(
        change.id,
        { reason: 'Because', planHash: 'a'.repeat(64) },
        harness.as('vera.lind'),
      ),
    ).rejects.toMatchObject({ name: 'NotAllowedError' });
    expect(mesh.writes).toHaveLength(1);
    const [denied] = await harness.all();
    expect(denied).toMatchObject({
      state: 'denied',
      intentType: 'revert',
      revertOf: change.id,
    });
  });

  const REVIEWS = { namespace: 'catalog', name: 'reviews' };
  it.each<[string, (mesh: SandboxMesh) => void]>([
    [
      'its subset',
      mesh => {
        const { store } = mesh.cluster('prod-eu');
        const rule = store.get(
          'destinationrules.networking.istio.io',
          REVIEWS,
        )!;
        const { subsets } = rule.spec as { subsets: { name: string }[] };
        const { generation: _, ...metadata } = rule.metadata;
        store.apply({
          ...rule,
          metadata,
          spec: {
            ...rule.spec,
            subsets: subsets.filter(({ name }) => name !== 'v2'),
          },
        });
      },
    ],
    [
      'its Service',
      mesh => {
        mesh.cluster('prod-eu').store.remove('services', REVIEWS);
      },
    ],
  ])(
    'refuses when the version it leads to lost %s, and sends nothing',
    async (_, lose) => {
      const { harness, mesh } = await open();
      const change = await harness.shift([100, 0, 0]);
      lose(mesh);
      await waitFor(async () => {
        await expect(
          harness.service.previewRevert(change.id, harness.as('mira.kovac')),
        ).rejects.toMatchObject({
          name: 'ConflictError',
          message: expect.stringContaining('refers to'),
        });
      });
      await expect(harness.revert(change.id)).rejects.toMatchObject({
        name: 'ConflictError',
      });
      expect(mesh.writes).toHaveLength(1);
      expect(mesh.weights('prod-eu')).toEqual([100, 0, 0]);
    },
  );

  it('refuses what never was in force', async () => {
    const { harness } = await open();
    const request = await harness.request([70, 30, 0]);
    await harness.shift([60, 40, 0]);
    await expect(
      harness.service.submit(request, harness.as('mira.kovac')),
    ).rejects.toThrow();
    const conflict = (await harness.all()).find(
      ({ state }) => state === 'conflict',
    )!;
    await expect(
      harness.service.previewRevert(conflict.id, harness.as('mira.kovac')),
    ).rejects.toMatchObject({
      name: 'ConflictError',
      message: expect.stringContaining('Nothing of it is in force'),
    });
  });

  it('goes by the plan that was looked at', async () => {
    const { harness } = await open();
    const change = await harness.shift([70, 30, 0]);
    await expect(
      harness.service.revert(
        change.id,
        { reason: 'Errors went up', planHash: 'b'.repeat(64) },
        harness.as('mira.kovac'),
      ),
    ).rejects.toMatchObject({ name: 'ConflictError' });
    expect((await harness.get(change.id)).state).toBe('applied');
  });
});
