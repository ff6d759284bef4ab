import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mockCredentials, TestBackend } from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import {
  componentExposureSchema,
  ComponentList,
  componentListSchema,
  ComponentMesh,
  componentMeshSchema,
  componentResilienceSchema,
  EntityAccess,
  GoldenSignals,
  goldenSignalsSchema,
  requestAnswerSchema,
} from '@istio-backstage/plugin-istio-common';
import {
  RunningCluster,
  RunningSandbox,
  startSandbox,
} from '@istio-backstage/sandbox';
import request from 'supertest';
import { waitFor } from './clusters/testing/waitFor';
import { groupsOf, loadDemoCatalog } from './__testUtils__/loadDemoCatalog';
import { EventReader, readEvents } from './__testUtils__/readEvents';
import { startIstioBackend } from './__testUtils__/startIstioBackend';

const MIRA = 'user:default/mira.kovac';
const JONAS = 'user:default/jonas.weber';
const VERA = 'user:default/vera.lind';

jest.setTimeout(60_000);

/** What an entity can say to lead the portal, with its own identity, to an address of somebody's choice. */
function luringEntities(url: string): Entity[] {
  return [
    {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Resource',
      metadata: {
        name: 'lure',
        namespace: 'default',
        annotations: {
          'kubernetes.io/api-server': url,
          'kubernetes.io/api-server-certificate-authority': '',
          'kubernetes.io/auth-provider': 'serviceAccount',
          'kubernetes.io/skip-tls-verify': 'true',
        },
      },
      spec: { type: 'kubernetes-cluster', owner: 'catalog-team' },
    },
    {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: {
        name: 'lured',
        namespace: 'default',
        annotations: {
          'backstage.io/kubernetes-label-selector': 'app=reviews',
          'backstage.io/kubernetes-namespace': 'catalog',
          'backstage.io/kubernetes-cluster': 'lure',
          'istio-portal.dev/clusters': `lure,${url}`,
          'kubernetes.io/api-server': url,
          'prometheus.io/url': url,
        },
      },
      spec: { type: 'service', owner: 'catalog-team' },
      relations: [{ type: 'ownedBy', targetRef: 'group:default/catalog-team' }],
    },
  ];
}

