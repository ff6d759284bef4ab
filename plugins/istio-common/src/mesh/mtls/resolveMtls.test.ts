import { matchWorkloads } from '../../entity/matchWorkloads';
import { EntityMatch } from '../../entity/types';
import { KubeObject } from '../../resources/types';
import { MeshSnapshot } from '../../snapshot/types';
import {
  connections,
  deployment,
  namespace,
  observation,
  peerAuthentication,
  requests,
  requestsBothSides,
  service,
  snapshotOf,
} from '../../testUtils';
import { resolveMtls } from './resolveMtls';

const WORLD: KubeObject[] = [
  namespace({ name: 'payments', injected: true }),
  service({
    namespace: 'payments',
    name: 'payments',
    ports: [
      { name: 'http', port: 80, targetPort: 'web' },
      { name: 'grpc', port: 9443, targetPort: 9443 },
    ],
  }),
  ...['v1', 'v2'].flatMap(version =>
    deployment({
      namespace: 'payments',
      name: `payments-${version}`,
      labels: { app: 'payments', version },
      replicas: 2,
      ports: [
        { containerPort: 8080, name: 'web' },
        { containerPort: 9443 },
        { containerPort: 9100, name: 'metrics' },
      ],
    }),
  ),
  peerAuthentication({
    namespace: 'payments',
    name: 'payments',
    spec: {
      selector: { matchLabels: { app: 'payments' } },
      mtls: { mode: 'PERMISSIVE' },
      portLevelMtls: { 9443: { mode: 'STRICT' }, 9100: { mode: 'DISABLE' } },
    },
  }),
];

function matchIn(...snapshots: MeshSnapshot[]): EntityMatch {
  return matchWorkloads({
    claim: {
      entityRef: 'component:default/payments',
      clusters: [],
      selector: { app: 'payments' },
      selectorFrom: 'backstage.io/kubernetes-label-selector',
      services: [],
    },
    snapshots,
    binding: { bindAll: true, namespaces: {} },
  });
}

