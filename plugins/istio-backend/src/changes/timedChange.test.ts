import { findTimeProblem } from './findTimeProblem';
import type { ChangeHarness } from './__testUtils__/ChangeHarness';
import { useMesh } from './__testUtils__/useMesh';

jest.setTimeout(30_000);

const TIMES = { timerSeconds: 0.1 };
const HOUR_MS = 3_600_000;
const inHours = (hours: number) =>
  new Date(Date.now() + hours * HOUR_MS).toISOString();

async function submit(
  harness: ChangeHarness,
  times: { applyAt?: string; expiresAt?: string },
  weights = [70, 30, 0],
) {
  const request = await harness.request(weights);
  return harness.service.submit(
    { ...request, ...times },
    harness.as('mira.kovac'),
  );
}

describe('a change with its time', () => {
  const open = useMesh();

  it('is applied when its time comes, as who asked for it, by whichever replica lives', async () => {
    const { harness, mesh, knex } = await open({ times: TIMES });
    const change = await submit(harness, { applyAt: inHours(5) });
    expect(change).toMatchObject({ state: 'scheduled' });
    harness.start();
    await harness.stop();
    await harness.open({ minimumRequests: 50, ...TIMES });
    harness.start();
    expect((await harness.get(change.id)).state).toBe('scheduled');
    expect(mesh.writes).toEqual([]);
    await knex('mesh_change').where({ id: change.id }).update({ apply_at: 1 });
    await harness.reaches(change.id, 'applied');
    expect(mesh.weights('prod-eu')).toEqual([70, 30, 0]);
    expect(
      mesh.writes.map(({ headers }) => headers['impersonate-user']),
    ).toEqual(['mira.kovac']);
  });

  it('is sent once, however many replicas look', async () => {
    const { harness, mesh, knex } = await open({ times: TIMES });
    const change = await submit(harness, { applyAt: inHours(5) });
    const replicas = [
      await harness.open({ ...TIMES }),
      await harness.open({ ...TIMES }),
      await harness.open({ ...TIMES }),
    ];
    await knex('mesh_change').where({ id: change.id }).update({ apply_at: 1 });
    replicas.forEach(replica => replica.start());
    await harness.reaches(change.id, 'applied');
    await Promise.all(replicas.map(replica => replica.stop()));
    expect(mesh.writes).toHaveLength(1);
  });

  it('is not sent when the object changed before its time', async () => {
    const { harness, mesh, knex } = await open({ times: TIMES });
    const change = await submit(harness, { applyAt: inHours(5) });
    await mesh.editElsewhere('prod-eu', [60, 40, 0]);
    await knex('mesh_change').where({ id: change.id }).update({ apply_at: 1 });
    harness.start();
    const ended = await harness.reaches(change.id, 'superseded');
    expect(ended.events.at(-1)?.text).toContain('changed');
    expect(mesh.weights('prod-eu')).toEqual([60, 40, 0]);
  });

  it('is taken back when its end comes, and both say so', async () => {
    const { harness, mesh, knex } = await open({ times: TIMES });
    const change = await submit(harness, { expiresAt: inHours(1) });
    expect(change).toMatchObject({
      state: 'applied',
      expiresAt: expect.any(String),
    });
    await knex('mesh_change')
      .where({ id: change.id })
      .update({ expires_at: 1 });
    harness.start();
    const reverted = await harness.reaches(change.id, 'reverted');
    expect(mesh.weights('prod-eu')).toEqual([80, 20, 0]);
    const back = await harness.get(reverted.revertedBy ?? '');
    expect(back).toMatchObject({
      revertOf: change.id,
      requestedBy: { entityRef: 'user:default/mira.kovac' },
      reason: 'Its time was over: Next canary step',
    });
    expect(
      mesh.writes.map(({ headers }) => headers['impersonate-user']),
    ).toEqual(['mira.kovac', 'mira.kovac']);
    const [intent] = await harness.auditLog.list({ opIds: [back.id] });
    expect(intent).toMatchObject({ kind: 'intent' });
  });

  it('leaves what somebody changed since, once, and tells the requester', async () => {
    const { harness, mesh, knex } = await open({ times: TIMES });
    const change = await submit(harness, { expiresAt: inHours(1) });
    await mesh.editElsewhere('prod-eu', [60, 40, 0]);
    await knex('mesh_change')
      .where({ id: change.id })
      .update({ expires_at: 1 });
    harness.start();
    const told = async () => {
      const { events } = await harness.get(change.id);
      return events.filter(({ kind }) => kind === 'expired');
    };
    await harness.untilTrue(async () => (await told()).length > 0);
    await harness.stop();
    expect(await told()).toMatchObject([
      { text: expect.stringContaining('could not be taken back') },
    ]);
    expect(mesh.weights('prod-eu')).toEqual([60, 40, 0]);
    expect(mesh.writes).toHaveLength(1);
    expect(harness.notifications).toMatchObject([
      { payload: { title: expect.stringContaining('Not taken back') } },
    ]);
  });

  it('is taken back once, however many replicas look', async () => {
    const { harness, mesh, knex } = await open({ times: TIMES });
    const change = await submit(harness, { expiresAt: inHours(1) });
    const replicas = [
      await harness.open({ ...TIMES }),
      await harness.open({ ...TIMES }),
    ];
    await knex('mesh_change')
      .where({ id: change.id })
      .update({ expires_at: 1 });
    replicas.forEach(replica => replica.start());
    await harness.reaches(change.id, 'reverted');
    await Promise.all(replicas.map(replica => replica.stop()));
    expect(mesh.writes).toHaveLength(2);
  });

  it('can be cancelled before its time', async () => {
    const { harness, mesh } = await open();
    const change = await submit(harness, { applyAt: inHours(5) });
    const cancelled = await harness.approvals.cancel(
      change.id,
      { reason: 'Not today' },
      harness.as('mira.kovac'),
    );
    expect(cancelled.state).toBe('cancelled');
    expect(mesh.writes).toEqual([]);
  });

  it('waits for its time after the approval', async () => {
    const { harness, mesh } = await open();
    const change = await submit(harness, { applyAt: inHours(5) }, [30, 70, 0]);
    expect(change.state).toBe('awaitingApproval');
    const approved = await harness.approvals.approve(
      change.id,
      { approvalHash: change.approval?.hash ?? '' },
      harness.as('dan.osei'),
    );
    expect(approved.state).toBe('scheduled');
    expect(mesh.writes).toEqual([]);
  });

  it('names the field of a time that cannot be', async () => {
    const { harness } = await open();
    await expect(
      submit(harness, { applyAt: inHours(-1) }),
    ).rejects.toMatchObject({
      name: 'InputError',
      message: 'applyAt: must be in the future',
    });
  });
});

