import {
  type Answer,
  get,
  JSON_PATCH,
  MERGE,
  patch,
  post,
  put,
  remove,
} from '../world/KubeApi';
import { configMap, split, testNamespace, virtualService } from './fixtures';

const namespace = testNamespace('writes');
const path = namespace.virtualServices;
const A = `${path}/a`;

const verdict = ({ status, body }: Answer) => [status, body.kind, body.reason];

beforeEach(async () => {
  await remove(path);
  await post(path, virtualService('a', split(80), { labels: { x: '1' } }));
});

describe('create', () => {
  it('answers the object with what the server adds', async () => {
    const answer = await post(path, virtualService('made'));
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: {
        name: 'made',
        namespace: namespace.name,
        generation: 1,
        uid: expect.stringMatching(
          /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
        ),
        resourceVersion: expect.stringMatching(/^[1-9]\d*$/),
        creationTimestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}Z$/),
      },
      spec: split(80),
    });
  });

  it('makes a name from generateName', async () => {
    const object = {
      ...virtualService(undefined),
      metadata: { generateName: 'pre-' },
    };
    const first = await post(path, object);
    const second = await post(path, object);
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(first.body.metadata.name).toMatch(/^pre-[a-z0-9]{5}$/);
    expect(second.body.metadata.name).not.toBe(first.body.metadata.name);
  });

  it('of a name that is there is a conflict', async () => {
    const answer = await post(path, virtualService('a'));
    expect(verdict(answer)).toEqual([409, 'Status', 'AlreadyExists']);
    expect(answer.body.details).toMatchObject({
      name: 'a',
      group: 'networking.istio.io',
      kind: 'virtualservices',
    });
  });

  it('in a namespace that is missing is not found', async () => {
    const answer = await post(
      path.replace(namespace.name, 'conformance-nowhere'),
      virtualService('a'),
    );
    expect(verdict(answer)).toEqual([404, 'Status', 'NotFound']);
    expect(answer.body.details).toMatchObject({
      name: 'conformance-nowhere',
      kind: 'namespaces',
    });
  });

  it('as a dry run leaves nothing behind', async () => {
    const answer = await post(`${path}?dryRun=All`, virtualService('dry'));
    expect(answer.status).toBe(201);
    expect(answer.body.metadata.uid).toBeTruthy();
    expect(answer.body.metadata).not.toHaveProperty('resourceVersion');
    expect((await get(`${path}/dry`)).status).toBe(404);
  });
});

describe('update', () => {
  it('takes the newest version and answers the next', async () => {
    const { body } = await get(A);
    const answer = await put(A, { ...body, spec: split(70) });
    expect(answer.status).toBe(200);
    expect(answer.body.metadata.generation).toBe(2);
    expect(answer.body.metadata.resourceVersion).not.toBe(
      body.metadata.resourceVersion,
    );
  });

  it('that changes nothing keeps version and generation', async () => {
    const { body } = await get(A);
    const answer = await put(A, body);
    expect(answer.status).toBe(200);
    expect(answer.body.metadata).toEqual(body.metadata);
  });

  it('of labels only keeps the generation', async () => {
    const { body } = await get(A);
    const metadata = { ...body.metadata, labels: { x: '2' } };
    const answer = await put(A, { ...body, metadata });
    expect(answer.body.metadata.generation).toBe(1);
  });

  it('from an old version is a conflict', async () => {
    const { body } = await get(A);
    await patch(A, { spec: split(60) }, MERGE);
    const answer = await put(A, { ...body, spec: split(50) });
    expect(verdict(answer)).toEqual([409, 'Status', 'Conflict']);
    expect(answer.body.message).toContain('the object has been modified');
    expect(answer.body.details).toMatchObject({
      name: 'a',
      kind: 'virtualservices',
    });
  });

  it('without a version is invalid for a custom resource', async () => {
    const answer = await put(A, virtualService('a', split(50)));
    expect(verdict(answer)).toEqual([422, 'Status', 'Invalid']);
    expect(answer.body.details?.causes).toEqual([
      expect.objectContaining({ field: 'metadata.resourceVersion' }),
    ]);
  });

  it('of another uid is a conflict', async () => {
    const { body } = await get(A);
    const answer = await put(A, {
      ...body,
      metadata: {
        ...body.metadata,
        uid: '11111111-2222-3333-4444-555555555555',
      },
    });
    expect(verdict(answer)).toEqual([409, 'Status', 'Conflict']);
  });

  it('of what is missing is not found', async () => {
    const answer = await put(
      `${path}/missing`,
      virtualService('missing', split(1), { resourceVersion: '1' }),
    );
    expect(verdict(answer)).toEqual([404, 'Status', 'NotFound']);
  });
});

