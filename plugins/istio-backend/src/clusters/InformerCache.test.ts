import {
  KIND_NAMES,
  type KubeObject,
} from '@istio-backstage/plugin-istio-common';
import type { MeshChange } from '@istio-backstage/plugin-istio-node';
import { ClusterRegistry } from './ClusterRegistry';
import { InformerCache } from './InformerCache';
import { FakeApiServer } from './testing/FakeApiServer';
import { waitFor } from './testing/waitFor';

const TIMING = {
  backoffBaseMs: 20,
  backoffMaxMs: 200,
  recheckMs: 150,
  watchIdleMs: 60_000,
  coalesceMs: 20,
  firstSnapshotMs: 400,
  probeMs: 300,
  probeTimeoutMs: 200,
};

function service(name: string, labels?: Record<string, string>): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'catalog', uid: name, labels },
    spec: { selector: { app: name }, ports: [{ port: 80 }] },
  };
}

function virtualService(host: string): KubeObject {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: 'edge', namespace: 'istio-ingress', uid: 'edge' },
    spec: {
      hosts: ['shop.example.com'],
      http: [{ route: [{ destination: { host } }] }],
    },
  };
}

describe('InformerCache', () => {
  const servers: FakeApiServer[] = [];
  let cache: InformerCache | undefined;
  let changes: MeshChange[] = [];

  async function server(): Promise<FakeApiServer> {
    const started = await FakeApiServer.start();
    servers.push(started);
    return started;
  }

  async function start(
    clusters: Record<string, FakeApiServer>,
    timing: Partial<typeof TIMING> = {},
  ): Promise<InformerCache> {
    const registry = await ClusterRegistry.create({
      supplier: {
        listClusters: async () =>
          Object.entries(clusters).map(([name, { url }]) => ({
            name,
            url,
            token: 'secret-token',
          })),
      },
      settings: [],
    });
    cache = InformerCache.create({
      registry,
      timing: { ...TIMING, ...timing },
    });
    changes = [];
    cache.onChange(change => changes.push(change));
    cache.start();
    return cache;
  }

  function names(cluster: string): string[] {
    const snapshot = cache!.snapshot(cluster);
    if (!snapshot) throw new Error(`no snapshot of ${cluster}`);
    return snapshot.list('Service').map(one => one.metadata.name);
  }

  function stateOf(cluster: string) {
    return cache!.clusters().find(one => one.name === cluster)!;
  }

  afterEach(async () => {
    cache?.stop();
    await Promise.all(servers.splice(0).map(one => one.close()));
  });

  it('reads all kinds, then follows each change with one watch per kind', async () => {
    const api = await server();
    api.put('Service', service('reviews'));
    await start({ eu: api });
    await waitFor(() => expect(names('eu')).toEqual(['reviews']));
    const [{ kind, apiVersion }] = cache!.snapshot('eu')!.list('Service');
    expect({ kind, apiVersion }).toEqual({ kind: 'Service', apiVersion: 'v1' });
    expect(stateOf('eu').state).toBe('fresh');

    api.put('Service', service('ratings'));
    await waitFor(() => expect(names('eu')).toEqual(['reviews', 'ratings']));
    api.remove('Service', service('reviews'));
    await waitFor(() => expect(names('eu')).toEqual(['ratings']));

    expect(api.count('Service', 'list')).toBe(1);
    expect(api.count('Service', 'watch')).toBe(1);
    expect(api.seen[0].authorization).toBe('Bearer secret-token');
  });

  it('takes cert-manager for absent where it is, though its kinds may not be read', async () => {
    const api = await server();
    api.put('Service', service('reviews'));
    api.absentGroups.add('cert-manager.io');
    // Kubernetes asks who may read before it asks whether there is anything to read.
    api.status.set('Certificate', 403);
    await start({ eu: api });
    await waitFor(() => expect(names('eu')).toEqual(['reviews']));
    expect(cache!.snapshot('eu')!.freshness.Certificate.state).toBe(
      'notInstalled',
    );
    expect(api.count('Certificate', 'list')).toBe(0);

    api.absentGroups.clear();
    await waitFor(() =>
      expect(cache!.snapshot('eu')!.freshness.Certificate).toMatchObject({
        state: 'failed',
        error: expect.stringContaining('grant it get, list and watch'),
      }),
    );
  });

  it('says what is missing of a cluster in which nothing may be read, and reads it once it may', async () => {
    const api = await server();
    api.put('Service', service('reviews'));
    for (const kind of KIND_NAMES) api.status.set(kind, 403);
    await start({ eu: api });
    await waitFor(() =>
      expect(stateOf('eu')).toEqual({
        name: 'eu',
        state: 'unreachable',
        message: expect.stringMatching(
          /^Nothing can be read\. The portal's account may not read .*: grant it get, list and watch in all namespaces, and so for \d+ other kinds$/,
        ),
      }),
    );
    api.status.clear();
    await waitFor(() => expect(stateOf('eu').state).toBe('fresh'));
    expect(names('eu')).toEqual(['reviews']);
  });

  it('reads long lists page by page', async () => {
    const api = await server();
    for (let i = 0; i < 1_203; i += 1) api.put('Service', service(`s${i}`));
    await start({ eu: api });
    await waitFor(() => expect(names('eu')).toHaveLength(1_203));
    expect(api.count('Service', 'list')).toBe(3);
  });

  it('tells the namespaces a change concerns, those of routed hosts included', async () => {
    const api = await server();
    await start({ eu: api });
    await waitFor(() => expect(stateOf('eu').state).toBe('fresh'));
    changes.length = 0;
    api.put('Service', service('reviews'));
    await waitFor(() =>
      expect(changes).toEqual([{ cluster: 'eu', namespaces: ['catalog'] }]),
    );
    changes.length = 0;
    api.put(
      'VirtualService',
      virtualService('storefront.storefront.svc.cluster.local'),
    );
    await waitFor(() =>
      expect(changes).toEqual([
        { cluster: 'eu', namespaces: ['istio-ingress', 'storefront'] },
      ]),
    );
  });

  it('collects a burst of changes into one', async () => {
    const api = await server();
    await start({ eu: api });
    await waitFor(() => expect(stateOf('eu').state).toBe('fresh'));
    changes.length = 0;
    for (let i = 0; i < 50; i += 1) api.put('Service', service(`s${i}`));
    await waitFor(() => expect(names('eu')).toHaveLength(50));
    expect(changes.length).toBeLessThan(5);
  });

  it('says nothing when an update changes nothing that is read', async () => {
    const api = await server();
    api.put('Service', service('reviews'));
    await start({ eu: api });
    await waitFor(() => expect(stateOf('eu').state).toBe('fresh'));
    changes.length = 0;
    api.put('Service', service('reviews'));
    api.put('Service', service('ratings'));
    await waitFor(() => expect(names('eu')).toHaveLength(2));
    expect(changes).toHaveLength(1);
  });

  it.each([
    ['breaks off', false],
    ['ends as after its timeout', true],
  ])('goes on from where it was when a watch %s', async (_, politely) => {
    const api = await server();
    api.put('Service', service('reviews'));
    await start({ eu: api });
    await waitFor(() => expect(api.count('Service', 'watch')).toBe(1));
    api.breakWatches('Service', politely);
    await waitFor(() => expect(api.count('Service', 'watch')).toBe(2));
    api.put('Service', service('ratings'));
    await waitFor(() => expect(names('eu')).toContain('ratings'));
    expect(api.count('Service', 'list')).toBe(1);
  });

  it('starts from the last bookmark, not from the list', async () => {
    const api = await server();
    await start({ eu: api });
    await waitFor(() => expect(api.count('Service', 'watch')).toBe(1));
    api.bookmark('Service');
    api.bookmark('Service');
    await new Promise(resolve => setTimeout(resolve, 50));
    api.breakWatches('Service');
    await waitFor(() => expect(api.count('Service', 'watch')).toBe(2));
    const last = api.seen.filter(
      one => one.watch && one.path === '/api/v1/services',
    )[1];
    expect(last.resourceVersion).toBe('3');
  });

  it('lists anew after 410 Gone, and drops what is gone', async () => {
    const api = await server();
    api.put('Service', service('reviews'));
    await start({ eu: api });
    await waitFor(() => expect(names('eu')).toEqual(['reviews']));
    await waitFor(() => expect(api.count('Service', 'watch')).toBe(1));
    api.putSilently('Service', service('ratings'));
    api.sendGone('Service');
    await waitFor(() => expect(names('eu')).toContain('ratings'));
    expect(api.count('Service', 'list')).toBe(2);
  });

  it('survives an event that is not JSON', async () => {
    const api = await server();
    await start({ eu: api });
    await waitFor(() => expect(api.count('Service', 'watch')).toBe(1));
    api.sendText('Service', '{"type":"ADDED","obj\n');
    await waitFor(() => expect(api.count('Service', 'watch')).toBe(2));
    api.put('Service', service('reviews'));
    await waitFor(() => expect(names('eu')).toEqual(['reviews']));
  });

  it('reads characters that are split between two packets', async () => {
    const api = await server();
    await start({ eu: api });
    await waitFor(() => expect(api.count('Service', 'watch')).toBe(1));
    const object = service('reviews', { note: 'größe' });
    const bytes = Buffer.from(
      `${JSON.stringify({
        type: 'ADDED',
        object: {
          ...object,
          metadata: { ...object.metadata, resourceVersion: '9' },
        },
      })}\n`,
    );
    const cut = bytes.indexOf(0xc3) + 1;
    api.sendText('Service', bytes.subarray(0, cut) as unknown as string);
    await new Promise(resolve => setTimeout(resolve, 20));
    api.sendText('Service', bytes.subarray(cut) as unknown as string);
    await waitFor(() => {
      const [found] = cache!.snapshot('eu')!.list('Service');
      expect(found.metadata.labels).toEqual({ note: 'größe' });
    });
  });

  it('replaces a watch that is silent for too long', async () => {
    const api = await server();
    await start({ eu: api }, { watchIdleMs: 100 });
    await waitFor(() =>
      expect(api.count('Service', 'watch')).toBeGreaterThan(1),
    );
    await waitFor(() => expect(stateOf('eu').state).toBe('fresh'));
  });

  it('names a kind that is not installed and finds it once it is', async () => {
    const api = await server();
    api.status.set('GRPCRoute', 404);
    await start({ eu: api });
    await waitFor(() =>
      expect(cache!.snapshot('eu')?.freshness.GRPCRoute).toEqual({
        state: 'notInstalled',
        error:
          'grpcroutes.gateway.networking.k8s.io/v1 is not installed in this cluster',
      }),
    );
    expect(stateOf('eu').state).toBe('fresh');
    api.status.delete('GRPCRoute');
    await waitFor(() =>
      expect(cache!.snapshot('eu')?.freshness.GRPCRoute.state).toBe('synced'),
    );
  });

  it('names the resource and verbs when the account may not read a kind', async () => {
    const api = await server();
    api.status.set('PeerAuthentication', 403);
    await start({ eu: api });
    await waitFor(() =>
      expect(cache!.snapshot('eu')?.freshness.PeerAuthentication).toEqual({
        state: 'failed',
        error:
          "The portal's account may not read peerauthentications.security.istio.io: grant it get, list and watch in all namespaces",
      }),
    );
    expect(stateOf('eu').state).toBe('fresh');
  });

  it('forgets what it may no longer read', async () => {
    const api = await server();
    api.put('Service', service('reviews'));
    await start({ eu: api });
    await waitFor(() => expect(names('eu')).toEqual(['reviews']));
    api.status.set('Service', 403);
    api.breakWatches('Service');
    await waitFor(() => expect(names('eu')).toEqual([]));
    expect(cache!.snapshot('eu')!.freshness.Service.state).toBe('failed');
  });

  it('goes on after server errors and says which kind is stale meanwhile', async () => {
    const api = await server();
    api.put('Service', service('reviews'));
    await start({ eu: api });
    await waitFor(() => expect(names('eu')).toEqual(['reviews']));
    api.status.set('Service', 503);
    api.breakWatches('Service');
    await waitFor(() =>
      expect(cache!.snapshot('eu')!.freshness.Service.state).toBe('stale'),
    );
    expect(names('eu')).toEqual(['reviews']);
    expect(stateOf('eu').state).toBe('fresh');
    api.status.delete('Service');
    await waitFor(() =>
      expect(cache!.snapshot('eu')!.freshness.Service.state).toBe('synced'),
    );
  });

  it('keeps the last picture of a dead cluster, says so, and recovers', async () => {
    const api = await server();
    api.put('Service', service('reviews'));
    await start({ eu: api });
    await waitFor(() => expect(names('eu')).toEqual(['reviews']));
    await api.close();
    await waitFor(() =>
      expect(stateOf('eu')).toMatchObject({
        state: 'stale',
        message: 'The API server does not answer: connection refused',
      }),
    );
    expect(names('eu')).toEqual(['reviews']);
    expect(stateOf('eu').asOf).toBeLessThanOrEqual(Date.now());
    api.putSilently('Service', service('ratings'));
    api.compactedTo = 100;
    await api.listen();
    await waitFor(() => expect(stateOf('eu').state).toBe('fresh'));
    await waitFor(() => expect(names('eu')).toContain('ratings'));
  });

  it('shows a live cluster at once beside one that never answers and one that hangs', async () => {
    const live = await server();
    const dead = await server();
    const slow = await server();
    live.put('Service', service('reviews'));
    await dead.close();
    for (const kind of ['Service', 'Pod', 'version'] as const) {
      slow.hanging.add(kind);
    }
    await start({ live, dead, slow });
    await waitFor(() => expect(names('live')).toEqual(['reviews']), 1_000);
    await waitFor(() => expect(stateOf('dead').state).toBe('unreachable'));
    expect(cache!.snapshot('dead')).toBeUndefined();
    // Kinds that answer are shown after the grace; the others stay pending, which is not empty.
    await waitFor(() => expect(cache!.snapshot('slow')).toBeDefined());
    expect(cache!.snapshot('slow')!.freshness.Pod.state).toBe('pending');
    expect(stateOf('live').state).toBe('fresh');
  });

  it('finds out by itself that a cluster hangs whose watches are still open', async () => {
    const api = await server();
    await start({ eu: api });
    await waitFor(() => expect(stateOf('eu').state).toBe('fresh'));
    api.hanging.add('version');
    await waitFor(() =>
      expect(stateOf('eu')).toMatchObject({
        state: 'stale',
        message: 'The API server does not answer: no answer in time',
      }),
    );
    api.bookmark('Service');
    await waitFor(() => expect(stateOf('eu').state).toBe('fresh'));
  });

  it('does not take refused credentials for life', async () => {
    const api = await server();
    api.status.set('version', 401);
    api.status.set('Service', 401);
    await start({ eu: api });
    await waitFor(() =>
      expect(stateOf('eu').message).toBe(
        "The cluster refuses the portal's credentials (401)",
      ),
    );
    expect(JSON.stringify(cache!.clusters())).not.toContain('secret-token');
  });

  it('stops: no request after the end', async () => {
    const api = await server();
    await start({ eu: api });
    await waitFor(() => expect(stateOf('eu').state).toBe('fresh'));
    cache!.stop();
    await new Promise(resolve => setTimeout(resolve, 100));
    const count = api.seen.length;
    await new Promise(resolve => setTimeout(resolve, 500));
    expect(api.seen.length).toBe(count);
  });
});
