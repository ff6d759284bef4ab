import {
  postureQuerySchema,
  type PostureQuery,
} from '@istio-backstage/plugin-istio-common';
import { changeListUrl, readListUrl } from '../../components';

const PARAMS = ['search', 'over', 'offset'] as const;

export const POSTURE_PAGE_SIZE = 20;

/** Reads the query from a URL; see {@link readListUrl}. */
export function readPostureQuery(params: URLSearchParams): PostureQuery {
  return {
    ...readListUrl(params, { names: PARAMS, fields: postureQuerySchema.shape }),
    limit: POSTURE_PAGE_SIZE,
  } as PostureQuery;
}

/** The URL with some parameters changed; any change but of the page leads back to the first page. */
export function changePostureParams(
  params: URLSearchParams,
  change: Partial<Record<(typeof PARAMS)[number], string | undefined>>,
): URLSearchParams {
  return changeListUrl(params, change);
}
