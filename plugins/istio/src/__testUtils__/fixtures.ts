import type {
  ClusterStatus,
  ComponentList,
  ComponentMesh,
  ComponentSummary,
  EntityAccess,
  GoldenSignal,
  GoldenSignals,
  ObjectRef,
  SplitDestination,
  TrafficRoute,
} from '@istio-backstage/plugin-istio-common';

/** The moment all fixtures show. */
export const FIXTURE_NOW = Date.parse('2026-07-14T14:32:00Z');

const at = (secondsAgo: number) =>
  new Date(FIXTURE_NOW - secondsAgo * 1000).toISOString();

export const PAYMENTS_REF = 'component:default/payments';

const virtualService: ObjectRef = {
  cluster: 'prod-eu',
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  namespace: 'payments',
  name: 'payments',
};

const destinationRule: ObjectRef = {
  ...virtualService,
  kind: 'DestinationRule',
};

const peerAuthentication: ObjectRef = {
  ...virtualService,
  apiVersion: 'security.istio.io/v1',
  kind: 'PeerAuthentication',
};

/** A cluster that answers, with fresh metrics. */
export const freshCluster: ClusterStatus = {
  name: 'prod-eu',
  state: 'fresh',
  asOf: at(4),
  istioVersion: '1.31.0',
  metrics: { state: 'fresh', asOf: at(22) },
  missingKinds: [],
};

/** A cluster that answered once and does not now. */
export const staleCluster: ClusterStatus = {
  name: 'staging',
  state: 'stale',
  asOf: at(420),
  istioVersion: '1.31.0',
  message: 'The API server does not answer since 14:25. Retry in 20 s.',
  metrics: { state: 'unreachable', message: 'connect ECONNREFUSED' },
  missingKinds: [],
};

const clusters: ClusterStatus[] = [
  freshCluster,
  {
    ...freshCluster,
    name: 'prod-us',
    asOf: at(6),
    metrics: { state: 'fresh', asOf: at(24) },
  },
];

const destination = (
  key: string,
  configured: number,
  more: Partial<SplitDestination> = {},
): SplitDestination => ({
  key,
  label: key,
  host: 'payments.payments.svc.cluster.local',
  subset: key,
  port: 8080,
  version: key,
  workloads: [`payments-${key}`],
  podsReady: 4,
  podsDesired: 4,
  configured,
  weight: configured * 100,
  ...more,
});

const route = (index: number, more: Partial<TrafficRoute>): TrafficRoute => ({
  id: `VirtualService/payments/payments/http[${index}]`,
  clusters: ['prod-eu', 'prod-us'],
  object: virtualService,
  fieldPath: `http[${index}]`,
  index,
  protocol: 'http',
  host: 'payments.payments.svc.cluster.local',
  ports: [],
  when: [],
  gateways: ['mesh'],
  action: 'route',
  destinations: [],
  alsoSets: [],
  shiftable: { possible: true },
  ...more,
});

const routes: TrafficRoute[] = [
  route(0, {
    name: 'canary-header',
    when: [
      [
        { text: 'Header ', literal: false },
        { text: 'x-canary', literal: true },
        { text: ' is exactly ', literal: false },
        { text: 'v2', literal: true },
      ],
    ],
    destinations: [destination('v2', 1, { podsReady: 2, podsDesired: 2 })],
    requests: 0,
  }),
  route(1, {
    name: 'primary',
    destinations: [
      destination('v1', 0.9, { observed: 0.894, observedRequests: 1743 }),
      destination('v2', 0.1, {
        observed: 0.106,
        observedRequests: 207,
        podsReady: 2,
        podsDesired: 2,
      }),
    ],
    requests: 1950,
    alsoSets: ['sets a timeout of 10 s'],
  }),
  route(2, {
    name: 'beta-users',
    when: [
      [
        { text: 'Header ', literal: false },
        { text: 'x-beta', literal: true },
        { text: ' is exactly ', literal: false },
        { text: 'true', literal: true },
      ],
    ],
    destinations: [destination('v2', 1, { podsReady: 2, podsDesired: 2 })],
    neverReached: {
      byFieldPath: 'http[1]',
      text: 'Rule 2 takes every request before this one.',
    },
    shiftable: { possible: false, why: 'No request reaches this route.' },
  }),
];

