import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { load } from 'js-yaml';
import { EntityMatch } from '../../entity/types';
import { RequestSample, TcpSample } from '../../telemetry/types';
import {
  connections,
  deployment,
  observation,
  requests,
  requestsBothSides,
  snapshotOf,
} from '../../testUtils';
import { computeHealth } from './computeHealth';
import { DEFAULT_THRESHOLDS, KIALI_THRESHOLDS } from './thresholds';
import { HealthResult, healthResultSchema, Sentence } from './types';

interface Line {
  from?: string;
  to?: string;
  service?: string;
  n: number;
  code?: string;
  grpc?: string;
  flags?: string;
  by?: 's' | 'd' | 'w' | 'b';
  security?: 'none';
  bytes?: number;
}

interface Case {
  name: string;
  preset?: 'kiali';
  p99?: { degraded: number; failing: number };
  pods?: Record<string, [number, number]>;
  traffic?: Line[];
  tcp?: Line[];
  latency?: { workload: string; p99: number }[];
  observations?: [];
  error?: string;
  status: string;
  cause?: string;
  detail?: string;
  inbound?: Partial<HealthResult['inbound']>;
  /** The pods are captured by ztunnel. */
  ambient?: boolean;
}

const cases = load(
  readFileSync(join(__dirname, 'computeHealth.cases.yaml'), 'utf8'),
) as Case[];

const REPORTERS = { s: 'source', d: 'destination', w: 'waypoint' } as const;

function samplesOf(line: Line): RequestSample[] {
  const { from, to, service, n, by = 'b', security } = line;
  const options = {
    from,
    to,
    service: service ?? (to ? undefined : 'payments.payments'),
    responseCode: line.code ?? '200',
    ...(line.grpc ? { protocol: 'grpc' as const, grpcStatus: line.grpc } : {}),
    ...(line.flags ? { responseFlags: line.flags } : {}),
  };
  return by === 'b'
    ? requestsBothSides(n, options)
    : [
        requests(n, {
          ...options,
          reporter: REPORTERS[by],
          ...(security ? { security } : {}),
        }),
      ];
}

function connectionsOf(line: Line): TcpSample {
  const { from, to, service, n, by = 'd', flags, bytes } = line;
  return connections(n, {
    from,
    to,
    service,
    reporter: by === 's' ? 'source' : 'destination',
    ...(flags ? { responseFlags: flags } : {}),
    ...(bytes ? { sentBytes: bytes } : {}),
  });
}

function matchOf(
  pods: Record<string, [number, number]> = {
    'payments-v1': [4, 4],
    'payments-v2': [2, 2],
  },
  cluster = 'prod-eu',
): EntityMatch {
  return {
    workloads: Object.entries(pods).map(([name, [ready, desired]]) => ({
      cluster,
      namespace: 'payments',
      kind: 'Deployment',
      name,
      version: name.split('-')[1],
      podsReady: ready,
      podsDesired: desired,
      why: 'test',
    })),
    services: [
      {
        cluster,
        namespace: 'payments',
        name: 'payments',
        host: 'payments.payments.svc.cluster.local',
        ports: [],
        why: 'test',
      },
    ],
    nearMisses: [],
  };
}

function compute(given: Omit<Case, 'name' | 'status'>): HealthResult {
  const thresholds =
    given.preset === 'kiali' ? KIALI_THRESHOLDS : DEFAULT_THRESHOLDS;
  return computeHealth({
    match: matchOf(given.pods),
    snapshots: [
      snapshotOf(
        given.ambient
          ? deployment({
              namespace: 'payments',
              name: 'payments-v1',
              proxy: 'ambient',
            })
          : [],
      ),
    ],
    observations: given.observations ?? [
      observation(
        [
          ...(given.traffic ?? []).flatMap(samplesOf),
          ...(given.tcp ?? []).map(connectionsOf),
        ],
        {
          latency: (given.latency ?? []).map(entry => ({
            cluster: 'prod-eu',
            namespace: 'payments',
            ...entry,
          })),
          ...(given.error ? { error: given.error } : {}),
        },
      ),
    ],
    thresholds: given.p99
      ? { ...thresholds, latencyP99Ms: given.p99 }
      : thresholds,
    leftOut: [],
  });
}

function read(sentence: Sentence | undefined): string | undefined {
  return sentence?.map(({ text }) => text).join('');
}

