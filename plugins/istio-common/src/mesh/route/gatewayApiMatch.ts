import { Fields, fieldsListOf, fieldsOf, textOf } from '../../resources/fields';
import { HttpMatch, NamedMatch, Origin } from './routeTable';
import { StringMatch } from './stringMatch';

function anyRequest(origin: Origin): HttpMatch {
  return {
    ...origin,
    gateways: [],
    sourceLabels: {},
    ignoreUriCase: false,
    wholeSegments: true,
    headers: [],
    withoutHeaders: [],
    queryParams: [],
  };
}

/**
 * A match of an HTTPRoute. The path is always there: the API server fills in the prefix `/`.
 *
 * Source: istio/istio pilot/pkg/config/kube/gateway conversion.go createURIMatch and neighbours (1.31).
 */
export function readHttpRouteMatch(fields: Fields, origin: Origin): HttpMatch {
  const match: HttpMatch = {
    ...anyRequest(origin),
    uri: readPath(fieldsOf(fields.path)),
    headers: readNamed(fields.headers),
    queryParams: readNamed(fields.queryParams),
  };
  const method = textOf(fields.method);
  return method === undefined
    ? match
    : { ...match, method: { kind: 'exact', value: method } };
}

function readPath(path: Fields): StringMatch {
  const value = typeof path.value === 'string' ? path.value : '/';
  switch (path.type) {
    case 'Exact':
      return { kind: 'exact', value };
    case 'RegularExpression':
      return { kind: 'regex', value };
    default:
      return {
        kind: 'prefix',
        value: value === '/' ? value : value.replace(/\/$/, ''),
      };
  }
}

function readNamed(value: unknown): NamedMatch[] {
  const named = new Map<string, StringMatch>();
  for (const entry of fieldsListOf(value)) {
    const text = typeof entry.value === 'string' ? entry.value : '';
    named.set(
      textOf(entry.name) ?? '',
      entry.type === 'RegularExpression'
        ? readRegex(text)
        : { kind: 'exact', value: text },
    );
  }
  return [...named];
}

/** The expression `*` means presence for routes of either API. */
function readRegex(value: string): StringMatch {
  return value === '*' ? { kind: 'present' } : { kind: 'regex', value };
}

/** A match of a GRPCRoute: service and method are the path. */
export function readGrpcRouteMatch(fields: Fields, origin: Origin): HttpMatch {
  const match: HttpMatch = {
    ...anyRequest(origin),
    headers: readNamed(fields.headers),
  };
  const uri = readGrpcMethod(fieldsOf(fields.method));
  return uri ? { ...match, uri } : match;
}

function readGrpcMethod(method: Fields): StringMatch | undefined {
  const service = textOf(method.service);
  const name = textOf(method.method);
  const regex = method.type === 'RegularExpression';
  if (service === undefined && name === undefined) {
    return undefined;
  }
  if (service === undefined) {
    return { kind: 'regex', value: `/[^/]+/${name}` };
  }
  if (name === undefined) {
    return regex
      ? { kind: 'regex', value: `/${service}/.+` }
      : { kind: 'prefix', value: `/${service}/` };
  }
  return { kind: regex ? 'regex' : 'exact', value: `/${service}/${name}` };
}

/**
 * Gateway API's order of rules across routes: exact paths, then the longest prefix, then regular
 * expressions; a method, more headers, more query parameters come first.
 *
 * Source: istio/istio pilot/pkg/config/kube/gateway sortHTTPRoutes (1.31).
 */
export function compareMatches(
  a: HttpMatch | undefined,
  b: HttpMatch | undefined,
): number {
  if (!a || !b) {
    return Number(!a) - Number(!b);
  }
  return (
    pathRank(b) - pathRank(a) ||
    pathLength(b) - pathLength(a) ||
    Number(b.method !== undefined) - Number(a.method !== undefined) ||
    b.headers.length - a.headers.length ||
    b.queryParams.length - a.queryParams.length
  );
}

function pathRank({ uri }: HttpMatch): number {
  return uri ? { exact: 3, prefix: 2, regex: 1, present: -1 }[uri.kind] : -1;
}

function pathLength({ uri }: HttpMatch): number {
  return uri && uri.kind !== 'present' ? uri.value.length : 0;
}
