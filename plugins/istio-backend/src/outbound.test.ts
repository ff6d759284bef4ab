import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { HttpAnchor } from './audit/anchors/HttpAnchor';
import { HttpReceiver } from './audit/forward/HttpReceiver';
import { OtlpReceiver } from './audit/forward/OtlpReceiver';
import type { ForwardedEntry } from './audit/forward/types';
import { createHostFetch } from './changes/sinks/createHostFetch';
import { PrometheusClient } from './telemetry/PrometheusClient';
import { DefaultKubeClient } from './clusters/DefaultKubeClient';

jest.setTimeout(30_000);

const CREDENTIAL = 'Bearer only-for-the-configured-host';
const headers = { Authorization: CREDENTIAL };

const ENTRY: ForwardedEntry = {
  seq: 1,
  id: '01HZY0000000000000000000AA',
  opId: '01HZY0000000000000000000AB',
  kind: 'denied',
  occurredAt: '2026-07-01T00:00:00.000Z',
  recordedAt: '2026-07-01T00:00:00.000Z',
  by: 'user:default/mira.kovac',
  about: 'component:default/reviews',
  details: {},
  hash: 'a'.repeat(64),
};
const CHECKPOINT = { origin: 'portal', number: 1, size: 1, note: 'a note\n' };

/** Everything in the backend that sends a request to an address of the configuration. */
const SENDERS: [string, (url: string) => Promise<unknown>][] = [
  [
    'a read of a cluster',
    url => kube(url, client => client.request({ method: 'GET', path: '/x' })),
  ],
  [
    'a write to a cluster',
    url =>
      kube(url, client =>
        client.request({ method: 'POST', path: '/x', body: { a: 1 } }),
      ),
  ],
  [
    'a watch of a cluster',
    url =>
      kube(url, client =>
        client.stream({
          path: '/x',
          idleTimeoutMs: 5_000,
          signal: AbortSignal.timeout(5_000),
          onLine: () => {},
        }),
      ),
  ],
  [
    'a port-forward of a cluster',
    url =>
      kube(url, client =>
        client.openTunnel({
          namespace: 'istio-system',
          pod: 'istiod',
          port: 15014,
          timeoutMs: 2_000,
        }),
      ),
  ],
  [
    'a query to Prometheus',
    url =>
      PrometheusClient.create({ url, headers, timeoutMs: 2_000 }).query(
        'up',
        0,
      ),
  ],
  [
    'a checkpoint to an anchor',
    url => HttpAnchor.create({ name: 'a', url, headers }).deliver(CHECKPOINT),
  ],
  [
    'a read of an anchor',
    async url =>
      HttpAnchor.create({ name: 'a', url, readUrl: url, headers }).read?.(),
  ],
  [
    'an entry to a receiver',
    url => HttpReceiver.create({ name: 'r', url, headers }).receive([ENTRY]),
  ],
  [
    'an entry to an OpenTelemetry receiver',
    url => OtlpReceiver.create({ name: 'r', url, headers }).receive([ENTRY]),
  ],
  [
    'a request to a Git host',
    url => createHostFetch(url)(`${url}/repos/a/b`, { headers }),
  ],
];

async function kube(
  url: string,
  ask: (client: DefaultKubeClient) => Promise<unknown>,
): Promise<unknown> {
  const client = DefaultKubeClient.create({
    name: 'prod-eu',
    url,
    token: 'only-for-the-configured-host',
  });
  try {
    return await ask(client);
  } finally {
    client.close();
  }
}

/** Answers as told, and keeps who asked with which credentials. */
async function listen(answer: http.RequestListener) {
  const seen: (string | undefined)[] = [];
  const server = http.createServer((request, response) => {
    seen.push(request.headers.authorization);
    answer(request, response);
  });
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    seen,
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

describe('what is sent to a configured address', () => {
  /** Stands for the metadata service of a cloud. */
  let metadata: Awaited<ReturnType<typeof listen>>;
  let configured: Awaited<ReturnType<typeof listen>>;
  let status = 302;

  beforeAll(async () => {
    metadata = await listen((_, response) => {
      response.end(
        '{"status":"success","data":{"resultType":"vector","result":[]}}',
      );
    });
    configured = await listen((request, response) => {
      request.resume();
      response.writeHead(status, {
        Location: `${metadata.url}/latest/meta-data/`,
      });
      response.end();
    });
  });

  afterAll(() => {
    configured.close();
    metadata.close();
  });

  describe.each(SENDERS)('%s', (_, send) => {
    it.each([301, 302, 303, 307, 308])(
      'goes nowhere else on a %i',
      async code => {
        status = code;
        configured.seen.length = 0;
        const answer = (await send(configured.url).catch(error => error)) as {
          message?: unknown;
          status?: number;
        };
        expect(configured.seen).toEqual([CREDENTIAL]);
        expect(metadata.seen).toEqual([]);
        // Either an error, or the redirect itself as an answer that no caller takes for one.
        expect(
          typeof answer.message === 'string' || answer.status === code,
        ).toBe(true);
      },
    );
  });

  it('goes to no other host than that, though a path names one', async () => {
    const hostFetch = createHostFetch(configured.url);
    await expect(hostFetch(metadata.url)).rejects.toThrow('was asked for');
    await kube(configured.url, client =>
      client.request({
        method: 'GET',
        path: `//${new URL(metadata.url).host}/x`,
      }),
    );
    expect(metadata.seen).toEqual([]);
  });
});
