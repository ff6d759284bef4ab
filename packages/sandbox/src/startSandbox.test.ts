import { createServer } from 'node:net';
import type { RunningCluster, RunningSandbox } from './startSandbox';
import { startSandbox } from './startSandbox';

const START = Date.parse('2026-07-14T14:32:00Z');
const ADMIN = {
  authorization: 'Bearer sandbox-admin',
  'content-type': 'application/json',
};

let now = START;
let sandbox: RunningSandbox;
let eu: RunningCluster;

beforeAll(async () => {
  sandbox = await startSandbox({ basePort: 0, clock: () => now });
  [eu] = sandbox.clusters;
});

beforeEach(async () => {
  await control('/reset', {});
});

afterAll(async () => {
  await sandbox?.close();
});

async function prometheus(
  path: string,
  parameters: Record<string, string> | [string, string][] = {},
  init?: RequestInit,
) {
  const query = new URLSearchParams(parameters);
  const response = await fetch(
    `${eu.prometheusUrl}/api/v1/${path}?${query}`,
    init,
  );
  return { status: response.status, body: await response.json() };
}

async function scalar(query: string): Promise<number> {
  const { body } = await prometheus('query', { query });
  return Number(body.data.result[0]?.value[1] ?? 0);
}

async function control(path: string, body: unknown) {
  const response = await fetch(`${eu.controlUrl}${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

const REVIEWS =
  '/apis/networking.istio.io/v1/namespaces/catalog/virtualservices/reviews';

describe('one address per cluster', () => {
  it('serves Kubernetes to the portal account and refuses it writes', async () => {
    expect(sandbox.clusters.map(({ name }) => name)).toEqual([
      'prod-eu',
      'prod-us',
      'staging',
    ]);
    const headers = { authorization: 'Bearer sandbox-portal' };
    const read = await fetch(eu.url + REVIEWS, { headers });
    expect(read.status).toBe(200);
    const write = await fetch(eu.url + REVIEWS, { method: 'DELETE', headers });
    expect(write.status).toBe(403);
  });

  it('lets the portal act as the people of the demo, within their namespaces', async () => {
    const patch = (user: string, group: string) =>
      fetch(`${eu.url}${REVIEWS}?dryRun=All`, {
        method: 'PATCH',
        headers: {
          authorization: 'Bearer sandbox-portal',
          'content-type': 'application/merge-patch+json',
          'impersonate-user': user,
          'impersonate-group': group,
        },
        body: JSON.stringify({ metadata: { labels: { tried: 'yes' } } }),
      }).then(({ status }) => status);
    expect(await patch('mira.kovac', 'catalog-team')).toBe(200);
    expect(await patch('jonas.weber', 'payments-team')).toBe(403);
    expect(await patch('vera.lind', 'viewers')).toBe(403);
    expect(await patch('mira.kovac', 'system:masters')).toBe(403);
    expect(await patch('somebody.else', 'catalog-team')).toBe(403);
  });

  it('moves the graphs when a weight moves in the cluster', async () => {
    const route = async (v1: number, v2: number) => {
      const object = await fetch(eu.url + REVIEWS, { headers: ADMIN }).then(r =>
        r.json(),
      );
      object.spec.http[0].route[0].weight = v1;
      object.spec.http[0].route[1].weight = v2;
      const response = await fetch(eu.url + REVIEWS, {
        method: 'PUT',
        headers: ADMIN,
        body: JSON.stringify(object),
      });
      expect(response.status).toBe(200);
    };
    const share =
      'sum(increase(istio_requests_total{reporter="source",destination_app="reviews",destination_version="v2"}[2m])) / sum(increase(istio_requests_total{reporter="source",destination_app="reviews"}[2m]))';
    expect(await scalar(share)).toBeCloseTo(0.2, 1);
    await route(40, 60);
    expect(await scalar(share)).toBeCloseTo(0.2, 1);
    now += 5 * 60_000;
    expect(await scalar(share)).toBeCloseTo(0.6, 1);
    await control('/reset', {});
    now += 5 * 60_000;
    expect(await scalar(share)).toBeCloseTo(0.2, 1);
  });

  it('turns callers away by a policy that is made in the cluster, until it is deleted', async () => {
    const policies = `${eu.url}/apis/security.istio.io/v1/namespaces/payments/authorizationpolicies`;
    const refused =
      'sum(increase(istio_requests_total{reporter="source",source_workload="checkout",destination_app="payments",response_code="403"}[2m]))';
    const made = await fetch(policies, {
      method: 'POST',
      headers: ADMIN,
      body: JSON.stringify({
        apiVersion: 'security.istio.io/v1',
        kind: 'AuthorizationPolicy',
        metadata: { name: 'no-checkout', namespace: 'payments' },
        spec: {
          action: 'DENY',
          rules: [
            {
              from: [
                {
                  source: {
                    principals: ['cluster.local/ns/storefront/sa/checkout'],
                  },
                },
              ],
            },
          ],
        },
      }),
    });
    expect(made.status).toBe(201);
    now += 5 * 60_000;
    expect(await scalar(refused)).toBeGreaterThan(10);
    const gone = await fetch(`${policies}/no-checkout`, {
      method: 'DELETE',
      headers: ADMIN,
    });
    expect(gone.status).toBe(200);
    now += 5 * 60_000;
    expect(await scalar(refused)).toBe(0);
  });

  it('names the port that is taken and leaves nothing running', async () => {
    const blocker = createServer();
    await new Promise<void>(resolve => {
      blocker.listen(0, '127.0.0.1', resolve);
    });
    const { port } = blocker.address() as { port: number };
    await expect(startSandbox({ basePort: port })).rejects.toThrow(
      `Port ${port} on 127.0.0.1 is taken, and cluster prod-eu needs it.`,
    );
    await new Promise(resolve => {
      blocker.close(resolve);
    });
  });
});

describe('the Prometheus API', () => {
  it('answers queries by GET and by form', async () => {
    const query =
      'sum by (destination_app) (rate(istio_requests_total{reporter="destination",destination_app="payments"}[5m]))';
    const got = await prometheus('query', { query });
    const posted = await prometheus(
      'query',
      {},
      {
        method: 'POST',
        body: new URLSearchParams({ query }),
      },
    );
    expect(got.body).toEqual(posted.body);
    expect(got.body.status).toBe('success');
    expect(got.body.data.resultType).toBe('vector');
    const [{ metric, value }] = got.body.data.result;
    expect(metric).toEqual({ destination_app: 'payments' });
    expect(value[0]).toBe(now / 1000);
    expect(typeof value[1]).toBe('string');
  });

  it('answers ranges, series, labels, label values and build information', async () => {
    const end = String(now / 1000);
    const range = await prometheus('query_range', {
      query: 'up{pod=~"istiod.*"}',
      start: String(now / 1000 - 60),
      end,
      step: '30',
    });
    expect(range.body.data.resultType).toBe('matrix');
    expect(range.body.data.result[0].values).toHaveLength(3);
    const series = await prometheus('series', [
      ['match[]', 'istio_requests_total{destination_app="ratings"}'],
    ]);
    expect(series.body.data[0]).toMatchObject({
      __name__: 'istio_requests_total',
      destination_service: 'ratings.catalog.svc.cluster.local',
    });
    const labels = await prometheus('labels');
    expect(labels.body.data).toContain('connection_security_policy');
    const values = await prometheus('label/reporter/values');
    expect(values.body.data).toEqual(['destination', 'source', 'waypoint']);
    const info = await prometheus('status/buildinfo');
    expect(info.body.data.version).toBe('2.42.0');
  });

  it.each([
    ['query', {}, 400, 'bad_data'],
    ['query', { query: 'sum(' }, 400, 'bad_data'],
    ['query', { query: 'up', time: 'yesterday' }, 400, 'bad_data'],
    ['query', { query: 'up @ 5' }, 422, 'execution'],
    ['query', { query: 'rate(up[5m:1m])' }, 422, 'execution'],
    ['query', { query: 'predict_linear(up[5m], 60)' }, 422, 'execution'],
    ['query', { query: 'sort_by_label(up, "pod")' }, 422, 'execution'],
    ['query_range', { query: 'up' }, 400, 'bad_data'],
    [
      'query_range',
      { query: 'up', start: '0', end: '10', step: '0' },
      400,
      'bad_data',
    ],
    [
      'query_range',
      { query: 'up', start: '10', end: '0', step: '1' },
      400,
      'bad_data',
    ],
    [
      'query_range',
      { query: 'up', start: '0', end: '11001', step: '1' },
      400,
      'bad_data',
    ],
    ['series', {}, 400, 'bad_data'],
    ['label/no-label/values', {}, 400, 'bad_data'],
  ])(
    'refuses %s %p with %d %s',
    async (path, parameters, status, errorType) => {
      const answer = await prometheus(path, parameters);
      expect(answer.status).toBe(status);
      expect(answer.body).toEqual({
        status: 'error',
        errorType,
        error: expect.any(String),
      });
    },
  );

  it('accepts 11,000 points and names the limit', async () => {
    const ask = (end: number) =>
      prometheus('query_range', {
        query: 'up',
        start: '0',
        end: `${end}`,
        step: '1',
      });
    expect((await ask(11_000)).status).toBe(200);
    expect((await ask(11_001)).body.error).toContain('11,000 points');
  });
});

describe('the control API', () => {
  it('makes another edge fail from now on', async () => {
    const failing =
      'sum(increase(istio_requests_total{reporter="destination",source_app="catalog",destination_app="reviews",response_code="500"}[5m]))';
    expect(await scalar(failing)).toBe(0);
    const { status } = await control('/world', {
      changes: [
        {
          type: 'failure',
          from: 'catalog/catalog',
          to: 'catalog/reviews',
          version: 'v1',
          share: 0.3,
          code: '500',
        },
      ],
    });
    expect(status).toBe(200);
    expect(await scalar(failing)).toBe(0);
    now += 6 * 60_000;
    expect(await scalar(failing)).toBeGreaterThan(400);
  });

  it('sets readiness in the pods, the Deployment and the traffic', async () => {
    const { status } = await control('/world', {
      changes: [
        {
          type: 'readiness',
          namespace: 'catalog',
          workload: 'reviews-v2',
          ready: 0,
        },
      ],
    });
    expect(status).toBe(200);
    const deployment = await fetch(
      `${eu.url}/apis/apps/v1/namespaces/catalog/deployments/reviews-v2`,
      { headers: ADMIN },
    ).then(response => response.json());
    expect(deployment.status.readyReplicas ?? 0).toBe(0);
    now += 6 * 60_000;
    expect(
      await scalar(
        'sum(increase(istio_requests_total{destination_service_name="reviews",response_flags="UH"}[5m]))',
      ),
    ).toBeGreaterThan(500);
  });

  it.each([
    [
      '/world',
      { changes: [{ type: 'rate', sender: 'nobody', rate: 1 }] },
      /sender: no sender `nobody`; known: visitors/,
    ],
    [
      '/world',
      { changes: [{ type: 'failure', to: 'a/b', share: 2 }] },
      /changes\.0\.share: must be a share from 0 to 1/,
    ],
    [
      '/world',
      { changes: [{ type: 'failure', to: 'reviews', share: 1 }] },
      /to: nothing is called `reviews`; known: .*catalog\/reviews/,
    ],
    [
      '/world',
      {
        changes: [
          { type: 'failure', from: 'cat', to: 'catalog/reviews', share: 1 },
        ],
      },
      /from: nothing is called `cat`/,
    ],
    [
      '/world',
      {
        changes: [
          {
            type: 'readiness',
            namespace: 'catalog',
            workload: 'ratings',
            ready: 9,
          },
        ],
      },
      /ready: catalog\/ratings has 2 pods/,
    ],
    ['/state', { state: 'asleep' }, /state: .*'up' \| 'slow' \| 'dead'/],
    ['/faults', { status: 200 }, /status: /],
  ])('refuses %s %j by the field', async (path, body, message) => {
    const answer = await control(path, body);
    expect(answer.status).toBe(400);
    expect(answer.body.error).toMatch(message);
  });

  it('kills and revives a cluster with its telemetry, and still answers itself', async () => {
    await control('/state', { state: 'dead' });
    await expect(prometheus('query', { query: 'up' })).rejects.toThrow();
    await expect(fetch(`${eu.url}/version`)).rejects.toThrow();
    const { body } = await control('/state', { state: 'up' });
    expect(body.state).toBe('up');
    expect((await prometheus('query', { query: 'up' })).status).toBe(200);
  });

  it('makes a cluster slow', async () => {
    await control('/state', { state: 'slow', delayMs: 300 });
    const started = performance.now();
    await prometheus('query', { query: 'up' });
    expect(performance.now() - started).toBeGreaterThan(290);
  });

  it('compacts: pages begun before are gone', async () => {
    const list = `${eu.url}/api/v1/pods?limit=1`;
    const page = await (await fetch(list, { headers: ADMIN })).json();
    const next = `${list}&continue=${encodeURIComponent(
      page.metadata.continue,
    )}`;
    expect((await fetch(next, { headers: ADMIN })).status).toBe(200);
    // A change makes the page a thing of the past.
    await control('/world', {
      changes: [
        {
          type: 'readiness',
          namespace: 'catalog',
          workload: 'reviews-v2',
          ready: 0,
        },
      ],
    });
    expect((await control('/compact', {})).status).toBe(200);
    const gone = await fetch(next, { headers: ADMIN });
    expect(gone.status).toBe(410);
    expect((await gone.json()).reason).toBe('Expired');
  });

  it('injects faults into the Kubernetes API', async () => {
    await control('/faults', {
      match: { resource: 'virtualservices', verb: 'get' },
      status: 503,
      times: 1,
    });
    const ask = () =>
      fetch(eu.url + REVIEWS, { headers: ADMIN }).then(({ status }) => status);
    expect(await ask()).toBe(503);
    expect(await ask()).toBe(200);
  });
});
