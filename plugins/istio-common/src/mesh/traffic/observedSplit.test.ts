import { KubeObject } from '../../resources/types';
import {
  connections,
  NOW,
  observation,
  requests,
  requestsBothSides,
  snapshotOf,
} from '../../testUtils';
import { RequestSample } from '../../telemetry/types';
import {
  matchReviews,
  reviewsWorld,
  routingObject,
} from './reviewsWorld.testdata';
import { resolveTrafficSplit } from './resolveTrafficSplit';

const OLD = '2026-01-01';

function destinationRule(): KubeObject {
  return routingObject(
    {
      kind: 'DestinationRule',
      created: OLD,
      spec: {
        host: 'reviews',
        subsets: ['v1', 'v2', 'v3'].map(name => ({
          name,
          labels: { version: name },
        })),
      },
    },
    0,
  );
}

function virtualService(
  weights: Record<string, number>,
  rules: Record<string, unknown>[] = [],
): KubeObject {
  return routingObject(
    {
      kind: 'VirtualService',
      created: OLD,
      spec: {
        hosts: ['reviews'],
        http: [
          ...rules,
          {
            route: Object.entries(weights).map(([subset, weight]) => ({
              destination: { host: 'reviews', subset },
              weight,
            })),
          },
        ],
      },
    },
    0,
  );
}

function to(version: string, count: number, from = 'catalog.catalog') {
  return requestsBothSides(count, {
    from,
    to: `reviews-${version}.catalog@${version}`,
    service: 'reviews.catalog',
  });
}

function resolve(options: {
  weights?: Record<string, number>;
  rules?: Record<string, unknown>[];
  samples: RequestSample[];
  objects?: KubeObject[];
  window?: { to: number; seconds: number };
  windowSeconds?: number;
}) {
  const { weights = { v1: 90, v2: 10 }, rules, samples, window } = options;
  const snapshot = snapshotOf([
    ...reviewsWorld(),
    ...(options.objects ?? [destinationRule(), virtualService(weights, rules)]),
  ]);
  return resolveTrafficSplit({
    match: matchReviews([snapshot]),
    snapshots: [snapshot],
    observations: [observation(samples, window ? { window } : {})],
    ...(options.windowSeconds ? { windowSeconds: options.windowSeconds } : {}),
  });
}

