import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { PrometheusTelemetryProvider } from './PrometheusTelemetryProvider';

type Handler = (
  form: URLSearchParams,
  res: http.ServerResponse,
  req: http.IncomingMessage,
) => void;

const VECTOR = (result: unknown[]) =>
  JSON.stringify({
    status: 'success',
    data: { resultType: 'vector', result },
  });

const REQUESTS = {
  metric: {
    reporter: 'destination',
    source_workload: 'checkout',
    source_workload_namespace: 'payments',
    destination_workload: 'payments-v1',
    destination_workload_namespace: 'payments',
    response_code: '503',
    connection_security_policy: 'mutual_tls',
    request_protocol: 'http',
  },
  value: [1, '41.5'],
};

describe('PrometheusTelemetryProvider', () => {
  let server: http.Server;
  let url: string;
  let handler: Handler;
  let now: number;
  const seen: { path?: string; form: URLSearchParams; auth?: string }[] = [];

  const answerAll: Handler = (form, res) => {
    const query = form.get('query') ?? '';
    if (query.startsWith('max(timestamp')) {
      res.end(VECTOR([{ metric: {}, value: [1, String(now / 1000 - 3)] }]));
    } else if (query.includes('increase(istio_requests_total')) {
      res.end(VECTOR([REQUESTS]));
    } else {
      res.end(VECTOR([]));
    }
  };

  beforeEach(async () => {
    seen.length = 0;
    now = 1_700_000_000_000;
    handler = answerAll;
    server = http.createServer((req, res) => {
      let body = '';
      req.on('data', chunk => {
        body += chunk;
      });
      req.on('end', () => {
        const form = new URLSearchParams(body);
        const auth = req.headers.authorization;
        seen.push({ path: req.url, form, auth });
        handler(form, res, req);
      });
    });
    await new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', resolve);
    });
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/prom`;
  });

  afterEach(async () => {
    server.closeAllConnections();
    await new Promise(resolve => {
      server.close(resolve);
    });
  });

  function create(
    options: { timeoutSeconds?: number; patienceMs?: number } = {},
  ) {
    return PrometheusTelemetryProvider.create({
      clusters: [
        {
          name: 'eu',
          prometheus: {
            url,
            scrapeIntervalSeconds: 5,
            headers: { Authorization: 'Bearer s3cret' },
          },
        },
        { name: 'bare' },
      ],
      cacheSeconds: 10,
      timeoutSeconds: options.timeoutSeconds ?? 5,
      patienceMs: options.patienceMs,
      now: () => now,
    });
  }

  const payments = { cluster: 'eu', namespace: 'payments', seconds: 300 };

  it('asks by POST, with the headers of the configuration, and reads the answer', async () => {
    const provider = create();
    const observation = await provider.observe(payments);
    expect(observation).toMatchObject({
      cluster: 'eu',
      window: { to: now, seconds: 300 },
      newestSampleAt: now - 3000,
      requests: [{ responseCode: '503', requests: 41.5 }],
    });
    expect(observation.error).toBeUndefined();
    expect(new Set(seen.map(one => one.path))).toEqual(
      new Set(['/prom/api/v1/query']),
    );
    expect(seen[0].auth).toBe('Bearer s3cret');
    expect(seen[0].form.get('time')).toBe('1700000000.000');
    expect(provider.status('eu')).toEqual({ state: 'fresh', asOf: now - 3000 });
  });

  it('gives everybody the same answer for as long as it is fresh', async () => {
    const provider = create();
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => provider.observe(payments)),
    );
    const asked = seen.length;
    expect(new Set(answers).size).toBe(1);
    now += 9_000;
    expect(await provider.observe(payments)).toBe(answers[0]);
    expect(seen.length).toBe(asked);
  });

  it('asks for the newest sample once for all namespaces', async () => {
    const provider = create();
    await provider.observe(payments);
    await provider.observe({ ...payments, namespace: 'catalog' });
    const newest = seen.filter(one =>
      one.form.get('query')?.startsWith('max(timestamp'),
    );
    expect(newest).toHaveLength(1);
  });

  it('gives a slightly old answer at once and has a new one the next time', async () => {
    const provider = create();
    const first = await provider.observe(payments);
    now += 15_000;
    handler = (form, res, req) =>
      setTimeout(() => answerAll(form, res, req), 30);
    expect(await provider.observe(payments)).toBe(first);
    await new Promise(resolve => setTimeout(resolve, 200));
    const second = await provider.observe(payments);
    expect(second.window.to).toBe(now);
  });

  it('waits for a new answer when the old one is too old', async () => {
    const provider = create();
    await provider.observe(payments);
    now += 120_000;
    expect((await provider.observe(payments)).window.to).toBe(now);
  });

  it('observes from a moment on, and keeps that answer under the moment', async () => {
    const provider = create();
    const since = now - 42_000;
    const first = await provider.observe({ ...payments, since });
    expect(first.window.seconds).toBe(42);
    expect(
      seen.some(
        one =>
          one.form.get('query')?.includes('increase(') &&
          one.form.get('query')?.includes('[42s]'),
      ),
    ).toBe(true);
    now += 5_000;
    expect(await provider.observe({ ...payments, since })).toBe(first);
  });

  it.each<[string, Handler, string]>([
    [
      'an error of Prometheus',
      (_, res) => {
        res.writeHead(422);
        res.end(
          JSON.stringify({
            status: 'error',
            errorType: 'execution',
            error: 'query timed out',
          }),
        );
      },
      'Prometheus refused the query (execution): query timed out',
    ],
    [
      'an error that repeats what it was asked with',
      (_, res, req) => {
        res.writeHead(400);
        res.end(
          JSON.stringify({
            status: 'error',
            errorType: 'bad_data',
            error: `not for ${req.headers.authorization}`,
          }),
        );
      },
      'Prometheus refused the query (bad_data): not for …',
    ],
    [
      'something that is not JSON',
      (_, res) => {
        res.writeHead(502);
        res.end('<html>bad gateway</html>');
      },
      'Prometheus answered 502 without JSON',
    ],
    [
      'a redirect',
      (_, res) => {
        res.writeHead(302, { Location: 'http://169.254.169.254/' });
        res.end();
      },
      'Prometheus answered with a redirect (302), which is not followed; configure its final address',
    ],
    [
      'JSON of another kind',
      (_, res) => res.end('{"hits":[]}'),
      'Prometheus answered 200 in a form that is not its query API',
    ],
    [
      'a cut connection',
      (_, res) => res.destroy(),
      'Prometheus does not answer: connection closed',
    ],
  ])('makes %s a value with the reason', async (_, broken, error) => {
    handler = broken;
    const provider = create();
    const observation = await provider.observe(payments);
    expect(observation).toMatchObject({ error, requests: [], tcp: [] });
    expect(JSON.stringify(observation)).not.toContain('s3cret');
    expect(provider.status('eu')).toEqual({
      state: 'unreachable',
      message: error,
    });
  });

  it('does not let one failed query pass for no traffic', async () => {
    handler = (form, res, req) => {
      if (form.get('query')?.includes('istio_tcp_sent')) res.destroy();
      else answerAll(form, res, req);
    };
    const observation = await create().observe(payments);
    expect(observation.error).toBeDefined();
    expect(observation.requests).toEqual([]);
  });

  it('gives up after the timeout', async () => {
    handler = () => {};
    const provider = create({ timeoutSeconds: 0.2 as number });
    const observation = await provider.observe(payments);
    expect(observation.error).toMatch(/did not answer within/);
  });

  it('does not hold up a page longer than its patience, and has the answer later', async () => {
    handler = (form, res, req) =>
      setTimeout(() => answerAll(form, res, req), 300);
    const provider = create({ patienceMs: 50 });
    const early = await provider.observe(payments);
    expect(early.error).toBe('Prometheus has not answered yet');
    await new Promise(resolve => setTimeout(resolve, 700));
    expect((await provider.observe(payments)).error).toBeUndefined();
  });

  it('says when a cluster has no source', async () => {
    const provider = create();
    expect(provider.status('bare').state).toBe('notConfigured');
    expect(
      (await provider.observe({ cluster: 'bare', seconds: 300 })).error,
    ).toContain('No metrics source is configured');
    expect(provider.scrapeIntervalOf('bare')).toBeUndefined();
  });

  it('calls a source stale whose newest sample is old', async () => {
    handler = (form, res, req) => {
      if (form.get('query')?.startsWith('max(timestamp')) {
        res.end(VECTOR([{ metric: {}, value: [1, String(now / 1000 - 90)] }]));
      } else answerAll(form, res, req);
    };
    const provider = create();
    await provider.observe(payments);
    expect(provider.status('eu')).toMatchObject({
      state: 'stale',
      message:
        'Prometheus answers, but its newest sample of the mesh is 90 s old',
    });
  });

  it('reads series on whole steps and shares them', async () => {
    handler = (_, res) =>
      res.end(
        JSON.stringify({
          status: 'success',
          data: {
            resultType: 'matrix',
            result: [
              {
                metric: {},
                values: [
                  [60, '1.5'],
                  [120, 'NaN'],
                ],
              },
            ],
          },
        }),
      );
    const provider = create();
    const range = {
      cluster: 'eu',
      query: 'sum(x)',
      from: now - 1_800_000,
      to: now,
      stepSeconds: 60,
    };
    const { series } = await provider.series(range);
    expect(series).toEqual([
      {
        labels: {},
        points: [
          [60, 1.5],
          [120, NaN],
        ],
      },
    ]);
    now += 4_000;
    await provider.series({ ...range, from: range.from + 4_000, to: now });
    expect(seen).toHaveLength(1);
    expect(seen[0].form.get('step')).toBe('60');
    expect(Number(seen[0].form.get('start')) % 60).toBe(0);
  });

  it('refuses a range of more points than Prometheus would give', async () => {
    const { error, series } = await create().series({
      cluster: 'eu',
      query: 'sum(x)',
      from: 0,
      to: now,
      stepSeconds: 60,
    });
    expect(series).toEqual([]);
    expect(error).toContain('more than 11000 points');
    expect(seen).toHaveLength(0);
  });
});
