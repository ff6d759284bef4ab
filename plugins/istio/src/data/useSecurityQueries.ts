import { useQuery } from '@tanstack/react-query';
import { useApi } from '@backstage/core-plugin-api';
import type { IstioApi } from '@istio-backstage/plugin-istio-common';
import { istioApiRef } from '../api';
import { istioQueryKeys } from './queryKeys';
import {
  keepOfSameEntity,
  MeshScope,
  REFETCH_INTERVAL_MS,
} from './useIstioQuery';

/** Traffic over days does not change while one looks. */
const EVIDENCE_REFETCH_MS = 60_000;

/** What to read, and over how long a time something is to be proven. */
export interface SecurityScope extends MeshScope {
  over: string;
}

function clustersOf({ clusters }: MeshScope): string[] | undefined {
  return clusters?.length ? [...clusters] : undefined;
}

/** Readiness, callers, policies and tokens of a component. */
export function useComponentSecurity(entityRef: string, scope: SecurityScope) {
  const api = useApi(istioApiRef);
  const { window, over } = scope;
  const query = { window, over, clusters: clustersOf(scope) };
  return useQuery({
    queryKey: istioQueryKeys.security(entityRef, query),
    queryFn: ({ signal }) => api.getSecurity(entityRef, query, { signal }),
    refetchInterval: REFETCH_INTERVAL_MS,
    placeholderData: keepOfSameEntity(entityRef),
  });
}

/** Whether the component's namespaces can go STRICT. */
export function useNamespaceReadiness(entityRef: string, scope: SecurityScope) {
  const api = useApi(istioApiRef);
  const query = { over: scope.over, clusters: clustersOf(scope) };
  return useQuery({
    queryKey: istioQueryKeys.readiness(entityRef, query),
    queryFn: ({ signal }) =>
      api.getNamespaceReadiness(entityRef, query, { signal }),
    refetchInterval: EVIDENCE_REFETCH_MS,
    placeholderData: keepOfSameEntity(entityRef),
  });
}

/** The answer to a question of who may call. */
export function useAuthorization(
  entityRef: string,
  question: Parameters<IstioApi['askAuthorization']>[1],
) {
  const api = useApi(istioApiRef);
  return useQuery({
    queryKey: istioQueryKeys.authorization(entityRef, question),
    queryFn: ({ signal }) =>
      api.askAuthorization(entityRef, question, { signal }),
  });
}