describe('resolveMtls', () => {
  it('lists workload ports once over workloads and clusters', () => {
    const snapshots = ['prod-eu', 'prod-us'].map(cluster =>
      snapshotOf(WORLD, { cluster }),
    );
    const { ports } = resolveMtls({
      match: matchIn(...snapshots),
      snapshots,
      observations: [],
    });
    expect(
      ports.map(({ port, name, protocol, mode, clusters, workloads }) => ({
        port,
        name,
        protocol,
        mode,
        clusters,
        workloads,
      })),
    ).toEqual([
      {
        port: 8080,
        name: 'http',
        protocol: 'http',
        mode: 'PERMISSIVE',
        clusters: ['prod-eu', 'prod-us'],
        workloads: ['payments-v1', 'payments-v2'],
      },
      {
        port: 9100,
        name: 'metrics',
        protocol: undefined,
        mode: 'DISABLE',
        clusters: ['prod-eu', 'prod-us'],
        workloads: ['payments-v1', 'payments-v2'],
      },
      {
        port: 9443,
        name: 'grpc',
        protocol: 'grpc',
        mode: 'STRICT',
        clusters: ['prod-eu', 'prod-us'],
        workloads: ['payments-v1', 'payments-v2'],
      },
    ]);
  });

  it('keeps clusters that differ apart and says so', () => {
    const eu = snapshotOf(WORLD, { cluster: 'prod-eu' });
    const us = snapshotOf(
      WORLD.filter(({ kind }) => kind !== 'PeerAuthentication'),
      { cluster: 'prod-us' },
    );
    const { ports, mismatches } = resolveMtls({
      match: matchIn(eu, us),
      snapshots: [eu, us],
      observations: [],
    });
    expect(
      ports
        .filter(({ port }) => port === 9443)
        .map(({ mode, clusters }) => [mode, clusters]),
    ).toEqual([
      ['PERMISSIVE', ['prod-us']],
      ['STRICT', ['prod-eu']],
    ]);
    expect(mismatches).toContain(
      'Port 9443 differs: PERMISSIVE in prod-us and STRICT in prod-eu.',
    );
  });

  const eu = snapshotOf(WORLD);
  const resolve = (
    samples: Parameters<typeof observation>[0],
    objects = WORLD,
  ) => {
    const snapshot = objects === WORLD ? eu : snapshotOf(objects);
    return resolveMtls({
      match: matchIn(snapshot),
      snapshots: [snapshot],
      observations: [observation(samples)],
    });
  };

  it('counts what the server saw, never what clients report, and names plaintext callers', () => {
    const { observed } = resolve([
      ...requestsBothSides(1280, {
        from: 'checkout.storefront',
        to: 'payments-v1.payments@v1',
        service: 'payments.payments',
      }),
      requests(440, {
        from: 'storefront.storefront',
        to: 'payments-v2.payments@v2',
      }),
      requests(230, {
        from: 'catalog.catalog',
        to: 'payments-v1.payments',
        security: 'none',
      }),
      requests(100, { to: 'payments-v1.payments', security: 'none' }),
      requests(500, { from: 'x.y', to: 'checkout.storefront' }),
    ]);
    expect(observed).toEqual({
      total: 2050,
      encrypted: 1720,
      encryptedShare: 1720 / 2050,
      unit: 'requests',
      plaintextCallers: [
        {
          workload: 'catalog',
          namespace: 'catalog',
          cluster: 'prod-eu',
          requests: 230,
          connections: 0,
        },
        { cluster: 'prod-eu', requests: 100, connections: 0 },
      ],
    });
  });

  it('is unknown without traffic, not encrypted', () => {
    expect(resolve([]).observed).toEqual({
      total: 0,
      encrypted: 0,
      unit: 'requests',
      plaintextCallers: [],
    });
  });

  it('counts connections where nothing but TCP was seen', () => {
    expect(
      resolve([
        connections(30, { from: 'a.b', to: 'payments-v1.payments' }),
        connections(10, {
          from: 'c.d',
          to: 'payments-v1.payments',
          security: 'none',
        }),
      ]).observed,
    ).toMatchObject({
      total: 40,
      encrypted: 30,
      unit: 'connections',
      plaintextCallers: [{ workload: 'c', requests: 0, connections: 10 }],
    });
  });

  it('prefers requests, but still names a caller that only opened plaintext connections', () => {
    expect(
      resolve([
        requests(100, { from: 'a.b', to: 'payments-v1.payments' }),
        connections(10, {
          from: 'c.d',
          to: 'payments-v1.payments',
          security: 'none',
        }),
      ]).observed,
    ).toMatchObject({
      total: 100,
      encryptedShare: 1,
      unit: 'requests',
      plaintextCallers: [{ workload: 'c', connections: 10 }],
    });
  });

  it('takes "unknown" from a sidecar for no answer and from ztunnel for plaintext', () => {
    const sample = connections(10, {
      from: 'c.d',
      to: 'payments-v1.payments',
      security: 'unknown',
    });
    expect(resolve([sample]).observed.total).toBe(0);
    const ambient = WORLD.filter(
      ({ kind }) => kind === 'Service' || kind === 'Namespace',
    ).concat(
      deployment({
        namespace: 'payments',
        name: 'payments-v1',
        labels: { app: 'payments' },
        proxy: 'ambient',
      }),
    );
    expect(resolve([sample], ambient).observed).toMatchObject({
      total: 10,
      encrypted: 0,
      encryptedShare: 0,
    });
  });

  it('does not count a request twice that a waypoint and the server report', () => {
    const options = { from: 'a.b', to: 'payments-v1.payments' };
    expect(
      resolve([
        requests(100, options),
        requests(100, { ...options, reporter: 'waypoint' }),
      ]).observed.total,
    ).toBe(100);
    expect(
      resolve([requests(100, { ...options, reporter: 'waypoint' })]).observed
        .total,
    ).toBe(100);
  });

  it('names what differs from the configuration', () => {
    const strict = WORLD.filter(
      ({ kind }) => kind !== 'PeerAuthentication',
    ).concat(
      peerAuthentication({
        namespace: 'payments',
        name: 'default',
        spec: { mtls: { mode: 'STRICT' } },
      }),
    );
    expect(
      resolve(
        [
          requests(100, {
            from: 'a.b',
            to: 'payments-v1.payments',
            security: 'none',
          }),
        ],
        strict,
      ).mismatches,
    ).toEqual([
      'Only encrypted requests are accepted (STRICT), yet 100 of 100 arrived without encryption. They may be from before the policy, or the proxies have not taken it yet.',
    ]);
    const [first, ...others] = strict.filter(
      ({ kind, metadata }) =>
        kind === 'Pod' && metadata.name.startsWith('payments-v1'),
    );
    const bare = {
      ...first,
      spec: {
        containers: (first.spec?.containers as { name: string }[]).filter(
          ({ name }) => name !== 'istio-proxy',
        ),
      },
    };
    expect(others).toHaveLength(1);
    expect(
      resolve(
        [],
        strict.map(object => (object === first ? bare : object)),
      ).mismatches,
    ).toEqual([
      '1 of 2 pods of payments-v1 in prod-eu has no proxy and takes plaintext, although STRICT is set.',
    ]);
  });
});
