import { useQuery } from '@tanstack/react-query';
import { useApi } from '@backstage/core-plugin-api';
import { istioApiRef } from '../api';
import { istioQueryKeys } from './queryKeys';
import { REFETCH_INTERVAL_MS } from './useIstioQuery';

/** What waits for the signed-in person, and what this person asked for. */
export function useApprovals() {
  const api = useApi(istioApiRef);
  return useQuery({
    queryKey: istioQueryKeys.approvals(),
    queryFn: ({ signal }) => api.listApprovals({ signal }),
    refetchInterval: REFETCH_INTERVAL_MS,
  });
}
