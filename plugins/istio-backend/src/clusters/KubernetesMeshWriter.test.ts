import type {
  KubeObject,
  ObjectRef,
  PlanOperation,
} from '@istio-backstage/plugin-istio-common';
import type { WriteContext } from '@istio-backstage/plugin-istio-node';
import { TinyApiServer } from '../changes/__testUtils__/TinyApiServer';
import { DefaultKubeClient } from './DefaultKubeClient';
import { KubernetesMeshWriter } from './KubernetesMeshWriter';

const REF: ObjectRef = {
  cluster: 'prod-eu',
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  namespace: 'catalog',
  name: 'reviews',
};

const CONTEXT: WriteContext = {
  actingUser: { user: 'mira.kovac', groups: ['catalog-team', 'dev'] },
  changeId: '01HZY0000000000000000000AA',
  changedBy: 'user:default/mira.kovac',
  attemptId: '01HZY0000000000000000000AB',
  dryRun: false,
};

function reviews(
  weight: number,
  annotations?: Record<string, string>,
): KubeObject {
  return {
    apiVersion: REF.apiVersion,
    kind: REF.kind,
    metadata: { name: 'reviews', namespace: 'catalog', annotations },
    spec: { hosts: ['reviews'], weight },
  };
}

function edit(base: KubeObject, weight: number): PlanOperation {
  const { uid = '', resourceVersion = '' } = base.metadata;
  return {
    index: 0,
    action: 'patch',
    object: REF,
    base: { uid, resourceVersion, hash: '' },
    patch: [
      { op: 'test', path: '/metadata/uid', value: uid },
      { op: 'test', path: '/metadata/resourceVersion', value: resourceVersion },
      { op: 'replace', path: '/spec/weight', value: weight },
    ],
    diff: [],
    fieldManagers: [],
  };
}

function deletion(base: KubeObject): PlanOperation {
  return {
    ...edit(base, 0),
    action: 'delete',
    patch: undefined,
    before: { ...reviews(80) },
  };
}

