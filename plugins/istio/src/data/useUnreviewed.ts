import { useQuery } from '@tanstack/react-query';
import { useApi } from '@backstage/core-plugin-api';
import { istioApiRef } from '../api';
import { istioQueryKeys } from './queryKeys';
import { REFETCH_INTERVAL_MS } from './useIstioQuery';

/** Beyond it a number says no more than "many". */
const COUNTED = 100;

/** How many changes made outside the portal nobody adopted or reverted, of those that this person may read. */
export function useUnreviewed() {
  const api = useApi(istioApiRef);
  const query = { state: 'outside', limit: COUNTED } as const;
  return useQuery({
    queryKey: istioQueryKeys.changes(query),
    queryFn: async ({ signal }) =>
      (await api.listChanges(query, { signal })).items.length,
    refetchInterval: REFETCH_INTERVAL_MS,
  });
}
