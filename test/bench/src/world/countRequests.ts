import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';

/** Requests that reached the sandbox, by what they are. */
export interface RequestCounts {
  /** Probes of an API server that is silent: `GET /version`. */
  probes: number;
  /** Lists and watches of the cache; they start and renew on their own clock. */
  watches: number;
  accessReviews: number;
  /** Any other request to the Kubernetes API. */
  otherKubernetes: number;
  queries: number;
  rangeQueries: number;
}

/** The bench itself changes objects; those requests are not the portal's. */
export const BENCH_AGENT = 'istio-bench';

/**
 * Counts at the HTTP server of this process, by Node's own channel: nothing of the sandbox has to know.
 * Gives the counter, which keeps counting.
 */
export function countRequests(): Readonly<RequestCounts> {
  const counts: RequestCounts = {
    probes: 0,
    watches: 0,
    accessReviews: 0,
    otherKubernetes: 0,
    queries: 0,
    rangeQueries: 0,
  };
  subscribe('http.server.request.start', message => {
    const { request } = message as { request: IncomingMessage };
    if (request.headers['user-agent'] === BENCH_AGENT) return;
    const kind = classify(request.method ?? '', request.url ?? '');
    if (kind) counts[kind] += 1;
  });
  return counts;
}

/** Undefined for what is neither Kubernetes nor Prometheus. */
export function classify(
  method: string,
  url: string,
): keyof RequestCounts | undefined {
  const { pathname, searchParams } = new URL(url, 'http://sandbox');
  if (/^\/(sandbox|jaeger)\//.test(pathname)) return undefined;
  if (pathname.startsWith('/prometheus/')) {
    return pathname.endsWith('/query_range') ? 'rangeQueries' : 'queries';
  }
  if (pathname === '/version') return 'probes';
  if (pathname.endsWith('/selfsubjectaccessreviews')) return 'accessReviews';
  // The cache lists page by page before it watches; nothing else of the portal asks with a limit.
  const isWatch = searchParams.get('watch') === 'true';
  const isList = searchParams.has('limit');
  return method === 'GET' && (isWatch || isList)
    ? 'watches'
    : 'otherKubernetes';
}