describe('resolveTrafficSplit, as observed', () => {
  it('counts each request once, as its client saw it (the mock)', () => {
    const split = resolve({ samples: [...to('v1', 1743), ...to('v2', 207)] });
    expect(split.routes[0]).toMatchObject({
      requests: 1950,
      destinations: [
        { key: 'v1', observedRequests: 1743, observed: 1743 / 1950 },
        { key: 'v2', observedRequests: 207, observed: 207 / 1950 },
      ],
    });
    expect(split.comparison).toEqual({
      verdict: 'inLine',
      text: 'In line: 1,743 and 207 requests, 0.6 points off',
    });
    expect(split.observed).toEqual({
      requests: 1950,
      seconds: 300,
      notRouted: [],
    });
  });

  it('counts connections for rules of tcp, and no requests of the same host', () => {
    const opened = (version: string, count: number) =>
      (['source', 'destination'] as const).map(reporter =>
        connections(count, {
          from: 'catalog.catalog',
          to: `reviews-${version}.catalog@${version}`,
          service: 'reviews.catalog',
          reporter,
        }),
      );
    const route = [
      { destination: { host: 'reviews', subset: 'v1' }, weight: 75 },
      { destination: { host: 'reviews', subset: 'v2' }, weight: 25 },
    ];
    const snapshot = snapshotOf([
      ...reviewsWorld(),
      destinationRule(),
      routingObject(
        {
          kind: 'VirtualService',
          created: OLD,
          spec: {
            hosts: ['reviews'],
            http: [{ match: [{ port: 9080 }], route }],
            tcp: [{ match: [{ port: 9081 }], route }],
          },
        },
        0,
      ),
    ]);
    const { routes } = resolveTrafficSplit({
      match: matchReviews([snapshot]),
      snapshots: [snapshot],
      observations: [
        observation([
          ...to('v1', 900),
          ...to('v2', 300),
          ...opened('v1', 70),
          ...opened('v2', 30),
        ]),
      ],
    });
    expect(routes).toMatchObject([
      { protocol: 'http', requests: 1200 },
      {
        protocol: 'tcp',
        requests: 100,
        destinations: [{ observedRequests: 70 }, { observedRequests: 30 }],
      },
    ]);
  });

  it('names a difference that chance does not explain', () => {
    expect(
      resolve({ samples: [...to('v1', 1400), ...to('v2', 550)] }).comparison,
    ).toEqual({
      verdict: 'differs',
      text: 'v1 gets 71.8 % instead of 90 % (18.2 points less, 1,400 of 1,950 requests).',
    });
  });

  it('allows more by chance where there are fewer requests', () => {
    const verdictOf = (v1: number, v2: number) =>
      resolve({ samples: [...to('v1', v1), ...to('v2', v2)] }).comparison
        .verdict;
    expect(verdictOf(85, 15)).toBe('inLine');
    expect(verdictOf(850, 150)).toBe('differs');
    expect(verdictOf(8_950, 1_050)).toBe('inLine');
    expect(verdictOf(89_600, 10_400)).toBe('inLine');
    expect(verdictOf(89_300, 10_700)).toBe('differs');
  });

  it('does not judge a few requests', () => {
    expect(
      resolve({ samples: [...to('v1', 10), ...to('v2', 2)] }).comparison,
    ).toEqual({
      verdict: 'notEnough',
      text: 'Not enough traffic to compare: 12 requests, 50 are needed.',
    });
    expect(resolve({ samples: [] }).comparison.verdict).toBe('notEnough');
  });

  it('says unknown without an answer from the source', () => {
    const snapshot = snapshotOf([
      ...reviewsWorld(),
      destinationRule(),
      virtualService({ v1: 100 }),
    ]);
    const split = resolveTrafficSplit({
      match: matchReviews([snapshot]),
      snapshots: [snapshot],
      observations: [observation([], { error: 'does not answer' })],
    });
    expect(split.comparison).toEqual({
      verdict: 'unknown',
      text: 'No traffic data to compare with.',
    });
    expect(split.routes[0].destinations[0].observed).toBeUndefined();
  });

  it('leaves callers that no proxy routes apart', () => {
    const split = resolve({
      samples: [
        ...to('v1', 900),
        ...to('v2', 100),
        requests(70, { to: 'reviews-v2.catalog@v2', security: 'none' }),
        requests(30, {
          from: 'legacy-billing.legacy',
          to: 'reviews-v2.catalog@v2',
          security: 'none',
        }),
      ],
    });
    expect(split.observed).toMatchObject({
      requests: 1000,
      notRouted: [
        { caller: 'callers outside the mesh', requests: 70 },
        { caller: 'legacy-billing', namespace: 'legacy', requests: 30 },
      ],
    });
    expect(split.comparison.verdict).toBe('inLine');
  });

  it('falls back to the server for an encrypted caller whose own proxy is not seen', () => {
    const split = resolve({
      samples: [
        requests(90, { from: 'a.x', to: 'reviews-v1.catalog@v1' }),
        requests(10, { from: 'a.x', to: 'reviews-v2.catalog@v2' }),
      ],
    });
    expect(split.observed).toMatchObject({ requests: 100, notRouted: [] });
  });

  it('takes a waypoint for the router of callers without proxy of their own', () => {
    const waypoint = {
      reporter: 'waypoint' as const,
      service: 'reviews.catalog',
    };
    const split = resolve({
      samples: [
        requests(90, { ...waypoint, from: 'a.x', to: 'reviews-v1.catalog@v1' }),
        requests(10, { ...waypoint, from: 'a.x', to: 'reviews-v2.catalog@v2' }),
      ],
    });
    expect(split.observed.requests).toBe(100);
  });

  it('says when a version gets requests that the route does not send', () => {
    expect(
      resolve({
        samples: [...to('v1', 900), ...to('v2', 90), ...to('v3', 10)],
      }).comparison,
    ).toEqual({
      verdict: 'differs',
      text: 'v3 got 10 requests, although this route does not send there.',
    });
  });

  it('says which other rules cannot be told apart', () => {
    const split = resolve({
      rules: [
        {
          match: [{ headers: { 'x-canary': { exact: 'v2' } } }],
          route: [{ destination: { host: 'reviews', subset: 'v2' } }],
        },
      ],
      samples: [...to('v1', 700), ...to('v2', 300)],
    });
    expect(split.comparison).toEqual({
      verdict: 'differs',
      text: 'v1 gets 70.0 % instead of 90 % (20.0 points less, 700 of 1,000 requests). Rule 1 also sends requests, which cannot be told apart.',
    });
    expect(split.routes.map(({ requests: count }) => count)).toEqual([
      undefined,
      undefined,
    ]);
    expect(split.routes[0].destinations[0].observed).toBeUndefined();
  });

  it('leaves a gateway out, which goes by its own routes', () => {
    const split = resolve({
      samples: [
        ...to('v1', 900),
        ...to('v2', 100),
        ...to('v2', 5000, 'gateway.istio-ingress'),
      ],
    });
    expect(split.observed.requests).toBe(1000);
  });

  it('counts requests through a gateway for the gateway’s route', () => {
    const split = resolve({
      objects: [
        destinationRule(),
        routingObject(
          {
            kind: 'VirtualService',
            name: 'catalog/edge',
            created: OLD,
            spec: {
              hosts: ['shop.example'],
              gateways: ['istio-ingress/shop'],
              http: [
                {
                  route: ['v1', 'v2'].map(subset => ({
                    destination: { host: 'reviews', subset },
                    weight: 50,
                  })),
                },
              ],
            },
          },
          0,
        ),
      ],
      samples: [
        ...to('v1', 500, 'gateway.istio-ingress'),
        ...to('v2', 500, 'gateway.istio-ingress'),
        ...to('v1', 40),
        ...to('v2', 20),
        ...to('v3', 10),
      ],
    });
    expect(split.routes.map(({ id, requests: count }) => [id, count])).toEqual([
      ['VirtualService/catalog/edge/http[0]', 1000],
      ['default/reviews.catalog.svc.cluster.local', 70],
    ]);
  });

  it('does not count requests to other Services', () => {
    const split = resolve({
      samples: [
        ...to('v1', 90),
        ...to('v2', 10),
        ...requestsBothSides(50, {
          from: 'a.x',
          to: 'ratings-v1.catalog@v1',
          service: 'ratings.catalog',
        }),
      ],
    });
    expect(split.observed.requests).toBe(100);
  });

  it('is patient with load balancing, where no weights are set', () => {
    const samples = [...to('v1', 650), ...to('v2', 250), ...to('v3', 100)];
    expect(resolve({ samples, objects: [] }).comparison.verdict).toBe('inLine');
    expect(
      resolve({ samples: [...to('v1', 100), ...to('v2', 900)], objects: [] })
        .comparison.verdict,
    ).toBe('differs');
  });

  describe('around a change', () => {
    const changed = (at: number): KubeObject => {
      const object = virtualService({ v1: 90, v2: 10 });
      return {
        ...object,
        metadata: {
          ...object.metadata,
          managedFields: [
            { manager: 'kubectl', time: '2026-01-01T00:00:00Z' },
            { manager: 'istio-portal', time: new Date(at).toISOString() },
            {
              manager: 'istiod',
              subresource: 'status',
              time: new Date(NOW).toISOString(),
            },
          ],
        },
      };
    };
    const samples = [...to('v1', 900), ...to('v2', 100)];

    it('does not compare counts from before it', () => {
      expect(
        resolve({
          samples,
          objects: [destinationRule(), changed(NOW - 60_000)],
        }),
      ).toMatchObject({
        comparison: {
          verdict: 'notEnough',
          text: 'The route changed at 14:31 UTC: older requests went by another one, so the counts do not compare yet.',
        },
      });
    });

    it('says since when it counts where the window was cut', () => {
      const split = resolve({
        samples,
        objects: [destinationRule(), changed(NOW - 60_000)],
        window: { to: NOW, seconds: 60 },
        windowSeconds: 300,
      });
      expect(split.observed).toMatchObject({
        seconds: 60,
        sinceChange: '2026-07-14T14:31:00.000Z',
      });
      expect(split.comparison.verdict).toBe('inLine');
    });

    it('says nothing about an old one', () => {
      const split = resolve({
        samples,
        objects: [destinationRule(), changed(NOW - 3_600_000)],
        windowSeconds: 300,
      });
      expect(split.observed.sinceChange).toBeUndefined();
      expect(split.comparison.verdict).toBe('inLine');
    });
  });
});

