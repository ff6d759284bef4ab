import { EntityMatch } from '../../entity/types';
import {
  connections,
  deployment,
  kubeObject,
  namespace,
  observation,
  requests,
  requestsBothSides,
  serviceEntry,
  snapshotOf,
} from '../../testUtils';
import { DEFAULT_THRESHOLDS } from '../health/thresholds';
import { resolveNeighbours } from './resolveNeighbours';
import { neighbourSchema } from './types';

const MATCH: EntityMatch = {
  workloads: ['payments-v1', 'payments-v2'].map(name => ({
    cluster: 'prod-eu',
    namespace: 'payments',
    kind: 'Deployment',
    name,
    podsReady: 1,
    podsDesired: 1,
    why: 'test',
  })),
  services: [],
  nearMisses: [],
};

const SNAPSHOT = snapshotOf([
  namespace({ name: 'legacy' }),
  ...deployment({ namespace: 'legacy', name: 'legacy-billing', proxy: 'none' }),
  ...deployment({ namespace: 'storefront', name: 'checkout' }),
  kubeObject(
    'KubernetesGateway',
    { namespace: 'payments', name: 'waypoint' },
    { spec: { gatewayClassName: 'istio-waypoint' } },
  ),
  serviceEntry({
    namespace: 'payments',
    name: 'cardnet',
    spec: { hosts: ['cardnet.example'], location: 'MESH_EXTERNAL' },
  }),
]);

function resolve(samples: Parameters<typeof observation>[0]) {
  const neighbours = resolveNeighbours({
    match: MATCH,
    snapshots: [SNAPSHOT],
    observations: [
      observation(samples),
      observation(
        [requests(999, { from: 'x.y', to: 'payments-v1.payments' })],
        {
          cluster: 'prod-us',
          error: 'does not answer',
        },
      ),
    ],
    thresholds: DEFAULT_THRESHOLDS,
  });
  expect(neighbours.map(item => neighbourSchema.parse(item))).toEqual(
    neighbours,
  );
  return neighbours;
}

describe('resolveNeighbours', () => {
  it('lists callers and callees with rate, errors and where they are (the mock)', () => {
    const neighbours = resolve([
      ...requestsBothSides(1239, {
        from: 'checkout.storefront',
        to: 'payments-v1.payments',
      }),
      ...requestsBothSides(41, {
        from: 'checkout.storefront',
        to: 'payments-v2.payments',
        responseCode: '503',
      }),
      requests(100, { to: 'payments-v1.payments', security: 'none' }),
      requests(95, {
        from: 'payments-v2.payments',
        to: 'legacy-billing.legacy',
        reporter: 'source',
      }),
      requests(41, {
        from: 'payments-v2.payments',
        to: 'legacy-billing.legacy',
        reporter: 'source',
        responseCode: '0',
      }),
      requests(1280, {
        from: 'payments-v1.payments',
        service: 'cardnet.example',
        reporter: 'source',
      }),
    ]);
    expect(neighbours).toMatchObject([
      {
        direction: 'caller',
        name: 'checkout',
        namespace: 'storefront',
        kind: 'workload',
        outsideMesh: false,
        requests: 1280,
        errorShare: 41 / 1280,
        status: 'degraded',
        workloads: ['checkout'],
      },
      {
        direction: 'caller',
        name: 'unknown',
        kind: 'unknown',
        outsideMesh: true,
        requests: 100,
        status: 'healthy',
      },
      {
        direction: 'callee',
        name: 'legacy-billing',
        kind: 'workload',
        outsideMesh: true,
        requests: 136,
        status: 'failing',
      },
      {
        direction: 'callee',
        name: 'cardnet.example',
        kind: 'external',
        outsideMesh: true,
        requests: 1280,
        errorShare: 0,
        status: 'healthy',
      },
    ]);
    expect(neighbours[0].requestsPerSecond).toBeCloseTo(1280 / 300);
  });

  it('puts protocols of one neighbour together', () => {
    expect(
      resolve([
        ...requestsBothSides(100, {
          from: 'checkout.storefront',
          to: 'payments-v1.payments',
        }),
        ...requestsBothSides(50, {
          from: 'checkout.storefront',
          to: 'payments-v1.payments',
          protocol: 'grpc',
          grpcStatus: '0',
        }),
        connections(7, {
          from: 'checkout.storefront',
          to: 'payments-v1.payments',
        }),
      ]),
    ).toMatchObject([
      { name: 'checkout', requests: 150, tcpConnections: 7, status: 'healthy' },
    ]);
  });

  it('puts requests that reached no pod to the workload their Service stands for', () => {
    expect(
      resolve([
        requests(90, {
          from: 'payments-v1.payments',
          to: 'checkout.storefront',
          service: 'checkout-svc.storefront',
          reporter: 'source',
        }),
        requests(10, {
          from: 'payments-v1.payments',
          service: 'checkout-svc.storefront',
          responseCode: '503',
          responseFlags: 'UH',
          reporter: 'source',
        }),
      ]),
    ).toMatchObject([
      { direction: 'callee', name: 'checkout', requests: 100, errorShare: 0.1 },
    ]);
  });

  it('does not take a waypoint for a neighbour', () => {
    expect(
      resolve([
        connections(9, {
          from: 'waypoint.payments',
          to: 'payments-v1.payments',
        }),
      ]),
    ).toEqual([]);
  });

  it('knows a Service no pod of which was seen, and an address nobody registered', () => {
    expect(
      resolve([
        requests(10, {
          from: 'payments-v1.payments',
          service: 'gone.storefront',
          responseCode: '503',
          reporter: 'source',
        }),
        {
          ...requests(5, { from: 'payments-v1.payments', reporter: 'source' }),
          destinationService: 'somewhere.example',
          destinationServiceName: 'PassthroughCluster',
        },
      ]).map(({ name, kind }) => [name, kind]),
    ).toEqual([
      ['gone', 'service'],
      ['PassthroughCluster', 'unknown'],
    ]);
  });
});
