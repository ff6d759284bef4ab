import {
  findingListQuerySchema,
  type FindingListQuery,
} from '@istio-backstage/plugin-istio-common';
import { changeListUrl, readListUrl } from '../../components';

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

/** Reads the query from a URL; see {@link readListUrl}. */
export function readFindingQuery(params: URLSearchParams): FindingQuery {
  return {
    ...readListUrl(params, {
      names: PARAMS,
      fields: findingListQuerySchema.shape,
    }),
    limit: PAGE_SIZE,
  } as FindingQuery;
}

/** The URL with some parameters changed; any change but of the page leads back to the first page. */
export function changeFindingParams(
  params: URLSearchParams,
  change: Partial<Record<FindingParam | 'finding', string | undefined>>,
): URLSearchParams {
  return changeListUrl(params, change, ['offset', 'finding']);
}

/** Whether the list shows only some of the findings. */
export function isFiltered(query: FindingQuery): boolean {
  const { search, severity, code, owner, namespace, cluster, kind } = query;
  return [search, severity, code, owner, namespace, cluster, kind].some(
    Boolean,
  );
}