describe('resolveTrafficSplit over clusters', () => {
  const world = (weights: Record<string, number>, cluster: string) =>
    snapshotOf(
      [...reviewsWorld(), destinationRule(), virtualService(weights)],
      { cluster },
    );

  it('puts equal routes together and adds up their pods and requests', () => {
    const snapshots = [
      world({ v1: 90, v2: 10 }, 'prod-eu'),
      world({ v1: 90, v2: 10 }, 'prod-us'),
    ];
    const split = resolveTrafficSplit({
      match: matchReviews(snapshots),
      snapshots,
      observations: ['prod-eu', 'prod-us'].map(cluster =>
        observation(
          [...to('v1', 900), ...to('v2', 100)].map(sample => ({
            ...sample,
            cluster,
          })),
          { cluster },
        ),
      ),
    });
    expect(split.routes).toMatchObject([
      {
        id: 'VirtualService/catalog/reviews/http[0]',
        clusters: ['prod-eu', 'prod-us'],
        requests: 2000,
        destinations: [
          { key: 'v1', podsReady: 8, podsDesired: 8 },
          { key: 'v2', podsReady: 4, podsDesired: 4 },
        ],
      },
    ]);
    expect(split.versions).toMatchObject([
      { key: 'v1', clusters: ['prod-eu', 'prod-us'], podsReady: 8 },
      { key: 'v2', podsReady: 4 },
      { key: 'v3', podsReady: 2 },
    ]);
  });

  it('keeps routes with other weights apart, each with its own traffic', () => {
    const snapshots = [
      world({ v1: 90, v2: 10 }, 'prod-eu'),
      world({ v1: 50, v2: 50 }, 'prod-us'),
    ];
    const split = resolveTrafficSplit({
      match: matchReviews(snapshots),
      snapshots,
      observations: [
        observation([...to('v1', 900), ...to('v2', 100)]),
        observation([...to('v1', 500), ...to('v2', 500)], {
          cluster: 'prod-us',
        }),
      ],
    });
    expect(
      split.routes.map(({ id, clusters, requests: count, destinations }) => ({
        id,
        clusters,
        count,
        shares: destinations.map(({ configured, observed }) => [
          configured,
          observed,
        ]),
      })),
    ).toEqual([
      {
        id: 'VirtualService/catalog/reviews/http[0]@prod-eu',
        clusters: ['prod-eu'],
        count: 1000,
        shares: [
          [0.9, 0.9],
          [0.1, 0.1],
        ],
      },
      {
        id: 'VirtualService/catalog/reviews/http[0]@prod-us',
        clusters: ['prod-us'],
        count: 1000,
        shares: [
          [0.5, 0.5],
          [0.5, 0.5],
        ],
      },
    ]);
  });

  it('shares by pods over all clusters where no object routes', () => {
    const snapshots = ['prod-eu', 'prod-us'].map(cluster =>
      snapshotOf(reviewsWorld(), { cluster }),
    );
    const [route] = resolveTrafficSplit({
      match: matchReviews(snapshots),
      snapshots,
      observations: [],
    }).routes;
    expect(route.clusters).toEqual(['prod-eu', 'prod-us']);
    expect(route.destinations.map(({ configured }) => configured)).toEqual([
      8 / 14,
      4 / 14,
      2 / 14,
    ]);
  });
});
