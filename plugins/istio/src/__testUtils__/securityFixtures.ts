import type {
  AuthorizationResponse,
  BreakingCaller,
  ComponentSecurity,
  DecidedBy,
  ObjectRef,
  StrictReadiness,
} from '@istio-backstage/plugin-istio-common';
import { at } from './clusterFixtures';
import { paymentsMesh } from './meshFixtures';

const policy: ObjectRef = {
  cluster: 'prod-eu',
  apiVersion: 'security.istio.io/v1',
  kind: 'AuthorizationPolicy',
  namespace: 'payments',
  name: 'allow-callers',
};

function decided(object: ObjectRef, fieldPath: string): DecidedBy {
  return { by: 'object', object, fieldPath };
}

const catalog: BreakingCaller = {
  cluster: 'prod-eu',
  namespace: 'catalog',
  workload: 'catalog-v1',
  requests: 100,
  connections: 0,
  perSecond: 0.5,
  lastSeenWithinSeconds: 300,
  servers: ['payments-v1'],
  ports: [8080],
  unlessPorts: [9100],
  cause: 'destinationRule',
  why: 'In the mesh, but DestinationRule catalog/payments-plain turns encryption off.',
  fix: 'Remove spec.trafficPolicy.tls of DestinationRule catalog/payments-plain, or set its mode to ISTIO_MUTUAL.',
  decidedBy: [
    decided(
      {
        cluster: 'prod-eu',
        apiVersion: 'networking.istio.io/v1',
        kind: 'DestinationRule',
        namespace: 'catalog',
        name: 'payments-plain',
      },
      'spec.trafficPolicy.tls.mode',
    ),
  ],
  entityRef: 'component:default/catalog',
  ownerRef: 'group:default/catalog-team',
};

/** Two callers would break; one of them calls in both clusters. */
export const notReady: StrictReadiness = {
  verdict: 'notReady',
  sentence:
    'Not ready: 2 callers would break. 330 of 2,050 requests (16.1 %) in 24 h came without encryption.',
  windowSeconds: 86_400,
  observed: { total: 2050, plaintext: 330, unit: 'requests' },
  breaks: [
    catalog,
    { ...catalog, cluster: 'prod-us', requests: 130 },
    {
      ...catalog,
      namespace: 'legacy',
      workload: 'legacy-billing',
      requests: 100,
      lastSeenWithinSeconds: 86_400,
      unlessPorts: [],
      cause: 'noProxy',
      why: 'Outside the mesh: its pods have no proxy (no label asks for a proxy).',
      fix: 'Add namespace legacy to the mesh (label istio-injection=enabled) and restart its pods, or keep port 8080 open (portLevelMtls).',
      decidedBy: [],
      entityRef: undefined,
      ownerRef: undefined,
    },
  ],
  probes: [],
  follows: [],
  ports: { strict: 1, changing: 1, open: 1 },
  openPorts: [
    {
      cluster: 'prod-eu',
      namespace: 'payments',
      workload: 'payments-v1',
      port: 9100,
      mode: 'DISABLE',
      decidedBy: decided(
        { ...policy, kind: 'PeerAuthentication', name: 'payments' },
        'spec.portLevelMtls.9100',
      ),
    },
  ],
  unseen: [],
  unknown: [],
  policies: [],
};

/** Nobody seen would break, and nobody called at all. */
export const tooLittle: StrictReadiness = {
  ...notReady,
  verdict: 'notEnoughTraffic',
  sentence:
    'Not enough traffic to say: in 24 h nobody called payments/fraud-check-v1.',
  breaks: [],
  openPorts: [],
  unseen: [
    {
      cluster: 'prod-eu',
      namespace: 'payments',
      workload: 'fraud-check-v1',
    },
  ],
};