describe('computeHealth', () => {
  it.each(cases.map(given => [given.name, given] as const))(
    '%s',
    (_, given) => {
      const result = compute(given);
      expect(healthResultSchema.parse(result)).toEqual(result);
      const { name: _name, cause, detail, status } = given;
      expect({
        status: result.status,
        cause: cause === undefined ? undefined : read(result.cause),
        detail: detail === undefined ? undefined : read(result.detail),
      }).toEqual({ status, cause, detail });
      expect(result.inbound).toMatchObject(given.inbound ?? {});
    },
  );

  it('links the caller, under its canonical name', () => {
    const samples = [
      ...samplesOf({
        from: 'checkout-v3.storefront',
        to: 'payments-v1.payments',
        n: 80,
      }),
      ...samplesOf({
        from: 'checkout-v3.storefront',
        to: 'payments-v1.payments',
        n: 20,
        code: '500',
      }),
    ].map(sample => ({
      ...sample,
      source: { ...sample.source, canonicalService: 'checkout' },
    }));
    const { cause, edges } = computeHealth({
      match: matchOf(),
      snapshots: [snapshotOf([])],
      observations: [observation(samples)],
      thresholds: DEFAULT_THRESHOLDS,
      leftOut: [],
    });
    expect(cause).toContainEqual({
      text: 'checkout',
      workload: { namespace: 'storefront', name: 'checkout-v3' },
    });
    expect(edges).toMatchObject([
      {
        peer: 'checkout',
        peerNamespace: 'storefront',
        peerWorkloads: ['checkout-v3'],
        failures: [{ code: '500', requests: 20 }],
        failuresByVersion: [{ version: 'v1', requests: 100, failed: 20 }],
      },
    ]);
  });

  it('adds clusters up, and counts a request that crosses them once', () => {
    const crossing = requestsBothSides(100, {
      from: 'checkout.storefront',
      to: 'payments-v1.payments',
    }).map(sample => ({
      ...sample,
      source: { ...sample.source, cluster: 'eu' },
      destination: { ...sample.destination, cluster: 'us' },
    }));
    const local = (cluster: string, id: string) =>
      requestsBothSides(50, {
        from: 'checkout.storefront',
        to: 'payments-v1.payments',
        cluster,
      }).map(sample => ({
        ...sample,
        source: { ...sample.source, cluster: id },
        destination: { ...sample.destination, cluster: id },
      }));
    const result = computeHealth({
      match: matchOf(),
      snapshots: [snapshotOf([])],
      observations: [
        observation([crossing[0], ...local('prod-eu', 'eu')]),
        observation([crossing[1], ...local('prod-us', 'us')], {
          cluster: 'prod-us',
        }),
      ],
      thresholds: DEFAULT_THRESHOLDS,
      leftOut: [],
    });
    expect(result.inbound.requests).toBe(200);
    expect(result.countedClusters).toEqual(['prod-eu', 'prod-us']);
  });

  it('leaves a stale cluster out of traffic and readiness, and says so', () => {
    const match = matchOf();
    const stale = matchOf({ 'payments-v1': [0, 4] }, 'staging');
    const result = computeHealth({
      match: { ...match, workloads: [...match.workloads, ...stale.workloads] },
      snapshots: [snapshotOf([]), snapshotOf([], { cluster: 'staging' })],
      observations: [
        observation(
          samplesOf({ from: 'a.x', to: 'payments-v1.payments', n: 100 }),
        ),
        observation(
          samplesOf({
            from: 'a.x',
            to: 'payments-v1.payments',
            n: 900,
            code: '500',
          }),
          { cluster: 'staging' },
        ),
      ],
      thresholds: DEFAULT_THRESHOLDS,
      leftOut: [{ cluster: 'staging', why: 'no answer since 14:25' }],
    });
    expect(result).toMatchObject({
      status: 'healthy',
      countedClusters: ['prod-eu'],
      leftOut: [{ cluster: 'staging', why: 'no answer since 14:25' }],
      inbound: { requests: 100 },
    });
    expect(result.readiness).toContainEqual({
      cluster: 'staging',
      workload: 'payments-v1',
      ready: 0,
      desired: 4,
    });
  });

  it('never calls absent data healthy', () => {
    const result = computeHealth({
      match: { ...matchOf(), workloads: [] },
      snapshots: [],
      observations: [],
      thresholds: DEFAULT_THRESHOLDS,
      leftOut: [{ cluster: 'prod-eu', why: 'no answer since 14:25' }],
    });
    expect(result.status).toBe('unknown');
    expect(read(result.cause)).toBe(
      'Unknown: nothing reports its traffic. prod-eu: no answer since 14:25.',
    );
  });

  it('never fails more requests than there were, nor loses any that one side saw', () => {
    const count = fc.integer({ min: 0, max: 5000 });
    fc.assert(
      fc.property(count, count, count, count, (ok, bad, seenOk, seenBad) => {
        const result = compute({
          traffic: [
            { from: 'a.x', to: 'payments-v1.payments@v1', n: ok, by: 's' },
            {
              from: 'a.x',
              to: 'payments-v1.payments@v1',
              n: bad,
              code: '503',
              by: 's',
            },
            { from: 'a.x', to: 'payments-v1.payments@v1', n: seenOk, by: 'd' },
            {
              from: 'a.x',
              to: 'payments-v1.payments@v1',
              n: seenBad,
              code: '0',
              by: 'd',
            },
          ],
        });
        const { requests: total, failed, errorShare = 0 } = result.inbound;
        expect(failed).toBeLessThanOrEqual(total + 1e-6);
        expect(errorShare).toBeLessThanOrEqual(1 + 1e-9);
        expect(total).toBeGreaterThanOrEqual(
          Math.max(ok + bad, seenOk + seenBad) - 1e-6,
        );
      }),
    );
  });
});
