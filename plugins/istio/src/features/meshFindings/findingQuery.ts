import {
  findingListQuerySchema,
  type FindingListQuery,
} from '@istio-backstage/plugin-istio-common';

/** Filters, order and page of the list, as its URL says them. */
export type FindingQuery = Partial<FindingListQuery> & {
  offset: number;
  limit: number;
};

/** Names in the URL; `limit` is not among them, as pages have one size. */
const PARAMS = [
  'search',
  'severity',
  'code',
  'owner',
  'namespace',
  'cluster',
  'kind',
  'sort',
  'order',
  'offset',
] as const;

export type FindingParam = (typeof PARAMS)[number];

export const PAGE_SIZE = 50;

/**
 * Reads the query from a URL. A parameter that the API would refuse is dropped, so that an old or
 * mistyped link still shows the list.
 */
export function readFindingQuery(params: URLSearchParams): FindingQuery {
  const query: Record<string, unknown> = { limit: PAGE_SIZE };
  for (const name of PARAMS) {
    const field = findingListQuerySchema.shape[name];
    const parsed = field.safeParse(params.get(name) ?? undefined);
    query[name] = parsed.success ? parsed.data : field.parse(undefined);
  }
  return query as FindingQuery;
}

/** The URL with some parameters changed; any change but of the page leads back to the first page. */
export function changeFindingParams(
  params: URLSearchParams,
  change: Partial<Record<FindingParam | 'finding', string | undefined>>,
): URLSearchParams {
  const next = new URLSearchParams(params);
  if (!('offset' in change) && !('finding' in change)) next.delete('offset');
  for (const [name, value] of Object.entries(change)) {
    if (value) next.set(name, value);
    else next.delete(name);
  }
  return next;
}

/** Whether the list shows only some of the findings. */
export function isFiltered(query: FindingQuery): boolean {
  const { search, severity, code, owner, namespace, cluster, kind } = query;
  return [search, severity, code, owner, namespace, cluster, kind].some(
    Boolean,
  );
}
