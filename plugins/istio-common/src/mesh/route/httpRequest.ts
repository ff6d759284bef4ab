import { Labels } from '../../resources/selector';
import { RouteRequest } from './types';

/** A request as matchers see it. */
export interface HttpRequest {
  method: string;
  /** Without query and fragment. */
  path: string;
  query: ReadonlyMap<string, string>;
  authority: string;
  scheme: 'http' | 'https';
  /** Names in lower case. */
  headers: Labels;
  claims: Readonly<Record<string, unknown>>;
}

/** The question's request; the first of repeated query parameters counts, as in Envoy. */
export function httpRequestOf(
  request: RouteRequest,
  options: { scheme: 'http' | 'https' },
): HttpRequest {
  const target = request.path || '/';
  const end = target.search(/[?#]/);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers ?? {})) {
    headers[name.toLowerCase()] = value;
  }
  return {
    method: request.method ?? (request.protocol === 'grpc' ? 'POST' : 'GET'),
    path: end < 0 ? target : target.slice(0, end),
    query: readQuery(target),
    authority: request.host,
    scheme: options.scheme,
    headers,
    claims: request.claims ?? {},
  };
}

/** Envoy matches parameters as they are written, not decoded. */
function readQuery(target: string): Map<string, string> {
  const query = new Map<string, string>();
  const start = target.indexOf('?');
  if (start < 0) {
    return query;
  }
  for (const pair of target
    .slice(start + 1)
    .split('#')[0]
    .split('&')) {
    const equals = pair.indexOf('=');
    const name = equals < 0 ? pair : pair.slice(0, equals);
    if (name !== '' && !query.has(name)) {
      query.set(name, equals < 0 ? '' : pair.slice(equals + 1));
    }
  }
  return query;
}

/** A header, or one of the pseudo-headers. */
export function headerOf(
  request: HttpRequest,
  name: string,
): string | undefined {
  switch (name) {
    case ':method':
      return request.method;
    case ':path':
      return request.path;
    case ':scheme':
      return request.scheme;
    case ':authority':
    case 'host':
      return request.authority || undefined;
    default:
      return Object.prototype.hasOwnProperty.call(request.headers, name)
        ? request.headers[name]
        : undefined;
  }
}
