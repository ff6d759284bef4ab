import { useMesh } from './__testUtils__/useMesh';

jest.setTimeout(30_000);

const KEY = 'scaffolder:6f0c:change';

describe('submitting with a key', () => {
  const open = useMesh();

  it('answers the same person with the same change', async () => {
    const { harness, mesh } = await open();
    const request = {
      ...(await harness.request([70, 30, 0])),
      idempotencyKey: KEY,
    };
    const mira = harness.as('mira.kovac');
    const first = await harness.service.submit(request, mira);
    expect(first.state).toBe('applied');
    const again = await harness.service.submit(
      // Nothing would change any more, so a client that asks anew has another plan.
      { ...request, planHash: 'f'.repeat(64) },
      mira,
    );
    expect(again.id).toBe(first.id);
    expect(mesh.writes).toHaveLength(1);
    expect(await harness.all()).toHaveLength(1);
  });

  it('records one of two that arrive together', async () => {
    const { harness, mesh } = await open();
    const request = {
      ...(await harness.request([70, 30, 0])),
      idempotencyKey: KEY,
    };
    const mira = harness.as('mira.kovac');
    const [one, other] = await Promise.all([
      harness.service.submit(request, mira),
      harness.service.submit(request, mira),
    ]);
    expect(one.id).toBe(other.id);
    expect(mesh.writes).toHaveLength(1);
    expect(await harness.all()).toHaveLength(1);
  });

  it('refuses the key for another change, and lets others use the same', async () => {
    const { harness } = await open();
    const keyed = async (weights: number[], by: string) => ({
      ...(await harness.request(weights, { by })),
      idempotencyKey: KEY,
    });
    const first = await harness.service.submit(
      await keyed([70, 30, 0], 'mira.kovac'),
      harness.as('mira.kovac'),
    );
    await expect(
      harness.service.submit(
        await keyed([60, 40, 0], 'mira.kovac'),
        harness.as('mira.kovac'),
      ),
    ).rejects.toMatchObject({
      name: 'ConflictError',
      message: expect.stringContaining(`idempotencyKey: change ${first.id}`),
    });
    const other = await harness.service.submit(
      await keyed([60, 40, 0], 'lena.fischer'),
      harness.as('lena.fischer'),
    );
    expect(other.id).not.toBe(first.id);
  });

  it('lets a refused try be made again', async () => {
    const { harness } = await open();
    const request = {
      ...(await harness.request([70, 30, 0])),
      idempotencyKey: KEY,
    };
    const mira = harness.as('mira.kovac');
    await expect(
      harness.service.submit({ ...request, planHash: 'f'.repeat(64) }, mira),
    ).rejects.toMatchObject({ name: 'ConflictError' });
    expect((await harness.service.submit(request, mira)).state).toBe('applied');
  });
});
