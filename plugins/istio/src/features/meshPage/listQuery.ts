import {
  componentListQuerySchema,
  type ComponentListQuery,
} from '@istio-backstage/plugin-istio-common';
import { changeListUrl, readListUrl } from '../../components';

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

/** Reads the query from a URL; see {@link readListUrl}. */
export function readListQuery(params: URLSearchParams): ListQuery {
  return {
    ...readListUrl(params, {
      names: PARAMS,
      fields: componentListQuerySchema.shape,
    }),
    limit: PAGE_SIZE,
  } as ListQuery;
}

/** The URL with some parameters changed; any change but of the page leads back to the first page. */
export function changeListParams(
  params: URLSearchParams,
  change: Partial<Record<(typeof PARAMS)[number], string | undefined>>,
): URLSearchParams {
  return changeListUrl(params, change);
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
