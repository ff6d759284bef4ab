import {
  componentListQuerySchema,
  type ComponentListQuery,
} from '@istio-backstage/plugin-istio-common';

/** Filters, order and page of the list, as its URL says them. */
export type ListQuery = Partial<ComponentListQuery> & {
  offset: number;
  limit: number;
};

/** Names in the URL; `limit` is not among them, as pages have one size. */
const PARAMS = [
  'window',
  'search',
  'owner',
  'namespace',
  'cluster',
  'status',
  'sort',
  'order',
  'offset',
] as const;

export const PAGE_SIZE = 50;

/**
 * Reads the query from a URL. A parameter that the API would refuse is dropped, so that an old or
 * mistyped link still shows the list.
 */
export function readListQuery(params: URLSearchParams): ListQuery {
  const query: Record<string, unknown> = { limit: PAGE_SIZE };
  for (const name of PARAMS) {
    const value = params.get(name);
    const field = componentListQuerySchema.shape[name];
    const parsed = field.safeParse(value ?? undefined);
    if (parsed.success) query[name] = parsed.data;
    else query[name] = field.parse(undefined);
  }
  return query as ListQuery;
}

/** The URL with some parameters changed; any change but of the page leads back to the first page. */
export function changeListParams(
  params: URLSearchParams,
  change: Partial<Record<(typeof PARAMS)[number], string | undefined>>,
): URLSearchParams {
  const next = new URLSearchParams(params);
  if (!('offset' in change)) next.delete('offset');
  for (const [name, value] of Object.entries(change)) {
    if (value) next.set(name, value);
    else next.delete(name);
  }
  return next;
}

/** Whether the list shows only some of the components. */
export function isFiltered(query: ListQuery): boolean {
  return Boolean(
    query.search ||
      query.owner ||
      query.namespace ||
      query.cluster ||
      query.status,
  );
}
