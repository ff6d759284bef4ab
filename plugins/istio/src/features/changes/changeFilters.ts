import {
  type ChangeListQuery,
  type ChangeState,
  changeStateSchema,
} from '@istio-backstage/plugin-istio-common';

/** What the Changes view keeps in its URL. */
export interface ChangeFilters {
  search?: string;
  /** Entity ref of the requester. */
  by?: string;
  state?: ChangeState;
  origin?: ChangeOrigin;
}

/** Made through the portal, or with other tools. */
export type ChangeOrigin = 'portal' | 'outside';

const SEARCH_MAX = 200;

/** Reads the filters from a URL; a result that does not exist is as if absent. */
export function parseChangeFilters(params: URLSearchParams): ChangeFilters {
  const state = changeStateSchema.safeParse(params.get('result'));
  const origin = params.get('origin');
  return {
    search: params.get('search')?.slice(0, SEARCH_MAX) || undefined,
    by: params.get('by') || undefined,
    state: state.success ? state.data : undefined,
    origin: origin === 'portal' || origin === 'outside' ? origin : undefined,
  };
}

/** Whether anything is filtered. */
export function hasFilters(filters: ChangeFilters): boolean {
  return Object.values(filters).some(value => value !== undefined);
}

/** The URL parameters with one of the view's own replaced; foreign ones stay as they are. */
export function withChangeParam(
  params: URLSearchParams,
  patch: Partial<
    Record<'search' | 'by' | 'result' | 'origin' | 'change', string | undefined>
  >,
): URLSearchParams {
  const next = new URLSearchParams(params);
  for (const [name, value] of Object.entries(patch)) {
    if (value) next.set(name, value);
    else next.delete(name);
  }
  return next;
}

/** The list query of a component's changes, or of all. */
export function buildListQuery(options: {
  /** Absent: of every component that may be read. */
  entityRef?: string;
  filters: ChangeFilters;
  cursor?: string;
}): Partial<ChangeListQuery> {
  const { entityRef, filters, cursor } = options;
  return {
    ...(entityRef ? { entityRef } : {}),
    ...(filters.search ? { search: filters.search } : {}),
    ...(filters.by ? { by: filters.by } : {}),
    ...(filters.state ? { state: filters.state } : {}),
    ...(filters.origin ? { origin: filters.origin } : {}),
    ...(cursor ? { cursor } : {}),
  };
}
