import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useApi } from '@backstage/core-plugin-api';
import type {
  FindingListQuery,
  ObjectQuery,
  PostureQuery,
} from '@istio-backstage/plugin-istio-common';
import { istioApiRef } from '../api';
import { istioQueryKeys } from './queryKeys';

/** Findings that rest on times or traffic come and go without an event. */
const FINDINGS_REFETCH_MS = 60_000;

/** What the analysis says of a component. */
export function useFindings(entityRef: string) {
  const api = useApi(istioApiRef);
  return useQuery({
    queryKey: istioQueryKeys.findings(entityRef),
    queryFn: ({ signal }) => api.getFindings(entityRef, { signal }),
    refetchInterval: FINDINGS_REFETCH_MS,
  });
}

/** One page of the findings of the mesh. */
export function useFindingList(query: Partial<FindingListQuery>) {
  const api = useApi(istioApiRef);
  return useQuery({
    queryKey: istioQueryKeys.findingList(query),
    queryFn: ({ signal }) => api.listFindings(query, { signal }),
    refetchInterval: FINDINGS_REFETCH_MS,
    placeholderData: keepPreviousData,
  });
}

/** One page of the namespaces of the mesh, and whether they can go STRICT. */
export function usePosture(query: Partial<PostureQuery>) {
  const api = useApi(istioApiRef);
  return useQuery({
    queryKey: istioQueryKeys.posture(query),
    queryFn: ({ signal }) => api.getPosture(query, { signal }),
    refetchInterval: FINDINGS_REFETCH_MS,
    placeholderData: keepPreviousData,
  });
}

/** What the rule with this code says; asked once for all rules. */
export function useRule(code: string) {
  const api = useApi(istioApiRef);
  return useQuery({
    queryKey: istioQueryKeys.rules(),
    queryFn: ({ signal }) => api.listRules({ signal }),
    staleTime: Infinity,
    select: ({ items }) => items.find(rule => rule.code === code),
  });
}

/** One object as its cluster's watch saw it last. */
export function useObject(object: ObjectQuery) {
  const api = useApi(istioApiRef);
  return useQuery({
    queryKey: istioQueryKeys.object(object),
    queryFn: ({ signal }) => api.getObject(object, { signal }),
  });
}