describe('a freeze', () => {
  const open = useMesh();
  const local = (hours: number) => inHours(hours).slice(0, 16);

  async function frozen() {
    const opened = await open({ times: TIMES });
    const { harness } = opened;
    const applied = await harness.shift([75, 25, 0]);
    harness.freezeWindows = [
      {
        name: 'Sale',
        timeZone: 'UTC',
        when: { from: local(-2), to: local(3) },
      },
    ];
    await harness.open(TIMES);
    return { ...opened, applied };
  }

  it('refuses what would be applied now, with the name of the window and its end, and records the try', async () => {
    const { harness, mesh } = await frozen();
    const request = await harness.request([70, 30, 0]);
    const before = mesh.writes.length;
    await expect(
      harness.service.submit(request, harness.as('mira.kovac')),
    ).rejects.toMatchObject({
      name: 'NotAllowedError',
      message: expect.stringMatching(/^Freeze “Sale” until .* UTC$/),
    });
    expect(mesh.writes).toHaveLength(before);
    expect((await harness.all())[0].state).toBe('denied');
  });

  it('says so in the preview, and passes for a time after it', async () => {
    const { harness } = await frozen();
    const { intent, entityRef } = await harness.request([70, 30, 0]);
    const preview = (applyAt?: string) =>
      harness.service.preview(
        { entityRef, intent, applyAt },
        harness.as('mira.kovac'),
      );
    expect((await preview()).apply.allowed).toBe(false);
    expect((await preview(inHours(4))).apply.allowed).toBe(true);
  });

  it('lets a change be taken back', async () => {
    const { harness, mesh, applied } = await frozen();
    expect((await harness.revert(applied.id)).state).toBe('applied');
    expect(mesh.weights('prod-eu')).toEqual([80, 20, 0]);
  });

  it('keeps what is due until it is over, and says why', async () => {
    const { harness, mesh, knex } = await frozen();
    const change = await submit(harness, { applyAt: inHours(4) });
    await knex('mesh_change').where({ id: change.id }).update({ apply_at: 1 });
    harness.start();
    await harness.untilTrue(async () =>
      Boolean((await harness.get(change.id)).waitingFor),
    );
    expect(await harness.get(change.id)).toMatchObject({
      state: 'scheduled',
      waitingFor: expect.stringContaining('Freeze “Sale” until'),
    });
    const before = mesh.writes.length;
    await harness.stop();
    harness.freezeWindows = [];
    await harness.open(TIMES);
    await knex('mesh_change')
      .where({ id: change.id })
      .update({ timer_until: 0 });
    harness.start();
    await harness.reaches(change.id, 'applied');
    expect(mesh.writes).toHaveLength(before + 1);
  });
});