describe('merge patch', () => {
  it('merges objects, replaces lists, removes by null', async () => {
    const answer = await patch(
      A,
      {
        metadata: { labels: { x: null, y: '2' }, annotations: { n: '1' } },
        spec: { http: [{ route: [{ destination: { host: 'reviews' } }] }] },
      },
      MERGE,
    );
    expect(answer.status).toBe(200);
    expect(answer.body.metadata.labels).toEqual({ y: '2' });
    expect(answer.body.metadata.annotations).toEqual({ n: '1' });
    expect(answer.body.spec).toEqual({
      hosts: ['reviews'],
      http: [{ route: [{ destination: { host: 'reviews' } }] }],
    });
  });

  it('with an old version is a conflict', async () => {
    const { body } = await get(A);
    await patch(A, { spec: split(60) }, MERGE);
    const { resourceVersion } = body.metadata;
    const answer = await patch(
      A,
      { metadata: { resourceVersion, labels: { z: '1' } } },
      MERGE,
    );
    expect(verdict(answer)).toEqual([409, 'Status', 'Conflict']);
  });

  it('as a dry run leaves the object as it was', async () => {
    const before = await get(A);
    const answer = await patch(`${A}?dryRun=All`, { spec: split(10) }, MERGE);
    expect(answer.status).toBe(200);
    expect(answer.body.spec).toEqual(split(10));
    expect((await get(A)).body).toEqual(before.body);
  });
});

describe('JSON patch as the product sends it', () => {
  const edit = (uid: string, resourceVersion: string, weight: number) => [
    { op: 'test', path: '/metadata/uid', value: uid },
    { op: 'test', path: '/metadata/resourceVersion', value: resourceVersion },
    { op: 'test', path: '/spec/http/0/route/0/weight', value: weight },
    { op: 'replace', path: '/spec/http/0/route/0/weight', value: 70 },
    { op: 'replace', path: '/spec/http/0/route/1/weight', value: 30 },
    { op: 'add', path: '/metadata/annotations', value: {} },
    {
      op: 'add',
      path: '/metadata/annotations/istio-portal.dev~1change-id',
      value: 'C',
    },
  ];
  const query = '?fieldManager=istio-portal&timeout=13s';

  it('is applied where its tests hold', async () => {
    const { metadata } = (await get(A)).body;
    const dry = await patch(
      `${A}${query}&dryRun=All`,
      edit(metadata.uid, metadata.resourceVersion, 80),
      JSON_PATCH,
    );
    expect(dry.status).toBe(200);
    const answer = await patch(
      `${A}${query}`,
      edit(metadata.uid, metadata.resourceVersion, 80),
      JSON_PATCH,
    );
    expect(answer.status).toBe(200);
    expect(answer.body.spec).toEqual(split(70));
    expect(answer.body.metadata.annotations).toEqual({
      'istio-portal.dev/change-id': 'C',
    });
    expect(
      answer.body.metadata.managedFields?.map(({ manager }) => manager),
    ).toContain('istio-portal');
  });

  it.each([
    ['uid', ['11111111-2222-3333-4444-555555555555', undefined, 80]],
    ['resourceVersion', [undefined, '1', 80]],
    ['value', [undefined, undefined, 81]],
  ] as const)(
    'is refused with a bare 422 where the %s is another',
    async (_, other) => {
      const { metadata } = (await get(A)).body;
      const [uid = metadata.uid, version = metadata.resourceVersion, weight] =
        other;
      const answer = await patch(
        `${A}${query}`,
        edit(uid, version, weight),
        JSON_PATCH,
      );
      expect(verdict(answer)).toEqual([422, 'Status', 'Invalid']);
      expect(answer.body.details?.causes ?? []).toEqual([]);
      expect((await get(A)).body.spec).toEqual(split(80));
    },
  );

  it.each([
    [
      'a path into nothing',
      [{ op: 'replace', path: '/spec/foo/bar', value: 1 }],
      422,
    ],
    ['a removal of nothing', [{ op: 'remove', path: '/spec/foo' }], 422],
    ['an unknown operation', [{ op: 'x', path: '/spec' }], 422],
    ['no list', { a: 1 }, 400],
    [
      'another name',
      [{ op: 'replace', path: '/metadata/name', value: 'b' }],
      400,
    ],
  ])('with %s is refused', async (_, operations, status) => {
    expect((await patch(A, operations, JSON_PATCH)).status).toBe(status);
  });

  it('of what is missing is not found', async () => {
    expect(verdict(await patch(`${path}/missing`, [], JSON_PATCH))).toEqual([
      404,
      'Status',
      'NotFound',
    ]);
  });
});