describe('the reading API over the sandbox', () => {
  const entities = loadDemoCatalog();
  /** Nothing in the configuration names it. */
  let lure: Server;
  let lureHits = 0;
  let sandbox: RunningSandbox;
  let backend: TestBackend;
  const streams: EventReader[] = [];

  beforeAll(async () => {
    sandbox = await startSandbox({ basePort: 0 });
    lure = createServer((_, response) => {
      lureHits += 1;
      response.end('{}');
    });
    await new Promise<void>(resolve => {
      lure.listen(0, '127.0.0.1', resolve);
    });
    const { port } = lure.address() as AddressInfo;
    backend = await startIstioBackend({
      entities: [...entities, ...luringEntities(`http://127.0.0.1:${port}`)],
      groupsOf: user => groupsOf(entities, user),
      config: configFor(sandbox.clusters),
    });
    await allFresh();
    await waitFor(async () => {
      const { total } = await list();
      if (total < 10) throw new Error(`${total} components so far`);
    }, 20_000);
  });

  afterEach(async () => {
    for (const stream of streams.splice(0)) stream.close();
    for (const { cluster } of sandbox.clusters) cluster.reset();
    await allFresh();
  });

  afterAll(async () => {
    await backend?.stop();
    await sandbox?.close();
    lure?.close();
  });

  async function allFresh() {
    await waitFor(async () => {
      const states = (await list()).clusters.map(one => one.state);
      if (states.join() !== 'fresh,fresh,fresh') throw new Error(states.join());
    }, 20_000);
  }

  function configFor(clusters: RunningCluster[]) {
    return {
      kubernetes: {
        clusterLocatorMethods: [
          { type: 'catalog' },
          {
            type: 'config',
            clusters: clusters.map(({ name, url }) => ({
              name,
              url,
              authProvider: 'serviceAccount',
              serviceAccountToken: 'sandbox-portal',
            })),
          },
        ],
      },
      istio: {
        clusters: clusters.map(({ name, prometheusUrl }) => ({
          name,
          prometheus: { url: prometheusUrl, scrapeIntervalSeconds: 5 },
        })),
        ownership: { bindAll: true },
        impersonation: { user: '{name}', groups: '{name}' },
        metrics: { cacheSeconds: 1 },
      },
    };
  }

  function clusterOf(name: string) {
    return sandbox.clusters.find(one => one.name === name)!;
  }

  async function get<T>(path: string, user = MIRA): Promise<T> {
    const { body } = await request(backend.server)
      .get(`/api/istio${path}`)
      .set('Authorization', mockCredentials.user.header(user));
    expect(body).not.toHaveProperty('error');
    return body;
  }

  async function list(query = ''): Promise<ComponentList> {
    return componentListSchema
      .strict()
      .parse(await get(`/v1/components?limit=200${query}`));
  }

  async function mesh(name: string, query = ''): Promise<ComponentMesh> {
    return componentMeshSchema
      .strict()
      .parse(await get(`/v1/entities/component/default/${name}/mesh${query}`));
  }

  /** Writes the weights of the hand-written route of `reviews`, as somebody with kubectl would. */
  async function setWeights(weights: number[], cluster = 'prod-eu') {
    const { url } = clusterOf(cluster);
    const path = `${url}/apis/networking.istio.io/v1/namespaces/catalog/virtualservices/reviews`;
    const headers = { Authorization: 'Bearer sandbox-admin' };
    const current = await (await fetch(path, { headers })).json();
    const index = current.spec.http.findIndex(
      (rule: { match?: unknown }) => !rule.match,
    );
    const answer = await fetch(path, {
      method: 'PATCH',
      headers: { ...headers, 'Content-Type': 'application/json-patch+json' },
      body: JSON.stringify(
        weights.map((value, at) => ({
          op: 'replace',
          path: `/spec/http/${index}/route/${at}/weight`,
          value,
        })),
      ),
    });
    expect(answer.status).toBe(200);
  }

  function primaryOf({ split }: ComponentMesh) {
    return split!.routes.find(one => one.id === split!.primaryRouteId)!;
  }

  function textOf(sentence: { text: string }[] | undefined): string {
    return (sentence ?? []).map(part => part.text).join('');
  }

  async function open(user = MIRA): Promise<EventReader> {
    const stream = await readEvents(backend, mockCredentials.user.header(user));
    streams.push(stream);
    return stream;
  }

  it('reads a healthy component with three versions in three clusters', async () => {
    const reviews = await mesh('reviews');
    expect(reviews.errors).toEqual([]);
    expect(reviews.health?.status).toBe('healthy');
    expect(reviews.health?.countedClusters.sort()).toEqual([
      'prod-eu',
      'prod-us',
      'staging',
    ]);
    expect(reviews.dataPlane?.mode).toBe('sidecar');
    expect(reviews.mtls?.observed.encryptedShare).toBe(1);
    const { destinations, object } = primaryOf(reviews);
    expect(object).toMatchObject({ kind: 'VirtualService', name: 'reviews' });
    expect(destinations.map(one => [one.label, one.configured])).toEqual([
      ['v1', 0.8],
      ['v2', 0.2],
      ['v3', 0],
    ]);
    expect(destinations[0].observed).toBeCloseTo(0.8, 1);
    expect(reviews.split?.versions.map(one => one.label)).toEqual([
      'v1',
      'v2',
      'v3',
    ]);
    expect(reviews.neighbours.length).toBeGreaterThan(0);
    expect(reviews.clusters.every(one => one.istioVersion === '1.31.0')).toBe(
      true,
    );
  });

  it('is led nowhere by what the catalog says of clusters and addresses', async () => {
    const { items } = await get<{ items: { name: string }[] }>('/v1/clusters');
    expect(items.map(({ name }) => name).sort()).toEqual(
      sandbox.clusters.map(({ name }) => name).sort(),
    );
    await mesh('lured');
    await get<EntityAccess>('/v1/entities/component/default/lured/access');
    await get('/v1/entities/component/default/lured/security');
    expect(lureHits).toBe(0);
  });

  it('says which caller fails, how often and in which version', async () => {
    const { health } = await mesh('payments');
    expect(health?.status).toBe('degraded');
    expect(textOf(health?.cause)).toMatch(
      /^Degraded: \d\.\d % of requests from checkout\S* fail with 503 \([\d,]+ of [\d,]+ in 5 min\)\. Threshold 1 %\.$/,
    );
    const link = health?.cause.find(part => part.workload);
    expect(link?.entityRef).toBe('component:default/checkout');
    expect(health?.detail && textOf(health.detail)).toContain('v2');
  });

  it('names the caller outside the mesh with its owner', async () => {
    const { mtls } = await mesh('payments');
    const { encryptedShare, plaintextCallers } = mtls!.observed;
    expect(encryptedShare).toBeLessThan(1);
    expect(
      plaintextCallers.find(one => one.namespace === 'legacy'),
    ).toMatchObject({
      entityRef: 'component:default/legacy-billing',
      ownerRef: 'group:default/payments-team',
    });
  });

  it('tells sidecar, waypoint and none apart in the list', async () => {
    const { items, counts } = await list();
    const plane = Object.fromEntries(
      items.map(one => [one.title, one.dataPlane]),
    );
    expect(plane.reviews).toBe('sidecar');
    expect(plane['legacy-billing']).toBe('none');
    expect(Object.values(plane)).toContain('waypoint');
    expect(counts.outsideMesh).toBeGreaterThan(0);
    expect(items[0].status).not.toBe('healthy');
  });

  it('draws the golden signals', async () => {
    // A busy source may answer after the page's patience; the next question has it.
    const signals = await waitFor(async () => {
      const answer: GoldenSignals = goldenSignalsSchema
        .strict()
        .parse(
          await get(
            '/v1/entities/component/default/payments/signals?window=30m',
          ),
        );
      expect(answer.errors).toEqual([]);
      return answer;
    }, 30_000);
    const last = Object.fromEntries(
      signals.signals.map(one => [one.signal, one.now]),
    );
    expect(last.rate).toBeGreaterThan(1);
    expect(last.errors).toBeGreaterThan(0.001);
    expect(last.p99).toBeGreaterThan(last.p50!);
  });

  it('tells what callers’ proxies do for each destination, and who said so', async () => {
    const body = await get(
      '/v1/entities/component/default/reviews/resilience?clusters=prod-eu',
    );
    const answer = componentResilienceSchema.strict().parse(body);
    expect(answer.items.map(({ cluster }) => cluster)).toEqual(['prod-eu']);
    const [{ routes, destinations }] = answer.items;
    expect(routes[0].settings[0]).toMatchObject({
      setting: 'timeout',
      text: '3 s',
      decidedBy: { by: 'object', fieldPath: 'spec.http[0].timeout' },
    });
    expect(destinations.map(({ subset }) => subset)).toEqual([
      'v1',
      'v2',
      'v3',
    ]);
  });

  it('tells through which gateway a component is reached', async () => {
    const body = await get(
      '/v1/entities/component/default/storefront/exposure?clusters=prod-eu',
    );
    const { items } = componentExposureSchema.strict().parse(body);
    expect(items[0].gateways.map(({ host }) => host)).toContain('shop.example');
    expect(items[0].outbound.mode).toBe('any');
  });

  it('tells per cluster when the certificate in front of a component ends', async () => {
    const body = await get(
      '/v1/entities/component/default/storefront/exposure',
    );
    const { items } = componentExposureSchema.strict().parse(body);
    const ends = items.map(({ cluster, gateways }) => [
      cluster,
      ...gateways
        .flatMap(({ certificates }) => certificates)
        .map(({ certificate }) => certificate.expiry),
    ]);
    expect(ends).toEqual([
      ['prod-eu', 'valid'],
      ['prod-us', 'valid'],
      ['staging', 'soon'],
    ]);
  });

  describe('a request', () => {
    const question = {
      cluster: 'prod-eu',
      from: {
        kind: 'workload',
        namespace: 'storefront',
        name: 'storefront',
      },
      host: 'catalog.catalog.svc.cluster.local',
      port: 9080,
      path: '/products',
    };

    function ask(name: string, body: object, user = MIRA) {
      return request(backend.server)
        .post(`/api/istio/v1/entities/component/default/${name}/request`)
        .set('Authorization', mockCredentials.user.header(user))
        .send(body);
    }

    it('is for signed-in people only', async () => {
      const answer = await request(backend.server)
        .post('/api/istio/v1/entities/component/default/catalog/request')
        .set('Authorization', mockCredentials.none.header())
        .send(question);
      expect(answer.status).toBe(401);
    });

    it('is followed to the version its header asks for, with the rules it passed', async () => {
      const { body } = await ask('catalog', {
        ...question,
        headers: { 'x-preview': 'v2' },
      });
      const { answer } = requestAnswerSchema.strict().parse(body);
      expect(answer).toMatchObject({
        outcome: 'routed',
        rule: { name: 'preview', path: 'spec.http[0]' },
        destinations: [{ subset: 'v2', percent: 100 }],
      });
      const { body: plain } = await ask('catalog', question);
      expect(
        requestAnswerSchema.parse(plain).answer.considered.length,
      ).toBeGreaterThan(0);
    });

    it('may start at the component and lead elsewhere', async () => {
      const answer = await ask('storefront', question);
      expect(answer.status).toBe(200);
    });

    it('is refused when it is none of the component’s', async () => {
      const answer = await ask('reviews', question);
      expect(answer.status).toBe(400);
      expect(answer.body.error.message).toContain(
        'neither starts at a workload of component:default/reviews nor leads to it',
      );
    });

    it.each<[string, object, string]>([
      ['a port that is none', { port: 0 }, 'port: '],
      ['a caller that is none', { from: { kind: 'robot' } }, 'from.kind: '],
      ['an unknown cluster', { cluster: 'moon' }, "'moon'"],
    ])('is refused with %s', async (_, change, message) => {
      const answer = await ask('catalog', { ...question, ...change });
      expect(answer.status).toBe(400);
      expect(answer.body.error.message).toContain(message);
    });
  });

  it('tells who may change what, by the rules of the cluster', async () => {
    const access = (user: string) =>
      get<EntityAccess>('/v1/entities/component/default/reviews/access', user);
    const mira = await access(MIRA);
    expect(mira.change.clusters).toEqual(
      ['prod-eu', 'prod-us', 'staging'].map(cluster => ({
        cluster,
        allowed: true,
      })),
    );
    for (const user of [JONAS, VERA]) {
      const { change } = await access(user);
      expect(change.allowed).toBe(false);
      expect(change.reason).toContain('reviews');
    }
  });

  it('shows a change of the cluster, and tells who listens', async () => {
    const stream = await open();
    await setWeights([60, 40, 0]);
    await waitFor(() =>
      expect(stream.events.flatMap(one => one.entityRefs)).toContain(
        'component:default/reviews',
      ),
    );
    const { split } = await mesh('reviews', '?clusters=prod-eu');
    const primary = split!.routes.find(one => one.id === split!.primaryRouteId);
    expect(primary?.destinations.map(one => one.configured)).toEqual([
      0.6, 0.4, 0,
    ]);
    expect(split?.comparison.verdict).toBe('notEnough');
  });

  it('keeps the page with a dead cluster beside live ones', async () => {
    clusterOf('staging').cluster.setState('dead');
    await waitFor(async () => {
      const { errors } = await mesh('reviews');
      expect(errors.map(one => one.cluster)).toEqual(['staging']);
    });
    const reviews = await mesh('reviews');
    expect(reviews.errors[0].message).toMatch(
      /^Cluster staging has not answered since \d\d:\d\d UTC\. .+ Its data is shown as it was then$/,
    );
    expect(reviews.health?.status).toBe('healthy');
    expect(reviews.health?.countedClusters.sort()).toEqual([
      'prod-eu',
      'prod-us',
    ]);
    expect(reviews.health?.leftOut).toEqual([
      {
        cluster: 'staging',
        why: expect.stringMatching(/^no answer since \d\d:\d\d UTC$/),
      },
    ]);
    const { change } = await get<EntityAccess>(
      '/v1/entities/component/default/reviews/access',
    );
    expect(change.clusters.find(one => one.cluster === 'staging')).toEqual({
      cluster: 'staging',
      allowed: false,
      reason: expect.stringMatching(/^Changes to staging are off: no answer/),
    });
    await waitFor(async () => {
      const { items } = await list();
      expect(
        items.find(one => one.title === 'reviews')?.clusters,
      ).toContainEqual({ name: 'staging', stale: true });
    });
  });

  it('is not held up by a slow cluster', async () => {
    await mesh('reviews');
    clusterOf('staging').cluster.setState('slow', 8_000);
    const startedAt = performance.now();
    await mesh('ratings');
    expect(performance.now() - startedAt).toBeLessThan(4_000);
  });

  it('misses nothing while watches break', async () => {
    const { cluster } = clusterOf('prod-eu');
    cluster.setState('dead');
    await waitFor(async () =>
      expect((await mesh('reviews')).errors).toHaveLength(1),
    );
    cluster.setState('up');
    await setWeights([10, 90, 0]);
    await waitFor(async () => {
      const reviews = await mesh('reviews', '?clusters=prod-eu');
      expect(primaryOf(reviews).destinations[0].configured).toBe(0.1);
    }, 15_000);
  });

  it('reads anew when the server has forgotten where the watch was', async () => {
    const { cluster } = clusterOf('prod-us');
    cluster.addFault({
      match: { verb: 'watch', resource: 'virtualservices' },
      status: 410,
      times: 1,
    });
    cluster.setState('dead');
    await waitFor(async () =>
      expect((await mesh('reviews')).errors).toHaveLength(1),
    );
    cluster.setState('up');
    await setWeights([30, 70, 0], 'prod-us');
    await waitFor(async () => {
      const reviews = await mesh('reviews', '?clusters=prod-us');
      expect(primaryOf(reviews).destinations[0].configured).toBe(0.3);
    }, 15_000);
  });

  describe('with parts missing', () => {
    let other: RunningSandbox;
    let lame: TestBackend | undefined;

    beforeEach(async () => {
      other = await startSandbox({ basePort: 0, clusters: ['prod-eu'] });
    });

    afterEach(async () => {
      await lame?.stop();
      lame = undefined;
      await other.close();
    });

    async function start(change: (url: string) => string = url => url) {
      const config = configFor(
        other.clusters.map(one => ({
          ...one,
          prometheusUrl: change(one.prometheusUrl),
        })),
      );
      lame = await startIstioBackend({ entities, config });
      await waitFor(async () => {
        const { items } = await ask<{ items: { state: string }[] }>(
          '/v1/clusters',
        );
        expect(items[0].state).toBe('fresh');
      }, 20_000);
    }

    async function ask<T>(path: string): Promise<T> {
      const { body } = await request(lame!.server)
        .get(`/api/istio${path}`)
        .set('Authorization', mockCredentials.user.header(MIRA));
      return body;
    }

    it('keeps encryption and routes when Prometheus is away', async () => {
      await start(() => 'http://127.0.0.1:9');
      const reviews = await ask<ComponentMesh>(
        '/v1/entities/component/default/reviews/mesh',
      );
      expect(reviews.health?.status).toBe('unknown');
      expect(reviews.mtls?.ports[0].mode).toBe('STRICT');
      expect(reviews.split?.comparison.verdict).toBe('unknown');
      expect(reviews.errors).toEqual([
        {
          cluster: 'prod-eu',
          source: 'prometheus',
          message: expect.stringMatching(/^Prometheus does not answer/),
        },
      ]);
      expect(JSON.stringify(reviews)).not.toContain('sandbox-portal');
    });

    it('says which kinds are not there or may not be read, and what depends on them', async () => {
      const [{ cluster }] = other.clusters;
      cluster.addFault({
        match: { verb: 'list', resource: 'grpcroutes' },
        status: 404,
      });
      cluster.addFault({
        match: { verb: 'list', resource: 'peerauthentications' },
        status: 403,
      });
      await start();
      const { items } = await ask<{
        items: { missingKinds: { kind: string; why: string }[] }[];
      }>('/v1/clusters');
      expect(items[0].missingKinds).toEqual([
        {
          kind: 'PeerAuthentication',
          why: "The portal's account may not read peerauthentications.security.istio.io: grant it get, list and watch in all namespaces",
        },
        {
          kind: 'GRPCRoute',
          why: 'grpcroutes.gateway.networking.k8s.io/v1 is not installed in this cluster',
        },
      ]);
      const reviews = await ask<ComponentMesh>(
        '/v1/entities/component/default/reviews/mesh',
      );
      expect(reviews.mtls?.ports[0].mode).toBe('UNKNOWN');
      expect(reviews.health?.status).toBe('healthy');
    });
  });
});
