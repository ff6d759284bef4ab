import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router-dom';
import {
  parseChangeFilters,
  withChangeParam,
  type ChangeFilters,
} from './changeFilters';

/** Filters to be replaced, as the URL names them. */
export type ChangeFilterPatch = Partial<
  Record<'search' | 'by' | 'result' | 'origin', string | undefined>
>;

/** Filters and selection of the Changes view; the URL holds them. */
export interface ChangesUrl {
  filters: ChangeFilters;
  /** Id of the change the URL names. */
  selected?: string;
  /** URL search that selects a change and keeps the rest. */
  searchOf(id: string): string;
  /** Replaces filters; the selection goes, as it may not be among what is found. */
  filter(patch: ChangeFilterPatch): void;
  search(text: string | undefined): void;
}

/** Reads and writes the URL of the Changes view. */
export function useChangesUrl(): ChangesUrl {
  const [params, setParams] = useSearchParams();
  const filters = useMemo(() => parseChangeFilters(params), [params]);
  const filter = useCallback<ChangesUrl['filter']>(
    patch =>
      setParams(old => withChangeParam(old, { ...patch, change: undefined }), {
        replace: true,
      }),
    [setParams],
  );
  const search = useCallback<ChangesUrl['search']>(
    text => filter({ search: text }),
    [filter],
  );
  return {
    filters,
    selected: params.get('change') ?? undefined,
    searchOf: id => `?${withChangeParam(params, { change: id })}`,
    filter,
    search,
  };
}
