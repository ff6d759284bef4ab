import type { IntentOf } from '@istio-backstage/plugin-istio-common';

/** Weights of v1, v2, v3 of the shop's hand-written route. */
export function shiftReviews(
  weights: number[],
  clusters: string[] = ['prod-eu'],
): IntentOf<'shiftTraffic'> {
  return {
    type: 'shiftTraffic',
    params: {
      clusters,
      namespace: 'catalog',
      service: 'reviews',
      route: {
        kind: 'VirtualService',
        namespace: 'catalog',
        name: 'reviews',
        fieldPath: 'http[0]',
      },
      weights: weights.map((weight, index) => ({
        key: `v${index + 1}`,
        weight,
      })),
    },
  };
}
