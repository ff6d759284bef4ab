import { useMesh } from './__testUtils__/useMesh';

jest.setTimeout(30_000);

const BOTH = ['prod-eu', 'prod-us'];
const REASON = 'The API server is back';

describe('a change that stopped half-way', () => {
  const open = useMesh();

  /** Applied in prod-eu, refused in prod-us, and prod-eu could not be taken back. */
  async function partial() {
    const opened = await open({ clusters: BOTH });
    const { harness, mesh } = opened;
    const request = await harness.request([70, 30, 0], { clusters: BOTH });
    mesh.failWrite('prod-us', 403);
    mesh.beforeWrite = ({ cluster }) => {
      if (cluster === 'prod-us') {
        mesh.beforeWrite = () => {};
        mesh.failWrite('prod-eu', 403);
      }
    };
    const change = await harness.service.submit(
      request,
      harness.as('mira.kovac'),
    );
    expect(change.state).toBe('partial');
    return { ...opened, change };
  }

  it('is finished with the recorded bytes, as who asked for it', async () => {
    const { harness, mesh, change } = await partial();
    const before = mesh.writes.length;
    const finished = await harness.approvals.finish(
      change.id,
      { reason: REASON },
      harness.as('lena.fischer'),
    );
    expect(finished.state).toBe('applied');
    expect(mesh.weights('prod-eu')).toEqual([70, 30, 0]);
    expect(mesh.weights('prod-us')).toEqual([70, 30, 0]);
    const sent = mesh.writes.slice(before);
    expect(
      sent.map(({ cluster, headers }) => [
        cluster,
        headers['impersonate-user'],
      ]),
    ).toEqual([['prod-us', 'mira.kovac']]);
    const intents = (
      await harness.auditLog.list({ opIds: [change.id] })
    ).filter(({ kind }) => kind === 'intent');
    expect(intents.at(-1)).toMatchObject({
      actor: 'user:default/lena.fischer',
    });
    expect(JSON.stringify(intents.at(-1)?.payload)).toContain(
      String(sent[0].headers['audit-id']),
    );
    expect(finished.events.map(({ text }) => text)).toContain(
      `Finished by lena.fischer: ${REASON}`,
    );
  });

  it('stays partial, with what is in force in force, when the rest fails again', async () => {
    const { harness, mesh, change } = await partial();
    mesh.failWrite('prod-us', 403);
    const again = await harness.approvals.finish(
      change.id,
      { reason: REASON },
      harness.as('mira.kovac'),
    );
    expect(again.state).toBe('partial');
    expect(mesh.weights('prod-eu')).toEqual([70, 30, 0]);
    expect(mesh.weights('prod-us')).toEqual([80, 20, 0]);
  });

  it('is not finished over somebody else’s edit', async () => {
    const { harness, mesh, change } = await partial();
    await mesh.editElsewhere('prod-us', [50, 50, 0]);
    await expect(
      harness.approvals.finish(
        change.id,
        { reason: REASON },
        harness.as('mira.kovac'),
      ),
    ).rejects.toMatchObject({ name: 'ConflictError' });
    expect(mesh.weights('prod-us')).toEqual([50, 50, 0]);
    expect((await harness.get(change.id)).state).toBe('partial');
  });

  it('is undone by its revert', async () => {
    const { harness, mesh, change } = await partial();
    expect((await harness.revert(change.id)).state).toBe('applied');
    expect(mesh.weights('prod-eu')).toEqual([80, 20, 0]);
    expect((await harness.get(change.id)).state).toBe('reverted');
  });

  it('needs the permission to change the component', async () => {
    const { harness, change } = await partial();
    harness.decide = (user, permission) =>
      user !== 'vera.lind' || permission !== 'istio.change.create';
    for (const decide of [
      () =>
        harness.approvals.finish(
          change.id,
          { reason: REASON },
          harness.as('vera.lind'),
        ),
      () =>
        harness.approvals.resolve(
          change.id,
          { reason: REASON, found: 'inForce' },
          harness.as('vera.lind'),
        ),
    ]) {
      await expect(decide()).rejects.toMatchObject({ name: 'NotAllowedError' });
    }
  });

  it.each([
    ['inForce', 'applied'],
    ['notInForce', 'failed'],
  ] as const)(
    'whose outcome nothing proves is closed by a person: %s is %s',
    async (found, state) => {
      const { harness, mesh } = await open();
      const request = await harness.request([70, 30, 0]);
      mesh.loseAnswer('prod-eu');
      const reading = jest.spyOn(mesh.writer, 'read');
      mesh.beforeWrite = () => {
        reading.mockRejectedValue(new Error('prod-eu does not answer'));
      };
      const change = await harness.service.submit(
        request,
        harness.as('mira.kovac'),
      );
      reading.mockRestore();
      expect(change.state).toBe('indeterminate');
      const closed = await harness.approvals.resolve(
        change.id,
        { found, reason: 'Looked with kubectl' },
        harness.as('mira.kovac'),
      );
      expect(closed.state).toBe(state);
      const entries = await harness.auditLog.list({ opIds: [change.id] });
      expect(entries.find(({ kind }) => kind === 'resolved')).toMatchObject({
        actor: 'user:default/mira.kovac',
        payload: { found, reason: 'Looked with kubectl' },
      });
      await expect(
        harness.approvals.resolve(
          change.id,
          { found, reason: REASON },
          harness.as('mira.kovac'),
        ),
      ).rejects.toMatchObject({ name: 'ConflictError' });
      expect(mesh.writes).toHaveLength(1);
    },
  );
});