describe.each([-10, 10])('on a replica whose clock is %i minutes off', off => {
  const open = useMesh();
  const MINUTE_MS = 60_000;
  const trueNow = Date.now;
  const inMinutes = (minutes: number) =>
    new Date(trueNow() + minutes * MINUTE_MS).toISOString();
  const around = (from: number, to: number) => [
    {
      name: 'Sale',
      timeZone: 'UTC',
      when: {
        from: inMinutes(from).slice(0, 16),
        to: inMinutes(to).slice(0, 16),
      },
    },
  ];

  beforeEach(() => {
    jest
      .spyOn(Date, 'now')
      .mockImplementation(() => trueNow() + off * MINUTE_MS);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('freezes hold when they hold for everybody, and only then', async () => {
    const { harness, mesh, knex } = await open({ times: TIMES });
    harness.freezeWindows = around(-4, 5);
    await harness.open(TIMES);
    await expect(submit(harness, {})).rejects.toMatchObject({
      name: 'NotAllowedError',
      message: expect.stringMatching(/^Freeze “Sale”/),
    });
    const change = await submit(harness, { applyAt: inMinutes(7) });
    await knex('mesh_change').where({ id: change.id }).update({ apply_at: 1 });
    harness.start();
    await harness.untilTrue(async () =>
      Boolean((await harness.get(change.id)).waitingFor),
    );
    expect(mesh.writes).toEqual([]);
    await harness.stop();
    // Where this replica alone believes to be.
    harness.freezeWindows = around(off - 4, off + 4);
    await harness.open(TIMES);
    expect((await harness.shift([75, 25, 0])).state).toBe('applied');
  });

  it('a change waits for its time, and the record has the time of the database', async () => {
    const { harness, mesh, knex } = await open({ times: TIMES });
    const change = await submit(harness, { applyAt: inMinutes(5) });
    harness.start();
    // Whatever is due now is done by the time that another change has gone through.
    await harness.shift([75, 25, 0]);
    expect(mesh.weights('prod-eu')).toEqual([75, 25, 0]);
    expect((await harness.get(change.id)).state).toBe('scheduled');
    expect(mesh.writes).toHaveLength(1);
    const recorded: { recorded_at: number }[] = await knex(
      'audit_entry',
    ).orderBy('seq');
    const times = recorded.map(row => Number(row.recorded_at));
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(Math.max(...times)).toBeLessThan(trueNow() + MINUTE_MS);
    expect(Math.min(...times)).toBeGreaterThan(trueNow() - 5 * MINUTE_MS);
  });
});

describe('findTimeProblem', () => {
  const DAY_MS = 24 * HOUR_MS;
  it.each([
    [{}, undefined],
    [{ applyAt: 2, expiresAt: 3 }, undefined],
    [{ applyAt: 1 }, 'applyAt: must be in the future'],
    [{ expiresAt: 1 }, 'expiresAt: must be in the future'],
    [{ applyAt: 3, expiresAt: 3 }, 'expiresAt: must be after applyAt'],
    [{ applyAt: 91 * DAY_MS }, 'applyAt: must be within the next 90 days'],
    [{ expiresAt: 91 * DAY_MS }, 'expiresAt: must be within the next 90 days'],
    [{ breakGlass: {}, expiresAt: 3 }, undefined],
    [
      { breakGlass: {}, applyAt: 3 },
      'applyAt: an emergency is applied at once; leave the time away',
    ],
  ])('%j: %s', (times, problem) => {
    expect(findTimeProblem(times, 1)).toBe(problem);
  });
});
