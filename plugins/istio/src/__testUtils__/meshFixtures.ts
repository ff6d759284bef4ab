import type { ComponentMesh } from '@istio-backstage/plugin-istio-common';
import { at, clusters } from './clusterFixtures';
import { destinationRule, peerAuthentication, routes } from './routeFixtures';

export const PAYMENTS_REF = 'component:default/payments';

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
    proxies: [
      {
        cluster: 'prod-eu',
        pods: 6,
        version: '1.31.0',
        revision: 'default',
        controlPlane: { revision: 'default', version: '1.31.0' },
        skew: 'same',
        text: 'Proxy 1.31.0 in 6 pods, as the control plane',
      },
    ],
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
