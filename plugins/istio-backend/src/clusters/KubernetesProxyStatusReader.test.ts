import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type RunningSandbox, startSandbox } from '@istio-backstage/sandbox';
import { DefaultKubeClient } from './DefaultKubeClient';
import { KubernetesProxyStatusReader } from './KubernetesProxyStatusReader';
import { waitFor } from './testing/waitFor';

describe('KubernetesProxyStatusReader', () => {
  let sandbox: RunningSandbox;
  let now = 0;

  beforeAll(async () => {
    sandbox = await startSandbox({ basePort: 0, clusters: ['prod-eu'] });
  });
  afterAll(() => sandbox.close());
  beforeEach(() => {
    now = Date.now();
  });
  afterEach(() => sandbox.clusters[0].cluster.reset());

  const cluster = 'prod-eu';
  const clientOf = (url: string, token: string) =>
    DefaultKubeClient.create({ name: cluster, url, token });
  const readerOf = (token: string) =>
    KubernetesProxyStatusReader.create({
      clients: [clientOf(sandbox.clusters[0].url, token)],
      now: () => now,
    });
  const istiods = () =>
    sandbox.clusters[0].cluster.kubernetes.store
      .list('pods', { namespace: 'istio-system' })
      .filter(({ metadata }) => metadata.labels?.app === 'istiod')
      .map(({ metadata }) => ({
        namespace: 'istio-system',
        name: metadata.name,
      }));
  const setProxies = (state: 'synced' | 'stale' | 'refused' | 'disconnected') =>
    sandbox.clusters[0].cluster.change([
      { type: 'proxies', namespace: 'catalog', workload: 'ratings', state },
    ]);

  it.each([
    ['stale', [{ config: 'routes', state: 'notAcknowledged' }]],
    [
      'refused',
      [
        {
          config: 'routes',
          state: 'refused',
          error: expect.stringContaining('unknown cluster'),
        },
      ],
    ],
    ['disconnected', undefined],
  ] as const)(
    'reads through a port-forward that proxies are %s',
    async (state, unsynced) => {
      setProxies(state);
      const reading = await readerOf('sandbox-portal').read({
        cluster,
        istiods: istiods(),
      });
      if (reading.state !== 'read') throw new Error(reading.reason);
      expect(reading.asOf).toBe(now);
      expect(
        reading.proxies.find(({ pod }) => pod.startsWith('ratings-'))?.unsynced,
      ).toEqual(unsynced);
      expect(
        reading.proxies.find(({ pod }) => pod.startsWith('catalog-v1-')),
      ).toMatchObject({ namespace: 'catalog', unsynced: [] });
    },
  );

  it('gives an answer for a while, and the next one as soon as it is there', async () => {
    const reader = readerOf('sandbox-portal');
    const request = { cluster, istiods: istiods() };
    const first = await reader.read(request);
    setProxies('refused');
    expect(await reader.read(request)).toBe(first);
    now += 20_000;
    expect(await reader.read(request)).toBe(first);
    await waitFor(async () =>
      expect(await reader.read(request)).toMatchObject({
        state: 'read',
        asOf: now,
      }),
    );
  });

  it.each([
    [
      'an account that may not',
      'sandbox-mira.kovac',
      istiods,
      /may not forward/,
    ],
    ['no istiod', 'sandbox-portal', () => [], /no pod of istiod/],
    [
      'a replica that is gone',
      'sandbox-portal',
      () => [...istiods(), { namespace: 'istio-system', name: 'istiod-gone' }],
      /istiod-gone could not be asked/,
    ],
    [
      'a pod where nothing listens',
      'sandbox-portal',
      () => {
        const [{ metadata }] = sandbox.clusters[0].cluster.kubernetes.store
          .list('pods', {
            namespace: 'istio-system',
          })
          .filter(({ metadata: { labels } }) => labels?.app !== 'istiod');
        return [{ namespace: 'istio-system', name: metadata.name }];
      },
      /could not be asked/,
    ],
  ] as const)('does not know because of %s', async (_, token, pods, reason) => {
    expect(await readerOf(token).read({ cluster, istiods: pods() })).toEqual({
      cluster,
      state: 'unknown',
      reason: expect.stringMatching(reason),
    });
  });

  it('does not know where it is set not to ask', async () => {
    expect(
      await KubernetesProxyStatusReader.create({ clients: [] }).read({
        cluster,
        istiods: istiods(),
      }),
    ).toMatchObject({ state: 'unknown' });
  });

  it('does not keep a page waiting for an API server that never answers, nor itself', async () => {
    const held: Duplex[] = [];
    const silent: Server = createServer();
    silent.on('upgrade', (_, socket) => held.push(socket));
    await new Promise<void>(resolve => {
      silent.listen(0, '127.0.0.1', resolve);
    });
    const { port } = silent.address() as AddressInfo;
    const reader = KubernetesProxyStatusReader.create({
      clients: [clientOf(`http://127.0.0.1:${port}`, 'token')],
      waitMs: 20,
      timeoutMs: 400,
    });
    const request = { cluster, istiods: istiods() };
    const unknown = { cluster, state: 'unknown' };
    expect(await reader.read(request)).toEqual({
      ...unknown,
      reason: 'istiod is being asked',
    });
    await waitFor(async () =>
      expect(await reader.read(request)).toEqual({
        ...unknown,
        reason: expect.stringMatching(/^istiod-\S+ did not answer in time$/),
      }),
    );
    held.forEach(socket => socket.destroy());
    await new Promise(resolve => {
      silent.close(resolve);
    });
  });
});