/** A degraded component: two versions, plaintext callers, a rule that nothing reaches. */
export const paymentsMesh: ComponentMesh = {
  entityRef: PAYMENTS_REF,
  window: { seconds: 300, from: at(300), to: at(0) },
  clusters,
  match: {
    workloads: [
      {
        cluster: 'prod-eu',
        namespace: 'payments',
        kind: 'Deployment',
        name: 'payments-v1',
        version: 'v1',
        podsReady: 4,
        podsDesired: 4,
        why: 'label app=payments from annotation backstage.io/kubernetes-label-selector',
      },
    ],
    services: [
      {
        cluster: 'prod-eu',
        namespace: 'payments',
        name: 'payments',
        host: 'payments.payments.svc.cluster.local',
        ports: [{ port: 8080, name: 'http', protocol: 'http' }],
        why: 'selects the pods of payments-v1',
      },
    ],
    nearMisses: [],
  },
  health: {
    status: 'degraded',
    cause: [
      { text: 'Degraded: 3.2 % of requests from ' },
      {
        text: 'checkout',
        workload: { namespace: 'storefront', name: 'checkout' },
        entityRef: 'component:default/checkout',
      },
      { text: ' fail with 503 (41 of 1,280 in 5 min). Threshold 1 %.' },
    ],
    detail: [{ text: 'All 41 failures came from v2; v1 had none.' }],
    inbound: {
      requests: 2050,
      requestsPerSecond: 6.83,
      failed: 41,
      errorShare: 0.02,
      p50Ms: 38,
      p95Ms: 210,
      p99Ms: 2040,
      tcpConnections: 0,
    },
    edges: [
      {
        direction: 'inbound',
        peer: 'checkout',
        peerNamespace: 'storefront',
        protocol: 'http',
        requests: 1280,
        failed: 41,
        failures: [{ code: '503', flags: 'UC', requests: 41 }],
        failuresByVersion: [
          { version: 'v2', requests: 136, failed: 41 },
          { version: 'v1', requests: 1144, failed: 0 },
        ],
        status: 'degraded',
      },
    ],
    readiness: [
      { cluster: 'prod-eu', workload: 'payments-v1', ready: 4, desired: 4 },
    ],
    thresholds: {
      preset: 'default',
      errors: { degraded: 0.01, failing: 0.1 },
      minimumRequests: 50,
    },
    countedClusters: ['prod-eu', 'prod-us'],
    leftOut: [],
  },
  dataPlane: {
    mode: 'sidecar',
    proxyVersions: ['1.31.0'],
    podsWithProxy: 6,
    pods: 6,
    why: 'namespace label istio-injection=enabled',
  },
  mtls: {
    ports: [
      {
        port: 8080,
        name: 'http',
        protocol: 'http',
        mode: 'PERMISSIVE',
        decidedBy: {
          by: 'object',
          object: peerAuthentication,
          fieldPath: 'spec.mtls.mode',
        },
        considered: [],
        clusters: ['prod-eu', 'prod-us'],
        workloads: ['payments-v1', 'payments-v2'],
      },
      {
        port: 9100,
        name: 'metrics',
        mode: 'DISABLE',
        decidedBy: {
          by: 'object',
          object: peerAuthentication,
          fieldPath: 'spec.portLevelMtls.9100.mode',
        },
        considered: [],
        clusters: ['prod-eu', 'prod-us'],
        workloads: ['payments-v1', 'payments-v2'],
      },
    ],
    observed: {
      total: 2050,
      encrypted: 1720,
      encryptedShare: 0.839,
      unit: 'requests',
      plaintextCallers: [
        {
          workload: 'catalog',
          namespace: 'catalog',
          cluster: 'prod-eu',
          requests: 230,
          connections: 0,
          entityRef: 'component:default/catalog',
          ownerRef: 'group:default/catalog-team',
        },
        {
          workload: 'legacy-billing',
          namespace: 'legacy',
          cluster: 'prod-eu',
          requests: 100,
          connections: 0,
        },
      ],
    },
    mismatches: [],
  },
  split: {
    primaryRouteId: 'VirtualService/payments/payments/http[1]',
    routes,
    versions: [
      {
        key: 'v1',
        label: 'v1',
        selector: { version: 'v1' },
        definedBy: destinationRule,
        fieldPath: 'spec.subsets[0]',
        clusters: ['prod-eu', 'prod-us'],
        podsReady: 4,
        podsDesired: 4,
      },
      {
        key: 'v2',
        label: 'v2',
        selector: { version: 'v2' },
        definedBy: destinationRule,
        fieldPath: 'spec.subsets[1]',
        clusters: ['prod-eu', 'prod-us'],
        podsReady: 2,
        podsDesired: 2,
      },
    ],
    observed: {
      requests: 1950,
      seconds: 300,
      notRouted: [
        { caller: 'legacy-billing', namespace: 'legacy', requests: 100 },
      ],
    },
    comparison: {
      verdict: 'inLine',
      text: 'In line: 1,743 and 207 requests, 0.6 points off',
    },
  },
  neighbours: [
    {
      direction: 'caller',
      name: 'checkout',
      namespace: 'storefront',
      kind: 'workload',
      outsideMesh: false,
      requestsPerSecond: 4.27,
      requests: 1280,
      errorShare: 0.032,
      tcpConnections: 0,
      status: 'degraded',
      entityRef: 'component:default/checkout',
      ownerRef: 'group:default/storefront-team',
    },
    {
      direction: 'caller',
      name: 'legacy-billing',
      namespace: 'legacy',
      kind: 'workload',
      outsideMesh: true,
      requestsPerSecond: 0.33,
      requests: 100,
      errorShare: 0,
      tcpConnections: 0,
      status: 'healthy',
    },
    {
      direction: 'callee',
      name: 'cardnet.example',
      kind: 'external',
      outsideMesh: true,
      requestsPerSecond: 4.3,
      requests: 1290,
      errorShare: 0,
      tcpConnections: 0,
      status: 'healthy',
    },
  ],
  recentChanges: [
    {
      id: '01J2T0000000000000000CHG47',
      at: at(660),
      title: 'v2 from 0 to 10 %',
      state: 'verified',
      by: 'user:default/jonas.weber',
      ticket: 'PAY-482',
    },
    {
      id: '01J2S0000000000000000CHG40',
      at: at(5 * 86_400),
      title: 'Refund timeout 30 s',
      state: 'denied',
      by: 'user:default/priya.nair',
    },
  ],
  errors: [],
};

/** A component that nothing in any cluster matches. */
export const unmatchedMesh: ComponentMesh = {
  entityRef: 'component:default/wiki',
  window: paymentsMesh.window,
  clusters,
  match: {
    workloads: [],
    services: [],
    nearMisses: [
      {
        cluster: 'prod-eu',
        namespace: 'docs',
        kind: 'Deployment',
        name: 'wikis',
        whyNot: 'label app is wikis, the entity asks for wiki',
      },
    ],
    empty: {
      title: 'No workload carries the label app=wiki',
      explanation:
        'The annotation backstage.io/kubernetes-label-selector of this component asks for app=wiki, and no pod in prod-eu or prod-us has it.',
      fix: 'metadata:\n  annotations:\n    backstage.io/kubernetes-label-selector: app=wikis',
    },
  },
  neighbours: [],
  recentChanges: [],
  errors: [],
};

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
