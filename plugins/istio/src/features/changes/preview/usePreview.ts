import { useEffect, useMemo, useState } from 'react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ChangePreview } from '@istio-backstage/plugin-istio-common';
import { describeProblem } from '../describeProblem';
import type { PreviewState } from './previewState';

/** Pause after the last keystroke before the server is asked. */
const SETTLE_MS = 300;

/** A JSON value that has been the same for a while. */
function useSettled<T>(value: T | undefined): {
  value: T | undefined;
  settled: boolean;
} {
  const json = value === undefined ? '' : JSON.stringify(value);
  const [settledJson, setSettledJson] = useState(json);
  useEffect(() => {
    const timer = setTimeout(() => setSettledJson(json), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [json]);
  const settledValue = useMemo(
    () => (settledJson === '' ? undefined : (JSON.parse(settledJson) as T)),
    [settledJson],
  );
  return { value: settledValue, settled: json === settledJson };
}

/**
 * The preview of what `subject` describes (a JSON value; undefined: nothing to preview). Waits
 * until typing rests, the latest subject wins, and the last preview stays until the next is there.
 *
 * Keys do not begin with `istio`, so that an event of the mesh does not ask for a dry run: a base
 * that moved is found at the next preview or, at the latest, by the server at Apply.
 */
export function usePreview<T>(options: {
  subject: T | undefined;
  /** Another one makes the preview old although the subject is the same. */
  revision?: string;
  fetchPreview: (subject: T, signal: AbortSignal) => Promise<ChangePreview>;
}): { state: PreviewState; refetch: () => Promise<unknown> } {
  const { subject, revision, fetchPreview } = options;
  const { value, settled } = useSettled(subject);
  const query = useQuery({
    queryKey: ['istio-preview', value, revision],
    queryFn: ({ signal }) => {
      if (value === undefined) throw new Error('nothing to preview');
      return fetchPreview(value, signal);
    },
    enabled: value !== undefined,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    // Coming back to earlier weights must not show a preview of an earlier base.
    gcTime: 0,
    refetchOnWindowFocus: false,
    // The person waits for it: better told at once, with a way to try again.
    retry: false,
  });
  const { data, error, isPlaceholderData, isFetching, refetch } = query;
  const state = useMemo<PreviewState>(() => {
    if (subject === undefined) return { kind: 'none', previous: data };
    if (!settled || isPlaceholderData || (isFetching && !data)) {
      return { kind: 'loading', previous: data };
    }
    if (error && !isFetching) {
      return {
        kind: 'failed',
        message: describeProblem(error).message,
        previous: data,
      };
    }
    return data ? { kind: 'ready', preview: data } : { kind: 'loading' };
  }, [subject, settled, isPlaceholderData, isFetching, data, error]);
  return { state, refetch };
}
