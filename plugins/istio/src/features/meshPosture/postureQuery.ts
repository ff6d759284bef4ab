import {
  postureQuerySchema,
  type PostureQuery,
} from '@istio-backstage/plugin-istio-common';

const PARAMS = ['search', 'over', 'offset'] as const;

export const POSTURE_PAGE_SIZE = 20;

/** Reads the query from a URL; what the API would refuse is dropped, so that a mistyped link shows the list. */
export function readPostureQuery(params: URLSearchParams): PostureQuery {
  const query: Record<string, unknown> = { limit: POSTURE_PAGE_SIZE };
  for (const name of PARAMS) {
    const field = postureQuerySchema.shape[name];
    const parsed = field.safeParse(params.get(name) ?? undefined);
    query[name] = parsed.success ? parsed.data : field.parse(undefined);
  }
  return query as PostureQuery;
}

/** The URL with some parameters changed; any change but of the page leads back to the first page. */
export function changePostureParams(
  params: URLSearchParams,
  change: Partial<Record<(typeof PARAMS)[number], string | undefined>>,
): URLSearchParams {
  const next = new URLSearchParams(params);
  if (!('offset' in change)) next.delete('offset');
  for (const [name, value] of Object.entries(change)) {
    if (value) next.set(name, value);
    else next.delete(name);
  }
  return next;
}
