import {
  useQuery,
  useInfiniteQuery,
  keepPreviousData,
} from '@tanstack/react-query';
import { useApi } from '@backstage/core-plugin-api';
import type { Change } from '@istio-backstage/plugin-istio-common';
import { istioApiRef } from '../../api';
import { istioQueryKeys, REFETCH_INTERVAL_MS } from '../../data';
import { buildListQuery, type ChangeFilters } from './changeFilters';
import { isMoving } from './presentOutcome';

/** A change that is under way is looked at this often; the person is watching it. */
const FOLLOW_INTERVAL_MS = 1_500;

/** The changes of a component or of all, page by page, newest first. */
export function useChangeList(options: {
  entityRef?: string;
  filters: ChangeFilters;
}) {
  const { entityRef, filters } = options;
  const api = useApi(istioApiRef);
  const query = buildListQuery({ entityRef, filters });
  return useInfiniteQuery({
    queryKey: [...istioQueryKeys.changes(query), 'pages'],
    queryFn: ({ pageParam, signal }) =>
      api.listChanges(
        buildListQuery({ entityRef, filters, cursor: pageParam }),
        { signal },
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: page => page.nextCursor,
    placeholderData: keepPreviousData,
    refetchInterval: REFETCH_INTERVAL_MS,
  });
}

/** One change, asked again while it moves. */
export function useChange(id: string | undefined, initial?: Change) {
  const api = useApi(istioApiRef);
  return useQuery({
    queryKey: istioQueryKeys.change(id ?? ''),
    queryFn: ({ signal }) => api.getChange(id ?? '', { signal }),
    enabled: id !== undefined,
    initialData: initial && initial.id === id ? initial : undefined,
    // The answer to the submission is only where the change began.
    initialDataUpdatedAt: 0,
    refetchInterval: query =>
      query.state.data && isMoving(query.state.data)
        ? FOLLOW_INTERVAL_MS
        : false,
  });
}