describe('KubernetesMeshWriter', () => {
  let server: TinyApiServer;
  let writer: KubernetesMeshWriter;
  let clock = 0;

  beforeEach(async () => {
    server = await TinyApiServer.start();
    const client = DefaultKubeClient.create({
      name: 'prod-eu',
      url: server.url,
      token: 'portal-token',
    });
    writer = KubernetesMeshWriter.create({
      clients: [client],
      version: '1.2.3',
      timeoutMs: 2000,
      now: () => clock,
    });
  });

  afterEach(() => server.stop());

  it('edits as the user with all groups, the change named everywhere', async () => {
    const base = server.put('virtualservices', reviews(80));
    const result = await writer.write(edit(base, 70), CONTEXT);

    expect(result).toMatchObject({
      outcome: 'applied',
      status: 200,
      auditId: CONTEXT.attemptId,
      object: { spec: { weight: 70 } },
    });
    const [write] = server.writes;
    expect(write).toMatchObject({
      method: 'PATCH',
      user: 'mira.kovac',
      groups: ['catalog-team', 'dev'],
      headers: {
        authorization: 'Bearer portal-token',
        'audit-id': CONTEXT.attemptId,
        'content-type': 'application/json-patch+json',
        'user-agent': `istio-portal/1.2.3 change/${CONTEXT.changeId}`,
      },
    });
    expect(write.query.get('fieldManager')).toBe('istio-portal');
    expect(
      server.get('virtualservices', 'catalog', 'reviews')?.metadata.annotations,
    ).toEqual({
      'istio-portal.dev/change-id': CONTEXT.changeId,
      'istio-portal.dev/changed-by': 'user:default/mira.kovac',
    });
  });

  it('keeps the annotations of others', async () => {
    const base = server.put('virtualservices', reviews(80, { 'a/b': 'c' }));
    await writer.write(edit(base, 70), CONTEXT);
    expect(
      server.get('virtualservices', 'catalog', 'reviews')?.metadata.annotations,
    ).toMatchObject({
      'a/b': 'c',
      'istio-portal.dev/change-id': CONTEXT.changeId,
    });
  });

  it('changes nothing in a dry run', async () => {
    const base = server.put('virtualservices', reviews(80));
    const result = await writer.write(edit(base, 70), {
      ...CONTEXT,
      dryRun: true,
    });
    expect(result).toMatchObject({ outcome: 'applied' });
    expect(server.writes).toEqual([]);
    expect(server.seen.at(-1)?.query.get('dryRun')).toBe('All');
    expect(server.get('virtualservices', 'catalog', 'reviews')).toEqual(base);
  });

  it('removes nothing in a dry run of a deletion', async () => {
    const base = server.put('virtualservices', reviews(80));
    expect(
      await writer.write(deletion(base), { ...CONTEXT, dryRun: true }),
    ).toMatchObject({ outcome: 'applied' });
    expect(server.get('virtualservices', 'catalog', 'reviews')).toEqual(base);
  });

  it('does not send an edit of a base that moved', async () => {
    const base = server.put('virtualservices', reviews(80));
    server.put('virtualservices', reviews(50));
    expect(await writer.write(edit(base, 70), CONTEXT)).toMatchObject({
      outcome: 'conflict',
      message:
        'VirtualService catalog/reviews in prod-eu was changed since the preview',
    });
    expect(server.writes).toEqual([]);
  });

  it('tells a base that moved at the last moment from an invalid edit', async () => {
    const base = server.put('virtualservices', reviews(80));
    server.onRequest = request => {
      if (request.method === 'PATCH') {
        server.put('virtualservices', reviews(50));
      }
      return undefined;
    };
    expect(await writer.write(edit(base, 70), CONTEXT)).toMatchObject({
      outcome: 'conflict',
      status: 422,
    });
    expect(
      server.get('virtualservices', 'catalog', 'reviews')?.spec?.weight,
    ).toBe(50);

    const again = server.put('virtualservices', reviews(80));
    server.onRequest = request =>
      request.method === 'PATCH'
        ? {
            status: 422,
            body: { kind: 'Status', message: 'spec.http is invalid' },
          }
        : undefined;
    expect(await writer.write(edit(again, 70), CONTEXT)).toMatchObject({
      outcome: 'failed',
      status: 422,
      message: 'spec.http is invalid',
    });
  });

  it('says conflict when the object is gone', async () => {
    const base = server.put('virtualservices', reviews(80));
    server.objects.clear();
    expect(await writer.write(edit(base, 70), CONTEXT)).toMatchObject({
      outcome: 'conflict',
      message:
        'VirtualService catalog/reviews in prod-eu was deleted since the preview',
    });
  });

  it('creates by POST, and says conflict when somebody was faster', async () => {
    const operation: PlanOperation = {
      index: 0,
      action: 'create',
      object: REF,
      body: { ...reviews(100) },
      diff: [],
      fieldManagers: [],
    };
    expect(await writer.write(operation, CONTEXT)).toMatchObject({
      outcome: 'applied',
      status: 201,
      object: {
        metadata: {
          annotations: { 'istio-portal.dev/change-id': CONTEXT.changeId },
        },
      },
    });
    expect(await writer.write(operation, CONTEXT)).toMatchObject({
      outcome: 'conflict',
      status: 409,
    });
  });

  it('deletes only the object that was looked at', async () => {
    const base = server.put('virtualservices', reviews(80));
    const operation = deletion(base);
    server.put('virtualservices', reviews(60));
    expect(await writer.write(operation, CONTEXT)).toMatchObject({
      outcome: 'conflict',
      status: 409,
    });
    const { uid = '', resourceVersion = '' } =
      server.get('virtualservices', 'catalog', 'reviews')?.metadata ?? {};
    expect(
      await writer.write(
        { ...operation, base: { uid, resourceVersion, hash: '' } },
        CONTEXT,
      ),
    ).toMatchObject({ outcome: 'applied', status: 200 });
    expect(server.objects.size).toBe(0);
  });

  it('tells denied, failed and unknown apart', async () => {
    const base = server.put('virtualservices', reviews(80));
    const answered = async (status: number, message = 'no') => {
      server.onRequest = request =>
        request.method === 'PATCH'
          ? { status, body: { kind: 'Status', message } }
          : undefined;
      return (await writer.write(edit(base, 70), CONTEXT)).outcome;
    };
    expect(await answered(403)).toBe('denied');
    expect(await answered(409)).toBe('conflict');
    expect(await answered(400)).toBe('failed');
    expect(await answered(401)).toBe('failed');
    expect(await answered(429)).toBe('failed');
    expect(await answered(503)).toBe('unknown');
    expect(await answered(504)).toBe('unknown');
    expect(
      await answered(
        500,
        'Internal error occurred: failed calling webhook "x"',
      ),
    ).toBe('failed');
  });

  it('calls a lost answer unknown, and a connection never made not sent', async () => {
    const base = server.put('virtualservices', reviews(80));
    server.onRequest = request =>
      request.method === 'PATCH' ? 'dropAfter' : undefined;
    expect(await writer.write(edit(base, 70), CONTEXT)).toMatchObject({
      outcome: 'unknown',
    });
    expect(
      server.get('virtualservices', 'catalog', 'reviews')?.spec?.weight,
    ).toBe(70);

    await server.stop();
    const result = await writer.write(edit(base, 70), CONTEXT);
    expect(result).toMatchObject({ outcome: 'failed', status: 0 });
    expect(result).toHaveProperty(
      'message',
      expect.stringMatching(/Nothing was sent$/),
    );
  });

  it('hands on the warnings of the API server', async () => {
    const base = server.put('virtualservices', reviews(80));
    server.onRequest = request =>
      request.method === 'PATCH'
        ? {
            status: 200,
            body: base,
            headers: {
              Warning: '299 - "unknown field \\"spec.x\\"", 299 - "old"',
            },
          }
        : undefined;
    expect(await writer.write(edit(base, 70), CONTEXT)).toMatchObject({
      warnings: ['unknown field "spec.x"', 'old'],
    });
  });

  it('refuses what is not of the mesh, and a write as nobody', async () => {
    const secret = { ...REF, apiVersion: 'v1', kind: 'Secret' };
    const base = server.put('virtualservices', reviews(80));
    for (const refused of [
      writer.write({ ...edit(base, 1), object: secret }, CONTEXT),
      writer.write(
        {
          ...edit(base, 1),
          object: { ...REF, apiVersion: 'v1', kind: 'Service' },
        },
        CONTEXT,
      ),
      writer.write(edit(base, 1), {
        ...CONTEXT,
        actingUser: { user: '', groups: [] },
      }),
      writer.write({ ...edit(base, 1), base: undefined }, CONTEXT),
    ]) {
      expect(await refused).toMatchObject({ outcome: 'failed', status: 0 });
    }
    expect(server.seen).toEqual([]);
  });

  it('asks for access as the user', async () => {
    server.writers = new Set(['mira.kovac']);
    const ask = (user: string) =>
      writer.authorizeWrite({
        cluster: 'prod-eu',
        actingUser: { user, groups: ['catalog-team'] },
        object: REF,
        verb: 'patch',
      });
    expect(await ask('mira.kovac')).toEqual({ allowed: true });
    expect(server.seen.at(-1)).toMatchObject({
      user: 'mira.kovac',
      groups: ['catalog-team'],
      body: {
        spec: {
          resourceAttributes: {
            namespace: 'catalog',
            verb: 'patch',
            group: 'networking.istio.io',
            resource: 'virtualservices',
            name: 'reviews',
          },
        },
      },
    });
    expect(await ask('vera.lind')).toEqual({
      allowed: false,
      reason:
        'vera.lind may not patch VirtualService catalog/reviews in prod-eu: no role allows it',
    });
    server.onRequest = () => ({ status: 500 });
    await expect(ask('mira.kovac')).rejects.toThrow(/did not say whether/);
  });

  it('knows whether istiod validates the kind', async () => {
    const part = () =>
      writer.istioWebhookFor('prod-eu', REF.apiVersion, 'VirtualService');
    const later = async () => {
      clock += 61_000;
      return part();
    };
    expect(await part()).toBe('notRegistered');
    const webhook = {
      name: 'rev.validation.istio.io',
      failurePolicy: 'Fail',
      clientConfig: { service: { name: 'istiod', namespace: 'istio-system' } },
      rules: [
        {
          apiGroups: ['networking.istio.io', 'security.istio.io'],
          apiVersions: ['*'],
          resources: ['*'],
          operations: ['CREATE', 'UPDATE'],
        },
      ],
    };
    server.webhooks = [webhook];
    expect(await part()).toBe('notRegistered');
    expect(await later()).toBe('tookPart');
    expect(
      await writer.istioWebhookFor(
        'prod-eu',
        'gateway.networking.k8s.io/v1',
        'HTTPRoute',
      ),
    ).toBe('notForThisKind');
    server.webhooks = [{ ...webhook, failurePolicy: 'Ignore' }];
    expect(await later()).toBe('unknown');
    server.onRequest = () => ({ status: 403 });
    expect(await later()).toBe('unknown');
    server.onRequest = () => undefined;
    server.webhooks = [webhook];
    expect(await part()).toBe('tookPart');
  });

  it('reads live, and tells missing from unreachable', async () => {
    expect(await writer.read(REF)).toBeUndefined();
    const stored = server.put('virtualservices', reviews(80));
    expect(await writer.read(REF)).toEqual(stored);
    server.onRequest = () => ({ status: 500 });
    await expect(writer.read(REF)).rejects.toThrow(/did not show/);
    await expect(writer.read({ ...REF, cluster: 'mars' })).rejects.toThrow(
      'Cluster mars is not configured',
    );
  });
});
