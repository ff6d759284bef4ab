import {
  keepPreviousData,
  useInfiniteQuery,
  useQuery,
} from '@tanstack/react-query';
import { useApi } from '@backstage/core-plugin-api';
import type {
  AuditEntryView,
  AuditListQuery,
} from '@istio-backstage/plugin-istio-common';
import { istioApiRef } from '../api';
import { istioQueryKeys } from './queryKeys';

/** Each reading of the log is an entry of it: it is read when somebody asks, never by itself. */
const ONLY_WHEN_ASKED = {
  staleTime: Infinity,
  refetchOnWindowFocus: false,
  refetchOnReconnect: false,
  retry: false,
} as const;

/** Of the coverage, which holds no entries and is not recorded. */
const COVERAGE_INTERVAL_MS = 15_000;

const THREAD_PAGE = 100;

/** Entries of the log page by page, newest first. */
export function useAuditEntries(query: Partial<AuditListQuery>) {
  const api = useApi(istioApiRef);
  return useInfiniteQuery({
    ...ONLY_WHEN_ASKED,
    queryKey: istioQueryKeys.auditEntries(query),
    queryFn: ({ pageParam, signal }) =>
      api.listAuditEntries({ ...query, cursor: pageParam }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: page => page.nextCursor,
    placeholderData: keepPreviousData,
  });
}

/** All entries of one operation. */
export function useAuditThread(opId: string) {
  const api = useApi(istioApiRef);
  return useQuery({
    ...ONLY_WHEN_ASKED,
    queryKey: istioQueryKeys.auditThread(opId),
    queryFn: async ({ signal }) => {
      const entries: AuditEntryView[] = [];
      let cursor: string | undefined;
      do {
        const page = await api.listAuditEntries(
          { opId, limit: THREAD_PAGE, cursor },
          { signal },
        );
        entries.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor);
      return entries;
    },
  });
}

/** Checkpoints and where they are kept. */
export function useAuditCoverage() {
  const api = useApi(istioApiRef);
  return useQuery({
    queryKey: istioQueryKeys.auditCoverage(),
    queryFn: ({ signal }) => api.getAuditCoverage({ signal }),
    refetchInterval: COVERAGE_INTERVAL_MS,
  });
}

/** The verification in the portal: the whole log is read, once per visit of the page. */
export function useAuditVerification(enabled: boolean) {
  const api = useApi(istioApiRef);
  return useQuery({
    ...ONLY_WHEN_ASKED,
    queryKey: istioQueryKeys.auditVerification(),
    queryFn: ({ signal }) => api.verifyAuditLog({ signal }),
    enabled,
  });
}
