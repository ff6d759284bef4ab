import type {
  ComponentList,
  ComponentSummary,
  EntityAccess,
  GoldenSignal,
  GoldenSignals,
} from '@istio-backstage/plugin-istio-common';
import { FIXTURE_NOW, at, clusters, staleCluster } from './clusterFixtures';
import { PAYMENTS_REF, paymentsMesh } from './meshFixtures';

const series = (
  signal: GoldenSignal['signal'],
  unit: GoldenSignal['unit'],
  values: readonly [before: number, now: number],
): GoldenSignal => ({
  signal,
  unit,
  before: values[0],
  now: values[1],
  points: Array.from({ length: 61 }, (_, index) => {
    const seconds = FIXTURE_NOW / 1000 - 1800 + index * 30;
    const after = seconds >= FIXTURE_NOW / 1000 - 600;
    return [seconds, after ? values[1] : values[0]];
  }),
});

/** Errors and p99 of payments rose 10 minutes ago, one minute after a change. */
export const paymentsSignals: GoldenSignals = {
  entityRef: PAYMENTS_REF,
  from: at(1800),
  to: at(0),
  stepSeconds: 30,
  comparedWith: { kind: 'change' },
  signals: [
    series('rate', 'requestsPerSecond', [6.9, 6.83]),
    series('errors', 'share', [0, 0.02]),
    series('p50', 'milliseconds', [36, 38]),
    series('p95', 'milliseconds', [190, 210]),
    series('p99', 'milliseconds', [340, 2040]),
  ],
  changes: [paymentsMesh.recentChanges[0]],
  query: 'sum(rate(istio_requests_total{reporter="destination"}[1m]))',
  errors: [],
};

/** An owner who may change the component in both clusters. */
export const allowedAccess: EntityAccess = {
  change: {
    allowed: true,
    clusters: [
      { cluster: 'prod-eu', allowed: true },
      { cluster: 'prod-us', allowed: true },
    ],
  },
  readAudit: true,
};

/** The portal would allow it, the cluster's RBAC does not. */
export const refusedByCluster: EntityAccess = {
  change: {
    allowed: false,
    reason:
      'prod-eu: dan.osei may not patch virtualservices in namespace payments',
    clusters: [
      {
        cluster: 'prod-eu',
        allowed: false,
        reason: 'dan.osei may not patch virtualservices in namespace payments',
      },
    ],
  },
  readAudit: true,
};

const summary = (
  name: string,
  more: Partial<ComponentSummary>,
): ComponentSummary => ({
  entityRef: `component:default/${name}`,
  title: name,
  type: 'service',
  ownerRef: 'group:default/catalog-team',
  namespaces: ['catalog'],
  clusters: [
    { name: 'prod-eu', stale: false },
    { name: 'prod-us', stale: false },
  ],
  dataPlane: 'sidecar',
  status: 'healthy',
  cause: [{ text: 'Healthy: 0.0 % of 7,200 requests fail in 5 min.' }],
  requestsPerSecond: 24,
  encryptedShare: 1,
  mtlsModes: ['STRICT'],
  split: [],
  ...more,
});

/** Three rows: degraded with two versions, healthy with a stale cluster, outside the mesh. */
export const componentList: ComponentList = {
  window: paymentsMesh.window,
  items: [
    summary('payments', {
      ownerRef: 'group:default/payments-team',
      namespaces: ['payments'],
      status: 'degraded',
      cause: paymentsMesh.health!.cause,
      requestsPerSecond: 6.83,
      encryptedShare: 0.839,
      mtlsModes: ['PERMISSIVE', 'DISABLE'],
      split: [
        { label: 'v1', configured: 0.9, observed: 0.894 },
        { label: 'v2', configured: 0.1, observed: 0.106 },
      ],
      lastChange: paymentsMesh.recentChanges[0],
    }),
    summary('reviews', {
      clusters: [
        { name: 'prod-eu', stale: false },
        { name: 'staging', stale: true },
      ],
      split: [{ label: 'v1', configured: 1, observed: 1 }],
    }),
    summary('legacy-billing', {
      ownerRef: undefined,
      namespaces: ['legacy'],
      clusters: [{ name: 'prod-eu', stale: false }],
      dataPlane: 'none',
      status: 'unknown',
      cause: [{ text: 'Unknown: no proxy reports its requests.' }],
      requestsPerSecond: undefined,
      encryptedShare: undefined,
      mtlsModes: ['OUTSIDE'],
    }),
  ],
  all: 3,
  total: 3,
  counts: { degraded: 1, healthy: 1, outsideMesh: 1 },
  facets: {
    owners: ['group:default/catalog-team', 'group:default/payments-team'],
    namespaces: ['catalog', 'legacy', 'payments'],
    clusters: ['prod-eu', 'prod-us', 'staging'],
  },
  clusters: [...clusters, staleCluster],
  errors: [],
};
