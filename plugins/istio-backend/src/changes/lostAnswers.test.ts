import { ulid } from 'ulid';
import type { ArrivingWrite, SandboxMesh } from './__testUtils__/SandboxMesh';
import { useMesh } from './__testUtils__/useMesh';

jest.setTimeout(30_000);

const BOTH = ['prod-eu', 'prod-us'];

/** The n-th write never gets an answer, and the cluster shows nothing afterwards. */
function dieAt(mesh: SandboxMesh, cluster: string) {
  mesh.beforeWrite = (write: ArrivingWrite) => {
    if (write.cluster === cluster) {
      mesh.cluster(cluster).faults.setState('dead');
    }
  };
}

describe('answers that do not arrive', () => {
  const open = useMesh();

  it('finds at once that a write took effect although its answer was lost', async () => {
    const { harness, mesh } = await open();
    const request = await harness.request([70, 30, 0]);
    mesh.loseAnswer('prod-eu');
    const change = await harness.service.submit(
      request,
      harness.as('mira.kovac'),
    );
    expect(change.state).toBe('applied');
    expect(change.operations).toMatchObject([
      {
        outcome: 'applied',
        message: expect.stringContaining('The answer was lost'),
        resourceVersion: mesh.route('prod-eu')?.metadata.resourceVersion,
      },
    ]);
    expect(mesh.writes).toHaveLength(1);
  });

  it('says it does not know, keeps others off, and finds out when the cluster is back', async () => {
    const { harness, mesh } = await open({ times: { leaseSeconds: 1 } });
    const request = await harness.request([70, 30, 0]);
    // The write takes effect, its answer is lost, and then the cluster is away.
    mesh.loseAnswer('prod-eu');
    const reading = jest.spyOn(mesh.writer, 'read');
    mesh.beforeWrite = () => {
      reading.mockRejectedValue(new Error('prod-eu does not answer'));
    };
    const change = await harness.service.submit(
      request,
      harness.as('mira.kovac'),
    );
    expect(change.state).toBe('indeterminate');
    expect(change.events.at(-1)?.text).toContain('is not known yet');
    expect(change.revert.possible).toBe(false);

    reading.mockRestore();
    mesh.beforeWrite = () => {};
    await expect(harness.shift([60, 40, 0])).rejects.toMatchObject({
      name: 'ConflictError',
      message: expect.stringContaining(change.id),
    });

    harness.start();
    const found = await harness.reaches(change.id, 'applied');
    expect(found.operations).toMatchObject([
      { outcome: 'applied', message: expect.stringMatching(/^Recovered: /) },
    ]);
    expect(found.events.map(({ kind }) => kind)).toContain('recovered');
    expect(mesh.weights('prod-eu')).toEqual([70, 30, 0]);
    // One for the change; recovery sends nothing.
    expect(mesh.writes).toHaveLength(1);
    await harness.shift([60, 40, 0]);
  });

  it('closes a request that never took effect as failed, once none can be on its way', async () => {
    const { harness, mesh } = await open({
      times: { leaseSeconds: 1, inFlightSeconds: 0, recoverSeconds: 1 },
    });
    const request = await harness.request([70, 30, 0]);
    mesh.failWrite('prod-eu', 504);
    const change = await harness.service.submit(
      request,
      harness.as('mira.kovac'),
    );
    expect(change.state).toBe('indeterminate');
    harness.start();
    const closed = await harness.reaches(change.id, 'failed');
    expect(closed.events.at(-1)?.text).toMatch(/^Not applied: /);
    expect(mesh.weights('prod-eu')).toEqual([80, 20, 0]);
    expect(mesh.writes).toHaveLength(1);
  });

  it('does not claim to know when somebody wrote in between', async () => {
    const { harness, mesh } = await open({
      times: { leaseSeconds: 1, inFlightSeconds: 0, recoverSeconds: 1 },
    });
    const request = await harness.request([70, 30, 0]);
    mesh.failWrite('prod-eu', 504);
    const change = await harness.service.submit(
      request,
      harness.as('mira.kovac'),
    );
    await mesh.editElsewhere('prod-eu', [40, 60, 0]);
    harness.start();
    await new Promise(resolve => {
      setTimeout(resolve, 1500);
    });
    const open_ = await harness.get(change.id);
    expect(open_.state).toBe('indeterminate');
    expect(open_.operations[0].message).toContain('somebody changed it since');
    // Nothing is under way any more, so others may go on.
    await harness.shift([30, 70, 0]);
  });

  it('undoes the first cluster when the second refuses', async () => {
    const { harness, mesh } = await open({ clusters: BOTH });
    const before = mesh.route('prod-eu')!;
    const request = await harness.request([70, 30, 0], { clusters: BOTH });
    mesh.failWrite('prod-us', 403);
    const change = await harness.service.submit(
      request,
      harness.as('mira.kovac'),
    );
    expect(change.state).toBe('denied');
    expect(change.operations.map(({ outcome }) => outcome)).toEqual([
      'undone',
      'denied',
    ]);
    expect(change.events.map(({ kind }) => kind)).toEqual([
      'requested',
      'undone',
      'denied',
    ]);
    expect(mesh.route('prod-eu')?.spec).toEqual(before.spec);
    expect(mesh.weights('prod-us')).toEqual([80, 20, 0]);
    const kinds = (await harness.auditLog.list({ opIds: [change.id] })).map(
      ({ kind }) => kind,
    );
    // The undoing is a write too: its intent stands before it.
    expect(kinds).toEqual([
      'intent',
      'outcome',
      'outcome',
      'intent',
      'undone',
      'denied',
    ]);
  });

  it('sees that an undo took effect although its answer was lost', async () => {
    const { harness, mesh } = await open({ clusters: BOTH });
    const request = await harness.request([70, 30, 0], { clusters: BOTH });
    mesh.failWrite('prod-us', 403);
    mesh.beforeWrite = write => {
      if (write.cluster === 'prod-us') {
        mesh.beforeWrite = () => {};
        mesh.loseAnswer('prod-eu');
      }
    };
    const change = await harness.service.submit(
      request,
      harness.as('mira.kovac'),
    );
    expect(change.state).toBe('denied');
    expect(change.operations.map(({ outcome }) => outcome)).toEqual([
      'undone',
      'denied',
    ]);
    expect(mesh.weights('prod-eu')).toEqual([80, 20, 0]);
  });

  it('says partial when the first cluster cannot be undone, and lets it be reverted', async () => {
    const { harness, mesh } = await open({ clusters: BOTH });
    const request = await harness.request([70, 30, 0], { clusters: BOTH });
    mesh.failWrite('prod-us', 403);
    mesh.beforeWrite = write => {
      if (write.cluster === 'prod-us') {
        mesh.beforeWrite = () => {};
        mesh.failWrite('prod-eu', 403);
      }
    };
    const change = await harness.service.submit(
      request,
      harness.as('mira.kovac'),
    );
    expect(change.state).toBe('partial');
    expect(change.operations.map(({ outcome }) => outcome)).toEqual([
      'applied',
      'denied',
    ]);
    expect(change.events.at(-1)?.text).toContain('could not be undone');
    expect(mesh.weights('prod-eu')).toEqual([70, 30, 0]);

    expect(change.revert).toEqual({ possible: true });
    await harness.revert(change.id);
    expect(mesh.weights('prod-eu')).toEqual([80, 20, 0]);
    expect((await harness.get(change.id)).state).toBe('reverted');
  });

  it('does not undo, but stops, when the second cluster’s answer is lost', async () => {
    const { harness, mesh } = await open({ clusters: BOTH });
    const request = await harness.request([70, 30, 0], { clusters: BOTH });
    dieAt(mesh, 'prod-us');
    const change = await harness.service.submit(
      request,
      harness.as('mira.kovac'),
    );
    expect(change.state).toBe('indeterminate');
    expect(change.operations.map(({ outcome }) => outcome)).toEqual([
      'applied',
      'unknown',
    ]);
    expect(mesh.weights('prod-eu')).toEqual([70, 30, 0]);
  });

  it('recovers a change whose process died after sending', async () => {
    const { harness, mesh, knex } = await open({ clusters: BOTH });
    const change = await harness.shift([70, 30, 0], { clusters: BOTH });
    // As a process leaves it that dies before it could write down the first answer.
    await knex('mesh_change')
      .where({ id: change.id })
      .update({ state: 'applying', applied_at: null, lease_until: 0 });
    await knex('change_operation')
      .where({ change_id: change.id, idx: 0 })
      .update({ outcome: 'pending', result: null, resource_version: null });
    await knex('change_operation')
      .where({ change_id: change.id, idx: 1 })
      .update({ outcome: 'pending', sent_at: null, result: null });

    harness.start();
    const found = await harness.reaches(change.id, 'partial');
    expect(found.operations.map(({ outcome }) => outcome)).toEqual([
      'applied',
      'notSent',
    ]);
    expect(mesh.writes).toHaveLength(2);
  });

  it('leaves a change alone whose process is alive', async () => {
    const { harness, knex } = await open();
    const change = await harness.shift([70, 30, 0]);
    await knex('mesh_change')
      .where({ id: change.id })
      .update({
        state: 'applying',
        lease_owner: ulid(),
        lease_until: Date.now() + 60_000,
      });
    harness.start();
    await new Promise(resolve => {
      setTimeout(resolve, 300);
    });
    expect((await harness.get(change.id)).state).toBe('applying');
  });

  it('sends nothing any more when another process took the change over', async () => {
    const { harness, mesh, knex } = await open({ clusters: BOTH });
    const request = await harness.request([70, 30, 0], { clusters: BOTH });
    mesh.beforeWrite = async () => {
      await knex('mesh_change').update({ lease_owner: 'another' });
    };
    const change = await harness.service.submit(
      request,
      harness.as('mira.kovac'),
    );
    expect(change.state).toBe('applying');
    expect(mesh.writes.map(({ cluster }) => cluster)).toEqual(['prod-eu']);
  });
});