export const paymentsSecurity: ComponentSecurity = {
  entityRef: paymentsMesh.entityRef,
  window: paymentsMesh.window,
  evidence: { seconds: 86_400, from: at(86_400), to: at(22) },
  clusters: paymentsMesh.clusters,
  match: paymentsMesh.match,
  mtls: paymentsMesh.mtls,
  readiness: notReady,
  access: {
    callers: [
      {
        namespace: 'storefront',
        workload: 'checkout',
        principal: 'spiffe://cluster.local/ns/storefront/sa/checkout',
        clusters: ['prod-eu', 'prod-us'],
        requests: 1280,
        connections: 0,
        perSecond: 4.27,
        encrypted: 1280,
        plaintext: 0,
        access: 'always',
        decidedBy: [decided(policy, 'spec.rules[0]')],
        reason: 'an ALLOW rule matches',
        dependsOn: [],
        entityRef: 'component:default/checkout',
        ownerRef: 'group:default/storefront-team',
      },
      {
        namespace: 'legacy',
        workload: 'legacy-billing',
        clusters: ['prod-eu'],
        requests: 100,
        connections: 0,
        perSecond: 0.33,
        encrypted: 0,
        plaintext: 100,
        access: 'sometimes',
        decidedBy: [decided(policy, 'spec.rules[1]')],
        reason: 'an ALLOW rule may match, and no other does',
        dependsOn: ['request path'],
      },
      {
        clusters: ['prod-eu'],
        requests: 5,
        connections: 0,
        perSecond: 0.02,
        encrypted: 0,
        plaintext: 0,
        access: 'unknown',
        decidedBy: [],
        reason: 'AuthorizationPolicy objects of prod-eu could not be read',
        dependsOn: [],
      },
    ],
    policies: [
      {
        object: policy,
        clusters: ['prod-eu', 'prod-us'],
        workloads: ['payments-v1'],
        action: 'ALLOW',
        dryRun: false,
        rules: [
          {
            fieldPath: 'spec.rules[0]',
            who: ['storefront/checkout or storefront/gone'],
            what: [],
            when: [],
            byAddress: false,
            usedBy: ['storefront/checkout'],
          },
          {
            fieldPath: 'spec.rules[1]',
            who: ['address 10.20.0.0/16'],
            what: ['/plans* or /callbacks*'],
            when: [],
            byAddress: true,
            usedBy: ['legacy/legacy-billing'],
          },
        ],
      },
    ],
    unusedGrants: {
      known: true,
      grants: [
        {
          policy: decided(policy, 'spec.rules[0].from[0].source.principals'),
          list: 'principals',
          value: 'cluster.local/ns/storefront/sa/gone',
          clusters: ['prod-eu', 'prod-us'],
        },
      ],
    },
    tokens: { checks: [], demandedBy: [] },
    unread: [],
  },
  askable: [
    { name: 'catalog/ratings-v1', entityRef: 'component:default/ratings' },
  ],
  errors: [],
};

/** Ratings is turned away. */
export const denied: AuthorizationResponse = {
  entityRef: paymentsMesh.entityRef,
  clusters: paymentsMesh.clusters,
  errors: [],
  decision: 'deny',
  port: 8080,
  caller: {
    kind: 'workload',
    name: 'catalog/ratings-v1',
    workload: 'ratings-v1',
    principal: 'cluster.local/ns/catalog/sa/ratings',
  },
  answers: [
    {
      clusters: ['prod-eu', 'prod-us'],
      workloads: ['payments-v1'],
      decision: 'deny',
      decidedBy: [decided(policy, 'spec.rules')],
      reason:
        'ALLOW policies select the workload, and no rule of theirs matches',
      missing: [],
      considered: [
        {
          policy: decided(policy, 'spec.rules'),
          action: 'ALLOW',
          outcome: 'doesNotMatch',
          dryRun: false,
          why: 'spec.rules[0] not met: spec.rules[0].from[0].source.principals (cluster.local/ns/storefront/sa/checkout)',
        },
      ],
      enforcedBy: 'sidecar',
      proven: true,
    },
  ],
  unknown: [],
};
