import type { KubeRequest } from './types';

/** Reviews are created, but nothing is kept of them. */
const REVIEW = /\/selfsubject(access|rules)reviews$/;

/**
 * Whether a request may be sent again when its connection broke before the answer: what only reads, is tried
 * out or asks. A write never: it may have taken effect.
 */
export function isRepeatable(
  request: Pick<KubeRequest, 'method' | 'path' | 'query'>,
): boolean {
  const { method, path, query } = request;
  return method === 'GET' || query?.dryRun === 'All' || REVIEW.test(path);
}
