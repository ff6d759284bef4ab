import { mockCredentials, TestBackend } from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import {
  API_ROUTES,
  componentListSchema,
  ComponentMesh,
  componentMeshSchema,
  entityAccessSchema,
  goldenSignalsSchema,
} from '@istio-backstage/plugin-istio-common';
import {
  deployment,
  destinationRule,
  namespace,
  peerAuthentication,
  requests,
  requestsBothSides,
  service,
  virtualService,
} from '@istio-backstage/plugin-istio-common/testUtils';
import type { MeshWriter } from '@istio-backstage/plugin-istio-node';
import {
  MemoryMeshReader,
  MemoryTelemetryProvider,
} from '@istio-backstage/plugin-istio-node/testUtils';
import request from 'supertest';
import { waitFor } from './clusters/testing/waitFor';
import { EventReader, readEvents } from './__testUtils__/readEvents';
import {
  IstioBackendOptions,
  startIstioBackend,
} from './__testUtils__/startIstioBackend';

const MIRA = 'user:default/mira.kovac';
const VERA = 'user:default/vera.lind';

function component(
  name: string,
  ns: string | undefined,
  owner: string,
): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name,
      namespace: 'default',
      annotations: ns
        ? {
            'backstage.io/kubernetes-label-selector': `app=${name}`,
            'backstage.io/kubernetes-namespace': ns,
          }
        : {},
    },
    spec: { type: 'service', owner, lifecycle: 'production' },
    relations: [{ type: 'ownedBy', targetRef: `group:default/${owner}` }],
  };
}

const ENTITIES = [
  component('reviews', 'catalog', 'catalog-team'),
  component('payments', 'payments', 'payments-team'),
  component('checkout', 'storefront', 'storefront-team'),
  component('docs', undefined, 'catalog-team'),
];

function workload(name: string, ns: string, version = 'v1') {
  return deployment({
    namespace: ns,
    name: `${name}-${version}`,
    labels: { app: name, version },
  });
}

/** Weights of the hand-written route of `reviews`. */
function reviewsRoute(
  v1: number,
  v2: number,
  changedAt = '2026-01-01T00:00:00Z',
) {
  return virtualService({
    namespace: 'catalog',
    name: 'reviews',
    metadata: {
      managedFields: [
        { manager: 'kubectl', operation: 'Update', time: changedAt },
      ],
    },
    spec: {
      hosts: ['reviews'],
      http: [
        {
          route: [
            { destination: { host: 'reviews', subset: 'v1' }, weight: v1 },
            { destination: { host: 'reviews', subset: 'v2' }, weight: v2 },
          ],
        },
      ],
    },
  });
}

function shop() {
  return [
    namespace({ name: 'catalog', injected: true }),
    namespace({ name: 'payments', injected: true }),
    namespace({ name: 'storefront', injected: true }),
    ...workload('reviews', 'catalog', 'v1'),
    ...workload('reviews', 'catalog', 'v2'),
    ...workload('payments', 'payments'),
    ...workload('checkout', 'storefront'),
    service({ namespace: 'catalog', name: 'reviews' }),
    service({ namespace: 'payments', name: 'payments' }),
    service({ namespace: 'storefront', name: 'checkout' }),
    destinationRule({
      namespace: 'catalog',
      name: 'reviews',
      spec: {
        host: 'reviews',
        subsets: [
          { name: 'v1', labels: { version: 'v1' } },
          { name: 'v2', labels: { version: 'v2' } },
        ],
      },
    }),
    reviewsRoute(80, 20),
    peerAuthentication({
      namespace: 'catalog',
      name: 'default',
      spec: { mtls: { mode: 'STRICT' } },
    }),
  ];
}

/** Calls of `checkout`, as both proxies report them. */
function traffic(cluster: string) {
  return [
    ...requestsBothSides(800, {
      from: 'checkout-v1.storefront',
      to: 'reviews-v1.catalog@v1',
      service: 'reviews.catalog',
      cluster,
    }),
    ...requestsBothSides(200, {
      from: 'checkout-v1.storefront',
      to: 'reviews-v2.catalog@v2',
      service: 'reviews.catalog',
      cluster,
    }),
    ...requestsBothSides(1239, {
      from: 'checkout-v1.storefront',
      to: 'payments-v1.payments@v1',
      service: 'payments.payments',
      cluster,
    }),
    ...requestsBothSides(41, {
      from: 'checkout-v1.storefront',
      to: 'payments-v1.payments@v1',
      service: 'payments.payments',
      responseCode: '503',
      cluster,
    }),
    requests(60, {
      from: 'legacy.old',
      to: 'payments-v1.payments@v1',
      service: 'payments.payments',
      security: 'none',
      cluster,
    }),
  ];
}

