import { waitFor } from '../clusters/testing/waitFor';
import { REVIEWS } from './__testUtils__/ChangeHarness';
import { shiftReviews } from './__testUtils__/shiftReviews';
import { useMesh } from './__testUtils__/useMesh';

jest.setTimeout(30_000);

describe('submitting a change', () => {
  const open = useMesh();

  it('applies it as the user and tells the story', async () => {
    const { harness, mesh } = await open({ clusters: ['prod-eu', 'prod-us'] });
    const change = await harness.shift([70, 30, 0], {
      clusters: ['prod-eu', 'prod-us'],
    });
    expect(mesh.weights('prod-eu')).toEqual([70, 30, 0]);
    expect(mesh.weights('prod-us')).toEqual([70, 30, 0]);
    expect(change).toMatchObject({
      entityRef: REVIEWS,
      intentType: 'shiftTraffic',
      title: 'reviews: v2 from 20 to 30 %',
      state: 'applied',
      reason: 'Next canary step',
      requestedBy: {
        entityRef: 'user:default/mira.kovac',
        groups: ['group:default/catalog-team'],
      },
      actsAs: { user: 'mira.kovac', groups: ['catalog-team'] },
      revert: { possible: true },
    });
    expect(
      change.operations.map(({ outcome, status, object }) => [
        object.cluster,
        outcome,
        status,
      ]),
    ).toEqual([
      ['prod-eu', 'applied', 200],
      ['prod-us', 'applied', 200],
    ]);
    expect(change.events.slice(0, 2)).toMatchObject([
      { kind: 'requested', text: 'Requested' },
      { kind: 'applied', text: 'Applied in 2 of 2 clusters' },
    ]);
    const [write] = mesh.writes;
    expect(write.headers).toMatchObject({
      'impersonate-user': 'mira.kovac',
      'audit-id': change.operations[0].auditId,
      'user-agent': `istio-portal/0.0.0-test change/${change.id}`,
    });
    expect(write.groups).toEqual(['catalog-team']);
    const record = mesh
      .cluster('prod-eu')
      .audit.find(({ auditId }) => auditId === change.operations[0].auditId);
    expect(record).toMatchObject({
      user: 'portal',
      impersonated: {
        user: 'mira.kovac',
        groups: ['catalog-team', 'system:authenticated'],
      },
      verb: 'patch',
    });
    expect(mesh.route('prod-eu')?.metadata.annotations).toMatchObject({
      'istio-portal.dev/change-id': change.id,
      'istio-portal.dev/changed-by': 'user:default/mira.kovac',
      'shop.example/runbook': 'https://runbooks.example/reviews',
    });
  });

  it('leaves what the form does not know as it was', async () => {
    const { harness, mesh } = await open();
    const before = mesh.route('prod-eu')!;
    await harness.shift([70, 30, 0]);
    const after = mesh.route('prod-eu')!;
    const expected = structuredClone(before.spec) as {
      http: { route: { weight: number }[] }[];
    };
    [70, 30, 0].forEach((weight, index) => {
      expected.http[0].route[index].weight = weight;
    });
    expect(after.spec).toEqual(expected);
    expect(after.metadata.labels).toEqual(before.metadata.labels);
  });

  it('has committed the intent before the first request arrives', async () => {
    const { harness, mesh, knex } = await open();
    const found: unknown[] = [];
    mesh.beforeWrite = async ({ headers }) => {
      const [, id] = /change\/(\S+)$/.exec(headers['user-agent'] ?? '') ?? [];
      const entries = await harness.auditLog.list({ opIds: [id] });
      const row = await knex('mesh_change').where({ id }).first();
      found.push({ state: row?.state, entries });
    };
    const request = await harness.request([70, 30, 0]);
    await harness.service.submit(request, harness.as('mira.kovac'));
    expect(found).toEqual([
      {
        state: 'applying',
        entries: [
          expect.objectContaining({
            kind: 'intent',
            actor: 'user:default/mira.kovac',
            target: REVIEWS,
            payload: expect.objectContaining({
              reason: 'Next canary step',
              planHash: request.planHash,
              groups: ['group:default/catalog-team'],
              operations: [
                expect.objectContaining({
                  action: 'patch',
                  attemptId: expect.stringMatching(/^[0-9A-Z]{26}$/),
                  base: expect.objectContaining({ hash: expect.any(String) }),
                  before: expect.anything(),
                  after: expect.anything(),
                }),
              ],
            }),
          }),
        ],
      },
    ]);
  });

  it.each([['mesh_change'], ['audit_entry'], ['object_lock']])(
    'sends nothing when %s cannot be written',
    async table => {
      const { harness, mesh, knex } = await open();
      const request = await harness.request([70, 30, 0]);
      await knex.raw(
        `CREATE TRIGGER no_writes BEFORE INSERT ON ${table} BEGIN SELECT RAISE(ABORT, 'disk full'); END`,
      );
      await expect(
        harness.service.submit(request, harness.as('mira.kovac')),
      ).rejects.toMatchObject({
        name: 'ServiceUnavailableError',
        message: 'The change could not be recorded, so nothing was sent',
      });
      expect(mesh.writes).toEqual([]);
      expect(mesh.weights('prod-eu')).toEqual([80, 20, 0]);
    },
  );

  it('tells the second of two people, and loses nothing', async () => {
    const { harness, mesh } = await open();
    const [mira, lena] = [
      await harness.request([70, 30, 0]),
      await harness.request([50, 50, 0], { by: 'lena.fischer' }),
    ];
    await harness.service.submit(mira, harness.as('mira.kovac'));
    await expect(
      harness.service.submit(lena, harness.as('lena.fischer')),
    ).rejects.toMatchObject({
      name: 'ConflictError',
      message: expect.stringMatching(/^The route changed since you looked/),
    });
    expect(mesh.weights('prod-eu')).toEqual([70, 30, 0]);
    const [conflict] = await harness.all();
    expect(conflict).toMatchObject({
      state: 'conflict',
      requestedBy: { entityRef: 'user:default/lena.fischer' },
      reason: 'Next canary step',
      revert: { possible: false, why: 'Nothing of it is in force' },
    });
    expect(conflict.operations).toMatchObject([{ outcome: 'notSent' }]);
    expect(conflict.events).toMatchObject([{ kind: 'conflict' }]);
  });

  it('notices an edit between its own check and the request', async () => {
    const { harness, mesh } = await open();
    const request = await harness.request([70, 30, 0]);
    mesh.beforeWrite = () => mesh.editElsewhere('prod-eu', [10, 90, 0]);
    const change = await harness.service.submit(
      request,
      harness.as('mira.kovac'),
    );
    expect(change.state).toBe('conflict');
    expect(change.operations).toMatchObject([
      {
        outcome: 'conflict',
        message: expect.stringContaining('was changed since the preview'),
      },
    ]);
    expect(mesh.weights('prod-eu')).toEqual([10, 90, 0]);
  });

  it('lets one change at a time hold an object', async () => {
    const { harness, mesh } = await open();
    const request = await harness.request([70, 30, 0]);
    let second: Promise<unknown> | undefined;
    mesh.beforeWrite = async () => {
      mesh.beforeWrite = () => {};
      second = harness.service.submit(request, harness.as('lena.fischer'));
      await expect(second).rejects.toMatchObject({
        name: 'ConflictError',
        message: expect.stringMatching(
          /^Another change \(\w{26}\) is being applied to the same object/,
        ),
      });
    };
    const change = await harness.service.submit(
      request,
      harness.as('mira.kovac'),
    );
    expect(change.state).toBe('applied');
    expect(second).toBeDefined();
    expect(mesh.writes).toHaveLength(1);
    // The lock went with the change: the next one gets through.
    await harness.shift([60, 40, 0]);
  });

  it('refuses and records who may not by permission', async () => {
    const { harness, mesh } = await open();
    const request = await harness.request([70, 30, 0]);
    harness.decide = (user, permission) =>
      user !== 'vera.lind' || permission !== 'istio.change.create';
    await expect(
      harness.service.submit(request, harness.as('vera.lind')),
    ).rejects.toMatchObject({
      name: 'NotAllowedError',
      message:
        'You may not change component:default/reviews (permission istio.change.create)',
    });
    expect(mesh.writes).toEqual([]);
    const [denied] = await harness.all();
    expect(denied).toMatchObject({
      state: 'denied',
      title: 'reviews: v1 70 %, v2 30 %, v3 0 %',
      requestedBy: {
        entityRef: 'user:default/vera.lind',
        groups: ['group:default/viewers'],
      },
      reason: 'Next canary step',
    });
    const [entry] = await harness.auditLog.list({ opIds: [denied.id] });
    expect(entry).toMatchObject({
      kind: 'denied',
      actor: 'user:default/vera.lind',
      payload: { reason: 'Next canary step', tried: 'change-submit' },
    });
  });

  it('refuses and records who may not by the cluster’s own rules', async () => {
    const { harness, mesh } = await open();
    const request = await harness.request([70, 30, 0]);
    await expect(
      harness.service.submit(request, harness.as('vera.lind')),
    ).rejects.toMatchObject({
      name: 'NotAllowedError',
      message: expect.stringMatching(/^vera\.lind may not patch/),
    });
    expect(mesh.writes).toEqual([]);
    const [denied] = await harness.all();
    expect(denied).toMatchObject({
      state: 'denied',
      title: 'reviews: v2 from 20 to 30 %',
      operations: [{ outcome: 'notSent', diff: expect.any(Array) }],
    });
    expect(denied.guardrails.length).toBeGreaterThan(0);
  });

  it('records tries on what the portal cannot see only in the log', async () => {
    const { harness } = await open();
    const request = await harness.request([70, 30, 0]);
    await expect(
      harness.service.submit(
        { ...request, entityRef: 'component:default/nothing' },
        harness.as('mira.kovac'),
      ),
    ).rejects.toMatchObject({ name: 'NotFoundError' });
    expect(await harness.all()).toEqual([]);
    expect((await harness.auditLog.list({})).at(-1)).toMatchObject({
      kind: 'failed',
      target: 'component:default/nothing',
    });
  });

  it('does not send what the dry run refuses', async () => {
    const { harness, mesh } = await open();
    const request = await harness.request([70, 30, 0]);
    mesh.admission = { judged: true, errors: ['no such subset'], warnings: [] };
    await expect(
      harness.service.submit(request, harness.as('mira.kovac')),
    ).rejects.toThrow(/no such subset/);
    expect(mesh.writes).toEqual([]);
    expect((await harness.all())[0].state).not.toBe('applied');
  });

  it('refuses a change that changes nothing', async () => {
    const { harness } = await open();
    const request = await harness.request([80, 20, 0]);
    await expect(
      harness.service.submit(request, harness.as('mira.kovac')),
    ).rejects.toMatchObject({
      name: 'InputError',
      message: 'intent: it is so already, nothing would change',
    });
  });

  it('tells Backstage’s auditor of every call', async () => {
    const { harness } = await open();
    await harness.shift([70, 30, 0]);
    const ids = harness.auditor.createEvent.mock.calls.map(
      ([{ eventId, severityLevel }]) => [eventId, severityLevel],
    );
    expect(ids).toEqual([
      ['change-preview', 'low'],
      ['change-submit', 'medium'],
    ]);
  });

  it('keeps no token and no header in the record', async () => {
    const { harness, knex } = await open();
    await harness.shift([70, 30, 0]);
    const rows = [
      ...(await knex('mesh_change')),
      ...(await knex('change_operation')),
      ...(await knex('audit_entry')),
    ];
    expect(JSON.stringify(rows)).not.toMatch(/portal-token|Bearer/i);
  });

  it('makes the first split with its subsets, and takes it away again', async () => {
    const { harness, mesh } = await open();
    const { store } = mesh.cluster('prod-eu');
    const at = { namespace: 'catalog', name: 'reviews' };
    store.remove('virtualservices.networking.istio.io', at);
    store.remove('destinationrules.networking.istio.io', at);
    await waitFor(() => {
      const snapshot = mesh.reader.snapshot('prod-eu');
      expect(snapshot?.list('VirtualService')).toEqual([]);
      expect(snapshot?.list('DestinationRule')).toEqual([]);
    });
    const intent = shiftReviews([90, 10, 0]);
    const { route: _, ...params } = intent.params;
    const request = {
      entityRef: REVIEWS,
      intent: { ...intent, params },
      reason: 'First split',
    };
    const { plan } = await harness.service.preview(
      request,
      harness.as('mira.kovac'),
    );
    const asked = await harness.service.submit(
      { ...request, planHash: plan.hash },
      harness.as('mira.kovac'),
    );
    // From the spreading over all pods it is a large step, which the callers' team approves.
    const change = await harness.approvals.approve(
      asked.id,
      { approvalHash: asked.approval?.hash ?? '' },
      harness.as('dan.osei'),
    );
    expect(
      change.operations.map(({ action, outcome, object }) => [
        action,
        object.kind,
        outcome,
      ]),
    ).toEqual([
      ['create', 'DestinationRule', 'applied'],
      ['create', 'VirtualService', 'applied'],
    ]);
    expect(mesh.weights('prod-eu').slice(0, 2)).toEqual([90, 10]);
    const revert = await harness.revert(change.id);
    expect(revert.state).toBe('applied');
    expect(mesh.route('prod-eu')).toBeUndefined();
    expect(
      store.get('destinationrules.networking.istio.io', at),
    ).toBeUndefined();
  });
});
