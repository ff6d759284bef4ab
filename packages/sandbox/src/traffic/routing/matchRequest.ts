import type { RequestKind } from '../types';
import type { HttpMatch, HttpRouteMatch, StringMatch } from './istioTypes';

/** A request as the client's proxy sees it. */
export interface RoutedRequest {
  kind: RequestKind;
  host: string;
  port: number;
  gateway: string;
  clientNamespace: string;
  clientLabels: Readonly<Record<string, string>>;
}

function anchored(pattern: string, flags = ''): RegExp | undefined {
  try {
    return new RegExp(`^(?:${pattern})$`, flags);
  } catch {
    return undefined;
  }
}

function stringMatches(
  match: StringMatch,
  value: string | undefined,
  ignoreCase = false,
): boolean {
  if (value === undefined) return false;
  const fold = (text: string) => (ignoreCase ? text.toLowerCase() : text);
  if (match.exact !== undefined) return fold(value) === fold(match.exact);
  if (match.prefix !== undefined) {
    return fold(value).startsWith(fold(match.prefix));
  }
  if (match.regex !== undefined) {
    return anchored(match.regex)?.test(value) ?? false;
  }
  return true;
}

function headerOf(
  headers: Record<string, string>,
  name: string,
): string | undefined {
  const wanted = name.toLowerCase();
  return Object.entries(headers).find(
    ([key]) => key.toLowerCase() === wanted,
  )?.[1];
}

function splitPath(path: string): { path: string; query: URLSearchParams } {
  const [bare, query] = path.split('?', 2);
  return { path: bare, query: new URLSearchParams(query ?? '') };
}

export function labelsContain(
  labels: Readonly<Record<string, string>>,
  selector: Readonly<Record<string, string>> | undefined,
): boolean {
  return Object.entries(selector ?? {}).every(
    ([name, value]) => labels[name] === value,
  );
}

/** One `match` of a VirtualService: all given conditions hold. */
export function httpMatchHolds(
  match: HttpMatch,
  request: RoutedRequest,
): boolean {
  const { kind } = request;
  const { path, query } = splitPath(kind.path);
  if (match.gateways?.length) {
    if (!match.gateways.includes(request.gateway)) return false;
  } else {
    if (!labelsContain(request.clientLabels, match.sourceLabels)) return false;
    if (
      match.sourceNamespace &&
      match.sourceNamespace !== request.clientNamespace
    ) {
      return false;
    }
  }
  if (match.port !== undefined && match.port !== request.port) return false;
  if (match.uri && !stringMatches(match.uri, path, match.ignoreUriCase)) {
    return false;
  }
  if (match.method && !stringMatches(match.method, kind.method)) return false;
  if (match.scheme && !stringMatches(match.scheme, 'http')) return false;
  if (match.authority && !stringMatches(match.authority, request.host)) {
    return false;
  }
  return (
    Object.entries(match.headers ?? {}).every(([name, condition]) =>
      stringMatches(condition, headerOf(kind.headers, name)),
    ) &&
    Object.entries(match.withoutHeaders ?? {}).every(
      ([name, condition]) =>
        !stringMatches(condition, headerOf(kind.headers, name)),
    ) &&
    Object.entries(match.queryParams ?? {}).every(([name, condition]) =>
      stringMatches(condition, query.get(name) ?? undefined),
    )
  );
}

/** One `matches` entry of an HTTPRoute rule. */
export function routeMatchHolds(
  match: HttpRouteMatch,
  request: RoutedRequest,
): boolean {
  const { path, query } = splitPath(request.kind.path);
  const value = match.path?.value ?? '/';
  const type = match.path?.type ?? 'PathPrefix';
  const prefix = value.endsWith('/') ? value : `${value}/`;
  const pathHolds =
    (type === 'Exact' && path === value) ||
    (type === 'PathPrefix' && (path === value || path.startsWith(prefix))) ||
    (type === 'RegularExpression' && (anchored(value)?.test(path) ?? false));
  const valueHolds = (
    condition: { type?: string; value: string },
    actual: string | undefined,
  ) =>
    actual !== undefined &&
    (condition.type === 'RegularExpression'
      ? anchored(condition.value)?.test(actual) ?? false
      : actual === condition.value);
  return (
    pathHolds &&
    (!match.method || match.method === request.kind.method) &&
    (match.headers ?? []).every(header =>
      valueHolds(header, headerOf(request.kind.headers, header.name)),
    ) &&
    (match.queryParams ?? []).every(parameter =>
      valueHolds(parameter, query.get(parameter.name) ?? undefined),
    )
  );
}

/** Gateway API's precedence: exact path, longest path, method, most headers, most query parameters. */
export function routeMatchRank(match: HttpRouteMatch): number[] {
  return [
    match.path?.type === 'Exact' ? 1 : 0,
    (match.path?.value ?? '/').length,
    match.method ? 1 : 0,
    match.headers?.length ?? 0,
    match.queryParams?.length ?? 0,
  ];
}
