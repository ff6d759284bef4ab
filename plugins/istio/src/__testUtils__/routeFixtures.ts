import type {
  ObjectRef,
  SplitDestination,
  TrafficRoute,
} from '@istio-backstage/plugin-istio-common';

export const virtualService: ObjectRef = {
  cluster: 'prod-eu',
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  namespace: 'payments',
  name: 'payments',
};

export const destinationRule: ObjectRef = {
  ...virtualService,
  kind: 'DestinationRule',
};

export const peerAuthentication: ObjectRef = {
  ...virtualService,
  apiVersion: 'security.istio.io/v1',
  kind: 'PeerAuthentication',
};

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

/** Three rules; the first that takes every request makes the last one unreachable. */
export const routes: TrafficRoute[] = [
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
