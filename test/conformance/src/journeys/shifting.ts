import type {
  Change,
  ChangePreview,
  IstioClient,
  SubmitRequest,
} from '@istio-backstage/plugin-istio-common';
import { eventually } from './eventually';
import type { ProductWorld, RequestCounts } from './ProductWorld';
import { REVIEWS, REVIEWS_ROUTE } from './types';

/** Whole percents of v1, v2 and v3. */
export type Weights = [number, number, number];

export const CATALOG = { namespace: 'catalog', workload: 'catalog-v1' };
const REVIEWS_URL = 'http://reviews.catalog:9080/reviews';

export function shiftReviews(
  clusters: string[],
  weights: Weights,
): SubmitRequest['intent'] {
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

/** Preview and submit, as the dialog does. */
export async function shift(
  client: IstioClient,
  options: {
    cluster: string;
    weights: Weights;
    reason: string;
    ticket?: string;
  },
): Promise<{ preview: ChangePreview; change: Change }> {
  const { cluster, weights, ...words } = options;
  const intent = shiftReviews([cluster], weights);
  const preview = await client.previewChange({ entityRef: REVIEWS, intent });
  const change = await client.submitChange({
    entityRef: REVIEWS,
    intent,
    planHash: preview.plan.hash,
    ...words,
  });
  return { preview, change };
}

/** Preview and submit of the way back. */
export async function revert(
  client: IstioClient,
  options: { id: string; reason: string },
): Promise<Change> {
  const { plan } = await client.previewRevert(options.id);
  return client.revertChange(options.id, {
    reason: options.reason,
    planHash: plan.hash,
  });
}

/** As the cluster holds them. */
export async function weightsIn(world: ProductWorld): Promise<number[]> {
  const { spec } = await world.read(REVIEWS_ROUTE);
  return (spec.http ?? []).at(-1)?.route.map(({ weight }) => weight ?? 0) ?? [];
}

/** At least 1,000 requests of catalog, with headers if need be, counted after the first of `newcomer` (a change takes a moment to be in force). */
export async function countReviews(
  world: ProductWorld,
  options: { expectVersions: string[]; headers?: Record<string, string> },
): Promise<RequestCounts> {
  const { headers } = options;
  const send = (count: number) =>
    world.send({ from: CATALOG, url: REVIEWS_URL, count, headers });
  const wanted = [...options.expectVersions].sort().join();
  await eventually(
    () => send(60),
    ({ versions }) => Object.keys(versions).sort().join() === wanted,
    { withinMs: 60_000, what: `Requests reach ${wanted}` },
  );
  return send(1_000);
}

/** Steady requests of catalog to reviews, for the metrics. */
export function keepCatalogAsking(world: ProductWorld) {
  return world.keepSending({ from: CATALOG, url: REVIEWS_URL, perSecond: 20 });
}
