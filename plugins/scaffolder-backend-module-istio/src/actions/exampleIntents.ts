import type { Intent } from '@istio-backstage/plugin-istio-common';

/** 30 % of the requests of the demo's reviews to version 2. */
export const SHIFT_REVIEWS: Intent = {
  type: 'shiftTraffic',
  params: {
    clusters: ['prod-eu'],
    namespace: 'catalog',
    service: 'reviews',
    route: {
      kind: 'VirtualService',
      namespace: 'catalog',
      name: 'reviews',
      fieldPath: 'http[0]',
    },
    weights: [
      { key: 'v1', weight: 70 },
      { key: 'v2', weight: 30 },
      { key: 'v3', weight: 0 },
    ],
  },
};