describe('patches by another name', () => {
  it('a strategic merge patch is for built-in kinds only', async () => {
    const type = 'application/strategic-merge-patch+json';
    const refused = await patch(A, { spec: {} }, type);
    expect(verdict(refused)).toEqual([415, 'Status', 'UnsupportedMediaType']);
    await post(`${namespace.core}/configmaps`, configMap('c', { a: '1' }));
    const answer = await patch(
      `${namespace.core}/configmaps/c`,
      { data: { b: '2' } },
      type,
    );
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ data: { a: '1', b: '2' } });
  });

  it('plain JSON is no patch', async () => {
    expect(verdict(await patch(A, { spec: {} }, 'application/json'))).toEqual([
      415,
      'Status',
      'UnsupportedMediaType',
    ]);
  });
});

describe('status', () => {
  const status = {
    observedGeneration: '1',
    conditions: [{ type: 'Reconciled', status: 'True', message: 'ok' }],
  };

  it('is written by its own door only, and nothing else there', async () => {
    const side = await patch(
      `${A}/status`,
      { status, spec: { hosts: ['other'] }, metadata: { labels: { s: '1' } } },
      MERGE,
    );
    expect(side.status).toBe(200);
    const main = await patch(A, { status: { observedGeneration: '9' } }, MERGE);
    expect(main.status).toBe(200);
    const { body } = await get(A);
    expect(body.status).toMatchObject({
      conditions: status.conditions,
      observedGeneration: '1',
    });
    expect(body.spec).toEqual(split(80));
    expect(body.metadata.generation).toBe(1);
    expect(
      body.metadata.managedFields?.map(({ subresource }) => subresource),
    ).toContain('status');
  });
});

describe('delete', () => {
  it('with the right preconditions removes', async () => {
    const { uid, resourceVersion } = (await get(A)).body.metadata;
    const answer = await remove(`${A}?fieldManager=istio-portal&timeout=13s`, {
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      preconditions: { uid, resourceVersion },
    });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      kind: 'Status',
      status: 'Success',
      details: { name: 'a', uid, kind: 'virtualservices' },
    });
    expect((await get(A)).status).toBe(404);
  });

  it.each([
    ['uid', { uid: '11111111-2222-3333-4444-555555555555' }],
    ['resourceVersion', { resourceVersion: '1' }],
  ])('with another %s is a conflict', async (_, preconditions) => {
    const answer = await remove(A, { preconditions });
    expect(verdict(answer)).toEqual([409, 'Status', 'Conflict']);
    expect((await get(A)).status).toBe(200);
  });

  it('as a dry run removes nothing', async () => {
    expect((await remove(`${A}?dryRun=All`)).status).toBe(200);
    expect((await remove(A, { dryRun: ['All'] })).status).toBe(200);
    expect((await get(A)).status).toBe(200);
  });

  it('takes its options from the body where there is one, and then none from the query', async () => {
    const { uid } = (await get(A)).body.metadata;
    const answer = await remove(`${A}?dryRun=All&propagationPolicy=Wrong`, {
      preconditions: { uid },
    });
    expect(answer.status).toBe(200);
    expect((await get(A)).status).toBe(404);
  });

  it('of what is missing is not found', async () => {
    expect(verdict(await remove(`${path}/missing`))).toEqual([
      404,
      'Status',
      'NotFound',
    ]);
  });

  it('waits for finalizers', async () => {
    await patch(A, { metadata: { finalizers: ['conformance.test/x'] } }, MERGE);
    const first = await remove(A);
    expect(first.status).toBe(200);
    expect((await get(A)).body.metadata.deletionTimestamp).toBeTruthy();
    await patch(A, { metadata: { finalizers: null } }, MERGE);
    expect((await get(A)).status).toBe(404);
  });

  it('of a collection takes a selector', async () => {
    await post(path, virtualService('b', split(80), { labels: { x: '2' } }));
    expect((await remove(`${path}?labelSelector=x%3D2`)).status).toBe(200);
    expect(
      (await get(path)).body.items.map(item => item.metadata.name),
    ).toEqual(['a']);
  });
});
