import { keepPreviousData, useQuery, type Query } from '@tanstack/react-query';
import { useApi } from '@backstage/core-plugin-api';
import type { ComponentListQuery } from '@istio-backstage/plugin-istio-common';
import { istioApiRef } from '../api';
import { istioQueryKeys } from './queryKeys';

/**
 * Traffic moves without any object changing, so even with live events a page asks again; its
 * numbers are at most as old as the backend's own cache plus this.
 */
export const REFETCH_INTERVAL_MS = 15_000;

/** Values of another window stay until the new ones are there; those of another component never. */
export function keepOfSameEntity(entityRef: string) {
  return <T>(
    previous: T | undefined,
    query: Pick<Query, 'queryKey'> | undefined,
  ): T | undefined => (query?.queryKey[2] === entityRef ? previous : undefined);
}

/** A cluster that could not say whether the user may write is asked again this soon. */
const REFUSED_REFETCH_MS = 5_000;

/** What to read of a component: window such as `5m`, clusters by name (none: all). */
export interface MeshScope {
  window?: string;
  clusters?: readonly string[];
}

/** Health, encryption, split, neighbours and last changes of a component. */
export function useComponentMesh(entityRef: string, scope: MeshScope = {}) {
  const api = useApi(istioApiRef);
  const { window, clusters } = scope;
  return useQuery({
    queryKey: istioQueryKeys.mesh(entityRef, window, clusters),
    queryFn: ({ signal }) =>
      api.getComponentMesh(
        entityRef,
        { window, clusters: clusters?.length ? [...clusters] : undefined },
        { signal },
      ),
    refetchInterval: REFETCH_INTERVAL_MS,
    placeholderData: keepOfSameEntity(entityRef),
  });
}

/** Rate, errors and latency over time. */
export function useGoldenSignals(entityRef: string, window?: string) {
  const api = useApi(istioApiRef);
  return useQuery({
    queryKey: istioQueryKeys.signals(entityRef, window),
    queryFn: ({ signal }) =>
      api.getGoldenSignals(entityRef, { window }, { signal }),
    refetchInterval: REFETCH_INTERVAL_MS,
    placeholderData: keepOfSameEntity(entityRef),
  });
}

/** Whether the signed-in user may change the component, in the portal and in its clusters. */
export function useEntityAccess(entityRef: string, enabled = true) {
  const api = useApi(istioApiRef);
  return useQuery({
    queryKey: istioQueryKeys.access(entityRef),
    queryFn: ({ signal }) => api.getEntityAccess(entityRef, { signal }),
    staleTime: 60_000,
    enabled,
    // A refusal may have been a cluster that did not answer, and rights are given while one looks.
    refetchInterval: ({ state }) =>
      state.data && !state.data.change.allowed ? REFUSED_REFETCH_MS : false,
  });
}

/** One page of the list of components. */
export function useComponentList(query: Partial<ComponentListQuery>) {
  const api = useApi(istioApiRef);
  return useQuery({
    queryKey: istioQueryKeys.components(query),
    queryFn: ({ signal }) => api.listComponents(query, { signal }),
    refetchInterval: REFETCH_INTERVAL_MS,
    placeholderData: keepPreviousData,
  });
}
