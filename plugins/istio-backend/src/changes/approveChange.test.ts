import type { Change } from '@istio-backstage/plugin-istio-common';
import { waitFor } from '../clusters/testing/waitFor';
import type { ChangeHarness } from './__testUtils__/ChangeHarness';
import { useMesh } from './__testUtils__/useMesh';

jest.setTimeout(30_000);

/** Half of the requests move: the callers' team has to agree. */
const HALF = [30, 70, 0];
const REASON = 'The new version is ready';

const hashOf = (change: Change) => change.approval?.hash ?? '';

const approve = (harness: ChangeHarness, change: Change, by = 'dan.osei') =>
  harness.approvals.approve(
    change.id,
    { approvalHash: hashOf(change) },
    harness.as(by),
  );

describe('a change that needs approval', () => {
  const open = useMesh();

  it('waits, and is applied as who asked for it once the affected team approves', async () => {
    const { harness, mesh } = await open();
    const asked = await harness.shift(HALF, { reason: REASON });
    expect(asked).toMatchObject({
      state: 'awaitingApproval',
      reason: REASON,
      revert: { possible: false },
      approval: {
        decisions: [],
        requirements: [
          {
            policy: 'weight-step',
            by: ['group:default/storefront-team'],
            text: expect.stringContaining('storefront-v1 (storefront-team)'),
          },
        ],
      },
    });
    expect(Date.parse(asked.approveUntil ?? '')).toBeGreaterThan(Date.now());
    expect(mesh.writes).toEqual([]);

    const applied = await approve(harness, asked);
    expect(applied).toMatchObject({
      state: 'applied',
      approval: {
        decisions: [
          { by: 'user:default/dan.osei', decision: 'approved', countsFor: [0] },
        ],
      },
    });
    expect(mesh.weights('prod-eu')).toEqual(HALF);
    expect(
      mesh.writes.map(({ headers }) => headers['impersonate-user']),
    ).toEqual(['mira.kovac']);
    expect(applied.events.map(({ kind, text }) => `${kind}: ${text}`)).toEqual([
      'requested: Requested',
      'approved: Approved by dan.osei',
      'applied: Applied in 1 of 1 cluster',
    ]);
    const entries = await harness.auditLog.list({ opIds: [asked.id] });
    expect(entries.map(({ kind, actor }) => `${kind} ${actor}`)).toEqual([
      'requested user:default/mira.kovac',
      'approved user:default/dan.osei',
      'intent user:default/mira.kovac',
      'outcome user:default/mira.kovac',
      'applied user:default/mira.kovac',
    ]);
    expect(entries[2].payload).toMatchObject({
      planHash: asked.planHash,
      approval: { decisions: [{ by: 'user:default/dan.osei' }] },
      operations: [{ attemptId: applied.operations[0].auditId }],
    });
  });

  it('says so in the preview, and does not refuse', async () => {
    const { harness } = await open();
    const { intent } = await harness.request(HALF);
    const preview = await harness.service.preview(
      { entityRef: 'component:default/reviews', intent },
      harness.as('mira.kovac'),
    );
    expect(preview.apply).toEqual({ allowed: true, reasons: [] });
    expect(preview.approvals).toMatchObject([
      { by: ['group:default/storefront-team'] },
    ]);
  });

  it.each<[string, string, string]>([
    ['the requester', 'mira.kovac', 'You asked for it'],
    ['a colleague who owns no caller', 'lena.fischer', 'up to storefront-team'],
    ['a viewer', 'vera.lind', 'up to storefront-team'],
  ])('%s cannot approve or decline', async (_, who, why) => {
    const { harness, mesh } = await open();
    const asked = await harness.shift(HALF);
    await expect(approve(harness, asked, who)).rejects.toMatchObject({
      name: 'NotAllowedError',
      message: expect.stringContaining(why),
    });
    await expect(
      harness.approvals.decline(asked.id, { reason: REASON }, harness.as(who)),
    ).rejects.toMatchObject({ name: 'NotAllowedError' });
    expect(mesh.writes).toEqual([]);
    expect((await harness.get(asked.id)).state).toBe('awaitingApproval');
    const refused = (await harness.auditLog.list({ opIds: [asked.id] })).filter(
      ({ kind }) => kind === 'denied',
    );
    expect(refused.map(({ actor, payload }) => [actor, payload.tried])).toEqual(
      [
        [`user:default/${who}`, 'change-approve'],
        [`user:default/${who}`, 'change-decline'],
      ],
    );
  });

  it('cannot be approved without the permission', async () => {
    const { harness } = await open();
    const asked = await harness.shift(HALF);
    harness.decide = (user, permission) =>
      user !== 'dan.osei' || permission !== 'istio.change.approve';
    await expect(approve(harness, asked)).rejects.toMatchObject({
      name: 'NotAllowedError',
      message: expect.stringContaining('istio.change.approve'),
    });
    const queue = await harness.approvals.list(harness.as('dan.osei'));
    expect(queue).toEqual({ items: [], waitingForMe: 0 });
  });

  it('cannot be approved by who asked for it under a second identity, whatever its groups', async () => {
    const { harness, mesh } = await open();
    const asked = await harness.shift(HALF);
    for (const by of ['mira.kovac', 'mira.admin']) {
      await expect(approve(harness, asked, by)).rejects.toMatchObject({
        name: 'NotAllowedError',
      });
    }
    await expect(
      harness.approvals.decline(
        asked.id,
        { reason: 'Not as somebody else either' },
        harness.as('mira.admin'),
      ),
    ).rejects.toMatchObject({ name: 'NotAllowedError' });
    expect(mesh.writes).toEqual([]);
    expect((await harness.get(asked.id)).state).toBe('awaitingApproval');
  });

  it('an approver of the portal stands in for any owner', async () => {
    const { harness } = await open();
    const asked = await harness.shift(HALF);
    expect((await approve(harness, asked, 'paul.adeyemi')).state).toBe(
      'applied',
    );
  });

  it('is approved once: a second approval, a replay and another hash find nothing', async () => {
    const { harness, mesh } = await open();
    const asked = await harness.shift(HALF);
    const other = await harness.shift(HALF);
    await expect(
      harness.approvals.approve(
        other.id,
        { approvalHash: hashOf(asked) },
        harness.as('dan.osei'),
      ),
    ).rejects.toMatchObject({ name: 'ConflictError' });
    const results = await Promise.allSettled([
      approve(harness, asked),
      approve(harness, asked, 'paul.adeyemi'),
      approve(harness, asked),
    ]);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(
      1,
    );
    await expect(approve(harness, asked)).rejects.toMatchObject({
      name: 'ConflictError',
    });
    expect(mesh.writes).toHaveLength(1);
  });

  it('no longer counts when the object changed: a new preview is needed', async () => {
    const { harness, mesh } = await open();
    const asked = await harness.shift(HALF);
    await mesh.editElsewhere('prod-eu', [50, 50, 0]);
    await expect(approve(harness, asked)).rejects.toMatchObject({
      name: 'ConflictError',
      message: expect.stringContaining('A new preview is needed'),
    });
    expect(mesh.writes).toEqual([]);
    expect(mesh.weights('prod-eu')).toEqual([50, 50, 0]);
    expect((await harness.get(asked.id)).state).toBe('superseded');
  });

  it('does not hold its objects while it waits', async () => {
    const { harness } = await open();
    const asked = await harness.shift(HALF);
    expect((await harness.shift([70, 30, 0])).state).toBe('applied');
    await expect(approve(harness, asked)).rejects.toMatchObject({
      name: 'ConflictError',
    });
  });

  it('is declined with a reason, and its requester is told', async () => {
    const { harness, mesh } = await open();
    const asked = await harness.shift(HALF);
    expect(harness.notifications).toMatchObject([
      {
        recipients: {
          entityRef: ['group:default/storefront-team'],
          excludeEntityRef: 'user:default/mira.kovac',
        },
        payload: { link: `/mesh/approvals?change=${asked.id}` },
      },
    ]);
    const declined = await harness.approvals.decline(
      asked.id,
      { reason: 'Not before the sale' },
      harness.as('dan.osei'),
    );
    expect(declined.state).toBe('declined');
    expect(declined.operations[0].outcome).toBe('notSent');
    expect(declined.approval?.decisions).toMatchObject([
      { decision: 'declined', reason: 'Not before the sale' },
    ]);
    expect(harness.notifications[1]).toMatchObject({
      recipients: { entityRef: ['user:default/mira.kovac'] },
      payload: {
        title: expect.stringContaining('Declined'),
        description: 'dan.osei: Not before the sale',
      },
    });
    await expect(approve(harness, asked)).rejects.toMatchObject({
      name: 'ConflictError',
    });
    expect(mesh.writes).toEqual([]);
  });

  it('is taken back by who asked for it', async () => {
    const { harness } = await open();
    const asked = await harness.shift(HALF);
    const cancelled = await harness.approvals.cancel(
      asked.id,
      { reason: 'Wrong numbers' },
      harness.as('mira.kovac'),
    );
    expect(cancelled.state).toBe('cancelled');
    await expect(approve(harness, asked)).rejects.toMatchObject({
      name: 'ConflictError',
    });
  });

  it('closes itself when nobody decides in time', async () => {
    const { harness, knex, mesh } = await open({
      times: { timerSeconds: 0.1 },
    });
    const asked = await harness.shift(HALF);
    harness.start();
    await knex('mesh_change')
      .where({ id: asked.id })
      .update({ approve_until: 1 });
    const expired = await harness.reaches(asked.id, 'expired');
    expect(expired.events.at(-1)).toMatchObject({
      kind: 'expired',
      text: 'Nobody approved it in time',
    });
    expect(mesh.writes).toEqual([]);
  });

  it('is sent by another replica when the one that took the approval dies', async () => {
    const { harness, knex, mesh } = await open({
      times: { timerSeconds: 0.1 },
    });
    const asked = await harness.shift(HALF);
    await knex('mesh_change')
      .where({ id: asked.id })
      .update({ state: 'scheduled' });
    harness.start();
    await harness.reaches(asked.id, 'applied');
    expect(mesh.weights('prod-eu')).toEqual(HALF);
  });

  it('is not sent when the clusters no longer let the requester', async () => {
    const { harness, mesh } = await open();
    const asked = await harness.shift(HALF);
    mesh.cluster('prod-eu').faults.add({
      match: { method: 'PATCH', path: /dryRun/ },
      times: 1,
      status: 403,
    });
    const refused = await approve(harness, asked);
    expect(refused.state).toBe('denied');
    expect(mesh.writes).toEqual([]);
  });

  it('stands in the queue of who may approve it, with the preview as it was', async () => {
    const { harness, mesh } = await open();
    const asked = await harness.shift(HALF);
    const queueOf = (who: string) => harness.approvals.list(harness.as(who));
    const forDan = await queueOf('dan.osei');
    expect(forDan).toMatchObject({
      waitingForMe: 1,
      items: [
        {
          role: 'approver',
          approve: { allowed: true },
          cancel: { allowed: false },
          change: { id: asked.id },
          preview: { title: asked.title, plan: { hash: asked.planHash } },
        },
      ],
    });
    expect(await queueOf('mira.kovac')).toMatchObject({
      waitingForMe: 0,
      items: [
        {
          role: 'requester',
          approve: { allowed: false },
          cancel: { allowed: true },
        },
      ],
    });
    expect(await queueOf('lena.fischer')).toEqual({
      items: [],
      waitingForMe: 0,
    });
    harness.hidden.add('component:default/reviews');
    expect(await queueOf('dan.osei')).toEqual({ items: [], waitingForMe: 0 });
    harness.hidden.clear();
    await mesh.editElsewhere('prod-eu', [50, 50, 0]);
    await waitFor(async () =>
      expect((await queueOf('dan.osei')).items).toMatchObject([
        {
          approve: {
            allowed: false,
            why: expect.stringContaining('changed since it was asked for'),
          },
        },
      ]),
    );
  });

  it('a way back needs no approval', async () => {
    const { harness, mesh } = await open();
    const applied = await approve(harness, await harness.shift(HALF));
    const reverted = await harness.revert(applied.id);
    expect(reverted.state).toBe('applied');
    expect(mesh.weights('prod-eu')).toEqual([80, 20, 0]);
  });
});
