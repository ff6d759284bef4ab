import {
  startTestCluster,
  type TestCluster,
} from './testUtils/startTestCluster';

const PATH = '/api/v1/namespaces/catalog/configmaps';

function configMap(name: string) {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } };
}

describe('faults', () => {
  let target: TestCluster;
  beforeEach(async () => {
    target = await startTestCluster();
  });
  afterEach(() => target.close());

  it.each([
    [409, 'Conflict'],
    [410, 'Expired'],
    [429, 'TooManyRequests'],
    [500, 'InternalError'],
    [503, 'ServiceUnavailable'],
  ])('answers with %i once, without effect', async (status, reason) => {
    target.cluster.faults.add({ match: { method: 'post' }, times: 1, status });
    const refused = await target.request('POST', PATH, {
      body: configMap('c'),
    });
    expect(refused.status).toBe(status);
    expect(refused.body).toMatchObject({
      kind: 'Status',
      reason,
      code: status,
    });
    expect(target.cluster.store.list('configmaps')).toEqual([]);
    expect(target.cluster.faults.list()).toEqual([]);
    expect(
      (await target.request('POST', PATH, { body: configMap('c') })).status,
    ).toBe(201);
  });

  it('says when to come back', async () => {
    target.cluster.faults.add({
      match: {},
      times: 1,
      status: 429,
      retryAfter: 7,
      message: 'slow down',
    });
    const refused = await target.request('GET', PATH);
    expect(refused.headers.get('retry-after')).toBe('7');
    expect(refused.body).toMatchObject({
      message: 'slow down',
      details: { retryAfterSeconds: 7 },
    });
  });

  it('drops the answer after the effect: the client cannot know, the object is there', async () => {
    target.cluster.faults.add({
      match: { verb: 'create', resource: 'configmaps' },
      times: 1,
      dropAfterEffect: true,
    });
    await expect(
      target.request('POST', PATH, { body: configMap('c') }),
    ).rejects.toThrow('fetch failed');
    expect(
      target.cluster.store.get('configmaps', {
        namespace: 'catalog',
        name: 'c',
      }),
    ).toBeDefined();
    expect(target.cluster.audit.at(-1)).toMatchObject({
      verb: 'create',
      code: 0,
    });
  });

  it('delays', async () => {
    target.cluster.faults.add({
      match: { path: /configmaps$/ },
      times: 1,
      delayMs: 120,
    });
    const began = Date.now();
    expect((await target.request('GET', PATH)).status).toBe(200);
    expect(Date.now() - began).toBeGreaterThanOrEqual(110);
  });

  it('hits only what matches: user, verb, resource, path', async () => {
    target.cluster.faults.add({ match: { user: 'mira.kovac' }, status: 503 });
    target.cluster.faults.add({
      match: { resource: 'virtualservices.networking.istio.io' },
      status: 500,
    });
    expect((await target.request('GET', PATH)).status).toBe(200);
    expect(
      (
        await target.request('GET', PATH, {
          headers: { 'Impersonate-User': 'mira.kovac' },
        })
      ).status,
    ).toBe(503);
    expect(
      (
        await target.request(
          'GET',
          '/apis/networking.istio.io/v1/virtualservices',
        )
      ).status,
    ).toBe(500);
  });

  it('can be taken back', async () => {
    const undo = target.cluster.faults.add({ match: {}, status: 500 });
    target.cluster.faults.add({ match: { verb: 'list' }, status: 503 });
    undo();
    expect((await target.request('GET', PATH)).status).toBe(503);
    target.cluster.faults.clear();
    expect((await target.request('GET', PATH)).status).toBe(200);
  });

  it('a dead cluster takes connections and destroys them; it comes back', async () => {
    target.cluster.faults.setState('dead');
    await expect(target.request('GET', '/version')).rejects.toThrow(
      'fetch failed',
    );
    target.cluster.faults.setState('up');
    expect((await target.request('GET', '/version')).status).toBe(200);
  });

  it('a slow cluster answers late', async () => {
    target.cluster.faults.setState('slow', { delayMs: 100 });
    expect(target.cluster.faults.state()).toBe('slow');
    const began = Date.now();
    expect((await target.request('GET', '/version')).status).toBe(200);
    expect(Date.now() - began).toBeGreaterThanOrEqual(95);
  });

  it('a cluster that dies while it is slow does not answer', async () => {
    target.cluster.faults.setState('slow', { delayMs: 200 });
    const answer = target.request('GET', '/version');
    setTimeout(() => target.cluster.faults.setState('dead'), 50);
    await expect(answer).rejects.toThrow('fetch failed');
  });
});