jest.setTimeout(60_000);

describe('the reading API', () => {
  let backend: TestBackend | undefined;
  let reader: MemoryMeshReader;
  let telemetry: MemoryTelemetryProvider;
  let writer: jest.Mocked<MeshWriter>;
  const streams: EventReader[] = [];

  beforeEach(() => {
    reader = new MemoryMeshReader()
      .addCluster('prod-eu', shop(), { istioVersion: '1.31.0' })
      .addCluster('prod-us', []);
    telemetry = new MemoryTelemetryProvider()
      .setTraffic('prod-eu', { requests: traffic('prod-eu') })
      .setTraffic('prod-us', {});
    writer = {
      write: jest.fn(),
      read: jest.fn(),
      authorizeWrite: jest.fn().mockResolvedValue({ allowed: true }),
      istioWebhookFor: jest.fn(),
    };
  });

  afterEach(async () => {
    for (const stream of streams.splice(0)) stream.close();
    await backend?.stop();
    backend = undefined;
  });

  async function start(options: Partial<IstioBackendOptions> = {}) {
    backend = await startIstioBackend({
      entities: ENTITIES,
      config: { istio: { ownership: { bindAll: true } } },
      ports: { reader, writer, telemetry },
      ...options,
    });
  }

  function get(path: string, user = MIRA) {
    return request(backend!.server)
      .get(`/api/istio${path}`)
      .set('Authorization', mockCredentials.user.header(user));
  }

  async function mesh(name: string, query = ''): Promise<ComponentMesh> {
    const answer = await get(
      `/v1/entities/component/default/${name}/mesh${query}`,
    );
    expect(answer.body).not.toHaveProperty('error');
    return componentMeshSchema.strict().parse(answer.body);
  }

  async function open(user = MIRA): Promise<EventReader> {
    const stream = await readEvents(
      backend!,
      mockCredentials.user.header(user),
    );
    streams.push(stream);
    return stream;
  }

  function textOf(sentence: { text: string }[] | undefined): string {
    return (sentence ?? []).map(part => part.text).join('');
  }

  describe('a component', () => {
    it('has health, encryption, split and neighbours, each from the data', async () => {
      await start();
      const reviews = await mesh('reviews');
      expect(reviews.health?.status).toBe('healthy');
      expect(reviews.dataPlane?.mode).toBe('sidecar');
      expect(reviews.mtls?.ports[0]).toMatchObject({
        mode: 'STRICT',
        decidedBy: { by: 'object', fieldPath: 'spec.mtls.mode' },
      });
      expect(reviews.mtls?.observed.encryptedShare).toBe(1);
      expect(
        reviews.split?.routes[0].destinations.map(one => [
          one.label,
          one.configured,
          one.observed,
        ]),
      ).toEqual([
        ['v1', 0.8, 0.8],
        ['v2', 0.2, 0.2],
      ]);
      expect(reviews.split?.comparison.verdict).toBe('inLine');
      expect(reviews.neighbours).toMatchObject([
        { direction: 'caller', name: 'checkout-v1', requests: 1000 },
      ]);
      expect(reviews.window.seconds).toBe(300);
      expect(reviews.errors).toEqual([]);
    });

    it('says the cause with the caller as a link to its entity', async () => {
      await start();
      const { health } = await mesh('payments');
      expect(health?.status).toBe('degraded');
      expect(textOf(health?.cause)).toBe(
        'Degraded: 3.2 % of requests from checkout-v1 fail with 503 (41 of 1,280 in 5 min). Threshold 1 %.',
      );
      // The catalog is read in the background.
      await waitFor(async () => {
        const { health: linked } = await mesh('payments');
        expect(linked?.cause.find(part => part.workload)).toMatchObject({
          entityRef: 'component:default/checkout',
        });
      });
    });

    it('follows the traffic: another edge fails, the sentence changes', async () => {
      await start();
      telemetry.setTraffic('prod-eu', {
        requests: requestsBothSides(500, {
          from: 'checkout-v1.storefront',
          to: 'reviews-v2.catalog@v2',
          service: 'reviews.catalog',
          responseCode: '500',
          cluster: 'prod-eu',
        }),
      });
      const { health } = await mesh('reviews');
      expect(textOf(health?.cause)).toContain(
        'Failing: 100 % of requests from checkout-v1 fail with 500',
      );
    });

    it('names plaintext callers without an entity by workload alone', async () => {
      await start();
      const { mtls } = await mesh('payments');
      expect(mtls?.observed.plaintextCallers).toEqual([
        expect.objectContaining({ workload: 'legacy', namespace: 'old' }),
      ]);
      expect(mtls?.observed.plaintextCallers[0].entityRef).toBeUndefined();
    });

    it('hides who owns a neighbour from a person who may not see that entity', async () => {
      await start({ isVisible: ref => !ref.endsWith('/checkout') });
      const { neighbours, health } = await mesh('payments');
      expect(neighbours.length).toBeGreaterThan(0);
      expect(JSON.stringify({ neighbours, health })).not.toContain(
        'component:default/checkout',
      );
    });

    it('counts from the change on when the route changed inside the window', async () => {
      reader.apply(
        'prod-eu',
        reviewsRoute(50, 50, new Date(Date.now() - 60_000).toISOString()),
      );
      telemetry.setTraffic('prod-eu', options => ({
        requests: options.since
          ? requestsBothSides(100, {
              from: 'checkout-v1.storefront',
              to: 'reviews-v2.catalog@v2',
              service: 'reviews.catalog',
              cluster: 'prod-eu',
            })
          : traffic('prod-eu'),
      }));
      await start();
      const { split, health } = await mesh('reviews');
      expect(split?.observed).toMatchObject({ requests: 100 });
      expect(split?.observed.seconds).toBeLessThan(70);
      expect(split?.observed.sinceChange).toBeDefined();
      expect(split?.comparison.verdict).toBe('differs');
      // Health keeps the whole window.
      expect(health?.inbound.requests).toBe(1000);
    });

    it('shows nothing observed just after a change', async () => {
      reader.apply(
        'prod-eu',
        reviewsRoute(50, 50, new Date(Date.now() - 5_000).toISOString()),
      );
      await start();
      const { split } = await mesh('reviews');
      expect(split?.comparison).toMatchObject({
        verdict: 'notEnough',
        text: expect.stringMatching(
          /^The route changed at \d\d:\d\d UTC: 20 s of measurements are needed to compare\.$/,
        ),
      });
      expect(split?.routes[0].destinations[0].observed).toBeUndefined();
    });

    it('teaches when the entity says nothing about the mesh', async () => {
      await start();
      const docs = await mesh('docs');
      expect(docs.match.empty?.fix).toContain(
        'backstage.io/kubernetes-label-selector',
      );
      expect(docs.health).toBeUndefined();
      expect(telemetry.asked).toEqual([]);
    });

    it('does not show a namespace that is bound to another owner', async () => {
      await start({
        config: {
          istio: {
            ownership: {
              bindAll: true,
              namespaces: { catalog: 'group:default/platform-team' },
            },
          },
        },
      });
      const { match, health, neighbours } = await mesh('reviews');
      expect(match.workloads).toEqual([]);
      expect(match.nearMisses.map(({ kind }) => kind)).toEqual(['Namespace']);
      expect(health).toBeUndefined();
      expect(neighbours).toEqual([]);
    });

    it('names the cluster that does not answer and keeps the rest of the page', async () => {
      reader.setState('prod-us', 'unreachable', 'connection refused');
      await start();
      const reviews = await mesh('reviews');
      expect(reviews.health?.status).toBe('healthy');
      expect(reviews.errors).toEqual([
        {
          cluster: 'prod-us',
          source: 'kubernetes',
          message: 'Nothing of cluster prod-us is shown. connection refused',
        },
      ]);
      expect(reviews.clusters.map(one => [one.name, one.state])).toEqual([
        ['prod-eu', 'fresh'],
        ['prod-us', 'unreachable'],
      ]);
    });

    it('leaves the traffic of a stale cluster out and says so', async () => {
      reader.setState('prod-eu', 'stale', 'connection refused');
      await start();
      const { health, split, mtls } = await mesh('reviews');
      expect(health?.status).toBe('unknown');
      expect(health?.leftOut).toEqual([
        {
          cluster: 'prod-eu',
          why: expect.stringMatching(/^no answer since \d\d:\d\d UTC$/),
        },
      ]);
      expect(split?.comparison.verdict).toBe('unknown');
      expect(mtls?.observed.encryptedShare).toBeUndefined();
      expect(telemetry.asked).toEqual([]);
    });

    it('is unknown, not healthy, without Prometheus', async () => {
      telemetry.setTraffic('prod-eu', {
        error: 'Prometheus does not answer: connection refused',
      });
      await start();
      const { health, errors, mtls } = await mesh('reviews');
      expect(health?.status).toBe('unknown');
      expect(mtls?.ports[0].mode).toBe('STRICT');
      expect(mtls?.observed.encryptedShare).toBeUndefined();
      expect(errors).toEqual([
        {
          cluster: 'prod-eu',
          source: 'prometheus',
          message:
            'Prometheus does not answer: connection refused (cluster prod-eu)',
        },
      ]);
    });

    it('looks only at the clusters that are asked for', async () => {
      await start();
      const { clusters, match } = await mesh('reviews', '?clusters=prod-us');
      expect(clusters.map(one => one.name)).toEqual(['prod-us']);
      expect(match.workloads).toEqual([]);
    });

    it('names the field that is wrong', async () => {
      const wrong = [
        ['?window=90s', 'window: must be minutes or hours'],
        [
          '?clusters=prod-eu,moon',
          "clusters: no cluster is named 'moon'; configured are prod-eu, prod-us",
        ],
      ];
      await start();
      for (const [query, message] of wrong) {
        const answer = await get(
          `/v1/entities/component/default/reviews/mesh${query}`,
        );
        expect(answer.status).toBe(400);
        expect(answer.body.error.message).toContain(message);
      }
    });
  });

  it('knows no entity with a name that cannot be one', async () => {
    await start();
    for (const name of ['a%3Ab', 'a%2Fb', '..%2Freviews', '%20']) {
      const answer = await get(`/v1/entities/component/default/${name}/mesh`);
      expect({ name, status: answer.status }).toEqual({ name, status: 404 });
    }
  });

  describe('who may see what', () => {
    const ENTITY_PATHS = [
      'mesh',
      'signals',
      'access',
      'resilience',
      'exposure',
    ].map(part => `/v1/entities/component/default/reviews/${part}`);

    // What each route refuses to whom: routeRoles.test.ts.
    it('names the permission that is missing', async () => {
      await start({
        decide: ({ permission }) => permission !== 'istio.mesh.read',
      });
      const { body } = await get(ENTITY_PATHS[0]);
      expect(body.error.message).toContain("'istio.mesh.read'");
    });

    it('does not tell whether an invisible entity exists', async () => {
      await start({ isVisible: ref => !ref.endsWith('/reviews') });
      for (const path of ENTITY_PATHS) {
        const invisible = await get(path);
        const missing = await get(path.replace('reviews', 'nothing'));
        expect([invisible.status, missing.status]).toEqual([404, 404]);
      }
    });

    it('lists what the catalog shows and the permission allows, and nothing else', async () => {
      await start({
        isVisible: (ref, user) => user !== VERA || !ref.endsWith('/payments'),
        decide: ({ entityRef, userRef }) =>
          userRef !== VERA || !entityRef?.endsWith('/checkout'),
      });
      const list = async (user: string) =>
        componentListSchema
          .parse((await get('/v1/components?sort=name', user)).body)
          .items.map(one => one.title);
      await waitFor(async () =>
        expect(await list(MIRA)).toEqual(['checkout', 'payments', 'reviews']),
      );
      expect(await list(VERA)).toEqual(['reviews']);
    });

    it('counts and offers only what the person may see', async () => {
      await start({ isVisible: ref => ref.endsWith('/reviews') });
      await waitFor(async () => {
        const { body } = await get('/v1/components');
        expect(body).toMatchObject({
          total: 1,
          counts: { healthy: 1 },
          facets: {
            owners: ['group:default/catalog-team'],
            namespaces: ['catalog'],
            clusters: ['prod-eu'],
          },
        });
      });
    });
  });

  describe('the list', () => {
    it('has the same health, encryption and split as the pages', async () => {
      await start();
      await waitFor(async () => {
        const list = componentListSchema
          .strict()
          .parse((await get('/v1/components')).body);
        expect(
          list.items.map(one => [
            one.title,
            one.status,
            one.mtlsModes,
            one.encryptedShare?.toFixed(3),
          ]),
        ).toEqual([
          // Nobody calls it, so its own calls decide.
          ['checkout', 'degraded', ['PERMISSIVE'], undefined],
          ['payments', 'degraded', ['PERMISSIVE'], '0.955'],
          ['reviews', 'healthy', ['STRICT'], '1.000'],
        ]);
        expect(list.items[2].split).toEqual([
          { label: 'v1', configured: 0.8, observed: 0.8 },
          { label: 'v2', configured: 0.2, observed: 0.2 },
        ]);
        expect(textOf(list.items[1].cause)).toContain('3.2 %');
        expect(list.errors).toEqual([]);
      });
    });

    it('shares one question per cluster between all who look', async () => {
      await start();
      await waitFor(async () =>
        expect((await get('/v1/components')).body.total).toBe(3),
      );
      const asked = telemetry.asked.length;
      await Promise.all(
        Array.from({ length: 20 }, () => get('/v1/components')),
      );
      const perCall = (telemetry.asked.length - asked) / 20;
      expect(perCall).toBe(2);
      expect(telemetry.asked.every(one => one.namespace === undefined)).toBe(
        true,
      );
    });

    it('follows a change of the cluster', async () => {
      await start();
      await waitFor(async () =>
        expect((await get('/v1/components')).body.total).toBe(3),
      );
      reader.apply(
        'prod-eu',
        peerAuthentication({
          namespace: 'catalog',
          name: 'default',
          spec: { mtls: { mode: 'PERMISSIVE' } },
        }),
      );
      await waitFor(async () => {
        const { body } = await get('/v1/components?search=reviews');
        expect(body.items[0].mtlsModes).toEqual(['PERMISSIVE']);
      });
    });

    it('names the filter that is wrong', async () => {
      await start();
      for (const query of ['limit=500', 'status=fine', 'sort=colour']) {
        const answer = await get(`/v1/components?${query}`);
        expect(answer.status).toBe(400);
        expect(answer.body.error.message).toContain(query.replace(/=.*/, ': '));
      }
    });
  });

  describe('signals, access, clusters and description', () => {
    it('adds clusters up and takes the slowest latency', async () => {
      reader.addCluster('prod-us', [
        namespace({ name: 'catalog', injected: true }),
        ...workload('reviews', 'catalog', 'v1'),
        service({ namespace: 'catalog', name: 'reviews' }),
      ]);
      const at = Math.floor(Date.now() / 1000 / 15) * 15;
      for (const [cluster, value] of [
        ['prod-eu', 4],
        ['prod-us', 6],
      ] as const) {
        telemetry.setSeries(cluster, {
          series: [
            {
              labels: {},
              points: [
                [at - 75, value / 2],
                [at - 30, value],
              ],
            },
          ],
        });
      }
      await start();
      const { body } = await get(
        '/v1/entities/component/default/reviews/signals?window=5m',
      );
      const signals = goldenSignalsSchema.strict().parse(body);
      const point = (name: string) =>
        signals.signals
          .find(one => one.signal === name)
          ?.points.findLast(one => one[1] !== null)?.[1];
      expect(point('rate')).toBe(10);
      expect(point('p99')).toBe(6);
      expect(point('errors')).toBeCloseTo((4 * 4 + 6 * 6) / 10);
      expect(signals.query).toContain('istio_requests_total');
      // No change in the last 5 min: a sixth of the line, against the sixth before it.
      expect(signals.comparedWith).toEqual({ kind: 'window', seconds: 50 });
      expect(signals.signals.find(one => one.signal === 'rate')).toMatchObject({
        before: 5,
        now: 10,
      });
      expect(signals.signals[0].points.length).toBeGreaterThan(15);
    });

    it('asks the cluster once about a person, not at every page view', async () => {
      await start();
      const access = async () =>
        entityAccessSchema.parse(
          (await get('/v1/entities/component/default/reviews/access')).body,
        );
      expect(await access()).toEqual({
        change: {
          allowed: true,
          clusters: [{ cluster: 'prod-eu', allowed: true }],
        },
        readAudit: true,
      });
      await access();
      expect(writer.authorizeWrite).toHaveBeenCalledTimes(1);
      expect(writer.authorizeWrite).toHaveBeenCalledWith({
        cluster: 'prod-eu',
        actingUser: { user: 'mira.kovac', groups: [] },
        verb: 'patch',
        object: {
          apiVersion: 'networking.istio.io/v1',
          kind: 'VirtualService',
          namespace: 'catalog',
          name: 'reviews',
        },
      });
    });

    it.each<[string, () => Partial<IstioBackendOptions>, string]>([
      [
        'the portal forbids it',
        () => ({ decide: one => one.permission !== 'istio.change.create' }),
        "You may see this component but not change it (permission 'istio.change.create')",
      ],
      [
        'the cluster forbids it',
        () => {
          writer.authorizeWrite.mockResolvedValue({
            allowed: false,
            reason: 'no RBAC rule lets mira.kovac',
          });
          return {};
        },
        'no RBAC rule lets mira.kovac',
      ],
      [
        'the cluster does not answer',
        () => {
          writer.authorizeWrite.mockRejectedValue(new Error('boom'));
          return {};
        },
        'prod-eu did not answer whether you may change it',
      ],
      [
        'the data is stale',
        () => {
          reader.setState('prod-eu', 'stale');
          return {};
        },
        'Changes to prod-eu are off: no answer since',
      ],
    ])('says why a change is not possible when %s', async (_, options, why) => {
      await start(options());
      const { body } = await get(
        '/v1/entities/component/default/reviews/access',
      );
      expect(body.change.allowed).toBe(false);
      expect(body.change.reason).toContain(why);
    });

    it('lists clusters with what is missing in them', async () => {
      reader.addCluster('staging', [], {
        freshness: {
          GRPCRoute: { state: 'notInstalled', error: 'not installed' },
        },
      });
      await start();
      const { body } = await get('/v1/clusters');
      expect(body.items).toEqual([
        expect.objectContaining({
          name: 'prod-eu',
          state: 'fresh',
          istioVersion: '1.31.0',
          metrics: { state: 'fresh', asOf: expect.any(String) },
          missingKinds: [],
        }),
        expect.objectContaining({ name: 'prod-us' }),
        expect.objectContaining({
          name: 'staging',
          metrics: { state: 'notConfigured' },
          missingKinds: [{ kind: 'GRPCRoute', why: 'not installed' }],
        }),
      ]);
    });

    it('describes itself', async () => {
      await start();
      const { body } = await get('/v1/openapi.json');
      expect(Object.keys(body.paths).sort()).toEqual(
        [
          ...new Set(
            Object.values(API_ROUTES).map(one =>
              one.path.replace(/:(\w+)/g, '{$1}'),
            ),
          ),
        ].sort(),
      );
    });
  });

  describe('events', () => {
    it('tell the refs of changed components', async () => {
      await start();
      await waitFor(async () =>
        expect((await get('/v1/components')).body.total).toBe(3),
      );
      const stream = await open();
      expect(stream).toMatchObject({
        status: 200,
        contentType: 'text/event-stream; charset=utf-8',
      });
      reader.apply('prod-eu', reviewsRoute(60, 40));
      const startedAt = Date.now();
      await waitFor(() =>
        expect(stream.events).toEqual([
          { entityRefs: ['component:default/reviews'] },
        ]),
      );
      expect(Date.now() - startedAt).toBeLessThan(1_000);
      const { split } = await mesh('reviews');
      expect(split?.routes[0].destinations[0].configured).toBe(0.6);
    });

    it('do not name what the listener may not see', async () => {
      await start({
        decide: ({ entityRef, userRef }) =>
          userRef !== VERA || !entityRef?.endsWith('/reviews'),
      });
      await waitFor(async () =>
        expect((await get('/v1/components')).body.total).toBe(3),
      );
      const mira = await open(MIRA);
      const vera = await open(VERA);
      reader.apply('prod-eu', reviewsRoute(60, 40));
      reader.apply('prod-eu', ...workload('payments', 'payments', 'v2'));
      await waitFor(() =>
        expect(vera.events.flatMap(one => one.entityRefs)).toEqual([
          'component:default/payments',
        ]),
      );
      expect(mira.events.flatMap(one => one.entityRefs).sort()).toEqual([
        'component:default/payments',
        'component:default/reviews',
      ]);
    });

    it('say "anything" when a cluster comes or goes', async () => {
      await start();
      const stream = await open();
      reader.setState('prod-us', 'unreachable');
      await waitFor(() =>
        expect(stream.events).toContainEqual({ entityRefs: ['*'] }),
      );
    });

    it('end when the backend stops', async () => {
      await start();
      const stream = await open();
      await backend!.stop();
      backend = undefined;
      await expect(stream.ended).resolves.toBeUndefined();
    });
  });
});
