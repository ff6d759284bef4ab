import {
  startTestCluster,
  type TestCluster,
} from './testUtils/startTestCluster';

describe('discovery', () => {
  let target: TestCluster;
  beforeAll(async () => {
    target = await startTestCluster();
  });
  afterAll(() => target.close());

  const get = (path: string, headers?: Record<string, string>) =>
    target.request('GET', path, { headers });

  it('lists groups with the preferred version first', async () => {
    const { groups } = (await get('/apis')).body as unknown as {
      groups: {
        name: string;
        preferredVersion: { version: string };
        versions: { version: string }[];
      }[];
    };
    const networking = groups.find(
      group => group.name === 'networking.istio.io',
    );
    expect(networking?.versions.map(({ version }) => version)).toEqual([
      'v1',
      'v1beta1',
      'v1alpha3',
    ]);
    expect(groups.map(group => group.name)).toEqual(
      expect.arrayContaining([
        'apps',
        'gateway.networking.k8s.io',
        'security.istio.io',
        'rbac.authorization.k8s.io',
        'authorization.k8s.io',
      ]),
    );
  });

  it('every resource that discovery names can be listed', async () => {
    const { groups } = (await get('/apis')).body as unknown as {
      groups: { versions: { groupVersion: string }[] }[];
    };
    const paths = [
      '/api/v1',
      ...groups.flatMap(group =>
        group.versions.map(({ groupVersion }) => `/apis/${groupVersion}`),
      ),
    ];
    let listed = 0;
    for (const path of paths) {
      const { resources } = (await get(path)).body as unknown as {
        resources: { name: string; kind: string; verbs: string[] }[];
      };
      for (const resource of resources.filter(({ verbs }) =>
        verbs.includes('list'),
      )) {
        const list = await get(`${path}/${resource.name}`);
        expect({
          path,
          name: resource.name,
          status: list.status,
          kind: list.body.kind,
        }).toEqual({
          path,
          name: resource.name,
          status: 200,
          kind: `${resource.kind}List`,
        });
        listed += 1;
      }
    }
    expect(listed).toBeGreaterThan(60);
  });

  it('answers a list and an object as a table when asked to', async () => {
    target.cluster.store.apply({
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: {
        name: 'reviews',
        namespace: 'catalog',
        creationTimestamp: '2026-07-14T12:32:00Z',
      },
      spec: { hosts: ['reviews'], gateways: ['mesh'] },
    });
    const table = await get('/apis/networking.istio.io/v1/virtualservices', {
      Accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json',
    });
    expect(table.body).toMatchObject({
      kind: 'Table',
      columnDefinitions: [
        { name: 'Name' },
        { name: 'Gateways' },
        { name: 'Hosts' },
        { name: 'Age' },
      ],
      rows: [
        {
          cells: ['reviews', '["mesh"]', '["reviews"]', '120m'],
          object: { kind: 'PartialObjectMetadata' },
        },
      ],
    });
  });

  it('tells kubectl by OpenAPI v3 that it checks fields, and has no v2', async () => {
    const index = (await get('/openapi/v3')).body as unknown as {
      paths: Record<string, { serverRelativeURL: string }>;
    };
    const { serverRelativeURL } = index.paths['apis/networking.istio.io/v1'];
    const document = JSON.stringify((await get(serverRelativeURL)).body);
    expect(document).toContain('"fieldValidation"');
    expect((await get('/openapi/v2')).status).toBe(404);
  });

  it.each([
    ['GET', '/api/v1/namespaces/catalog/pods/x/log', 501],
    ['POST', '/apis/networking.istio.io/v1/virtualservices', 405],
    [
      'PUT',
      '/apis/networking.istio.io/v1/namespaces/catalog/virtualservices',
      405,
    ],
    ['POST', '/api/v1', 405],
    [
      'GET',
      '/apis/networking.istio.io/v1/namespaces/catalog/virtualservices/x/scale',
      404,
    ],
  ])('refuses %s %s with %i', async (method, path, status) => {
    const body = method === 'GET' ? undefined : {};
    expect((await target.request(method, path, { body })).status).toBe(status);
  });

  it('refuses what only speaks protobuf', async () => {
    expect(
      (
        await get('/api/v1/pods', {
          Accept: 'application/vnd.kubernetes.protobuf',
        })
      ).status,
    ).toBe(406);
    const write = await target.request(
      'POST',
      '/api/v1/namespaces/catalog/pods',
      { body: 'k8s', type: 'application/vnd.kubernetes.protobuf' },
    );
    expect(write.status).toBe(415);
  });

  it('refuses a body over 3 MB', async () => {
    const body = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'c' },
      data: { a: 'x'.repeat(3.2e6) },
    };
    expect(
      (
        await target.request('POST', '/api/v1/namespaces/catalog/configmaps', {
          body,
        })
      ).status,
    ).toBe(413);
  });

  it('is not led astray by prototype keys', async () => {
    const text =
      '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"p","__proto__":{"x":1}},"data":{"__proto__":"y","constructor":"z"}}';
    const answer = await target.request(
      'POST',
      '/api/v1/namespaces/catalog/configmaps',
      { body: text },
    );
    expect(answer.status).toBe(201);
    expect(answer.text).not.toContain('__proto__');
    expect(({} as Record<string, unknown>).x).toBeUndefined();
    expect(
      (await target.request('GET', '/api/v1/namespaces/__proto__/configmaps'))
        .body.items,
    ).toEqual([]);
    expect((await target.request('GET', '/api/v1/constructor')).status).toBe(
      404,
    );
  });
});
