import { skipToken, useQuery } from '@tanstack/react-query';
import { useApi } from '@backstage/core-plugin-api';
import type { RequestQuestion } from '@istio-backstage/plugin-istio-common';
import { istioApiRef } from '../api';
import { istioQueryKeys } from './queryKeys';

/** Timeouts, retries, limits and load balancing of calls to a component. */
export function useComponentResilience(
  entityRef: string,
  clusters: readonly string[],
) {
  const api = useApi(istioApiRef);
  return useQuery({
    queryKey: istioQueryKeys.resilience(entityRef, clusters),
    queryFn: ({ signal }) =>
      api.getResilience(entityRef, { clusters: [...clusters] }, { signal }),
  });
}

/** Through what a component is reached from outside, and what it may reach. */
export function useComponentExposure(
  entityRef: string,
  clusters: readonly string[],
) {
  const api = useApi(istioApiRef);
  return useQuery({
    queryKey: istioQueryKeys.exposure(entityRef, clusters),
    queryFn: ({ signal }) =>
      api.getExposure(entityRef, { clusters: [...clusters] }, { signal }),
  });
}

/** Where a request would go; nothing is asked without a question. */
export function useRequestAnswer(
  entityRef: string,
  question: RequestQuestion | undefined,
) {
  const api = useApi(istioApiRef);
  return useQuery({
    queryKey: istioQueryKeys.request(entityRef, question),
    queryFn: question
      ? ({ signal }) => api.askRequest(entityRef, question, { signal })
      : skipToken,
  });
}
