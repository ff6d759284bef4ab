import type {
  ServiceMatch,
  SplitDestination,
  TrafficRoute,
  TrafficSplit,
  Version,
} from '@istio-backstage/plugin-istio-common';
import { reviewsRoute } from '../../../changes/__fixtures__/changes';

const HOST = 'reviews.catalog.svc.cluster.local';
const CLUSTERS = ['prod-eu', 'prod-us'];

/** A destination that takes such a share of 7,200 requests. */
export function destination(
  key: string,
  configured: number,
  podsReady = 2,
): SplitDestination {
  return {
    key,
    label: key,
    host: HOST,
    subset: key,
    port: 9080,
    version: key,
    workloads: [`reviews-${key}`],
    podsReady,
    podsDesired: podsReady,
    configured,
    weight: configured * 100,
    observedRequests: configured * 7200,
    observed: configured,
  };
}

/** The route of reviews: 80 / 20 / 0. */
export function buildRoute(more: Partial<TrafficRoute> = {}): TrafficRoute {
  return {
    id: 'VirtualService/catalog/reviews/http[0]',
    clusters: CLUSTERS,
    object: reviewsRoute('prod-eu'),
    fieldPath: 'http[0]',
    index: 0,
    protocol: 'http',
    host: HOST,
    ports: [],
    when: [],
    gateways: ['mesh'],
    action: 'route',
    destinations: [
      destination('v1', 0.8, 4),
      destination('v2', 0.2),
      destination('v3', 0, 1),
    ],
    alsoSets: ['adds the response header x-reviews'],
    shiftable: { possible: true },
    ...more,
  };
}

/** A version that runs in both clusters. */
export function buildVersion(key: string): Version {
  return {
    key,
    label: key,
    selector: { version: key },
    clusters: CLUSTERS,
    podsReady: 2,
    podsDesired: 2,
  };
}

/** The split of reviews. */
export function buildSplit(
  routes: TrafficRoute[] = [buildRoute()],
): TrafficSplit {
  return {
    primaryRouteId: routes[0]?.id,
    routes,
    versions: ['v1', 'v2', 'v3'].map(buildVersion),
    observed: { requests: 7200, seconds: 300, notRouted: [] },
    comparison: { verdict: 'inLine', text: 'In line' },
  };
}

export const reviewsServices: ServiceMatch[] = CLUSTERS.map(cluster => ({
  cluster,
  namespace: 'catalog',
  name: 'reviews',
  host: HOST,
  ports: [{ port: 9080, name: 'http', protocol: 'http' }],
  why: 'selects the pods',
}));
