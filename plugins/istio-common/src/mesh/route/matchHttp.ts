import { fieldsOf } from '../../resources/fields';
import { HttpRequest, headerOf } from './httpRequest';
import { HttpMatch, NamedMatch } from './routeTable';
import { describeStringMatch, meets, StringMatch } from './stringMatch';

/**
 * Why a match does not take the request, in words; undefined when it does.
 *
 * Source: istio/istio pilot/pkg/networking/core/route TranslateRouteMatch (1.31); Envoy's RouteMatch.
 */
export function whyNotMatched(
  match: HttpMatch,
  request: HttpRequest,
): string | undefined {
  return (
    whyNotPath(match, request) ??
    whyNotText('method', match.method, request.method) ??
    whyNotText('authority', match.authority, request.authority || undefined) ??
    whyNotText('scheme', match.scheme, request.scheme) ??
    firstReason(match.headers, item => whyNotHeader(item, request)) ??
    firstReason(match.withoutHeaders, item => whyPresent(item, request)) ??
    firstReason(match.queryParams, ([name, condition]) =>
      whyNotText(`query parameter ${name}`, condition, request.query.get(name)),
    )
  );
}

function firstReason(
  items: readonly NamedMatch[],
  reason: (item: NamedMatch) => string | undefined,
): string | undefined {
  for (const item of items) {
    const found = reason(item);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

function whyNotText(
  subject: string,
  match: StringMatch | undefined,
  value: string | undefined,
): string | undefined {
  if (match === undefined) {
    return undefined;
  }
  if (value === undefined) {
    return `there is no ${subject}`;
  }
  return meets(match, value)
    ? undefined
    : `${subject} ${describeStringMatch(match)} is asked, it is ${value}`;
}

function whyNotPath(
  match: HttpMatch,
  request: HttpRequest,
): string | undefined {
  const { uri, ignoreUriCase, wholeSegments } = match;
  if (
    uri === undefined ||
    pathMeets(uri, request.path, { ignoreUriCase, wholeSegments })
  ) {
    return undefined;
  }
  return `path ${describeStringMatch(uri)} is asked, it is ${request.path}`;
}

function pathMeets(
  uri: StringMatch,
  path: string,
  options: { ignoreUriCase: boolean; wholeSegments: boolean },
): boolean {
  // Case is never ignored for expressions: RE2 has a flag of its own for it.
  if (uri.kind === 'regex' || uri.kind === 'present') {
    return meets(uri, path);
  }
  const fold = (text: string) =>
    options.ignoreUriCase ? text.toLowerCase() : text;
  const value = fold(uri.value);
  const given = fold(path);
  if (uri.kind === 'exact') {
    return given === value;
  }
  if (!options.wholeSegments || value === '/') {
    return given.startsWith(value);
  }
  // That of a GRPCRoute's service ends in a slash, which Istio takes off (translateRouteMatch in
  // pilot/pkg/networking/core/route, 1.31).
  const segments = value.replace(/\/$/, '');
  return given === segments || given.startsWith(`${segments}/`);
}

function whyNotHeader(
  [name, match]: NamedMatch,
  request: HttpRequest,
): string | undefined {
  const claim = readClaimPath(name);
  if (claim) {
    const value = claimAt(request.claims, claim);
    return claimMeets(match, value)
      ? undefined
      : `claim ${claim.join('.')} does not fit`;
  }
  const lower = name.toLowerCase();
  return whyNotText(
    `header ${lower}`,
    match ?? { kind: 'present' },
    headerOf(request, lower),
  );
}

/** A header that is not there counts as empty, unless only its presence is asked about. */
function whyPresent(
  [name, match]: NamedMatch,
  request: HttpRequest,
): string | undefined {
  const claim = readClaimPath(name);
  if (claim) {
    return claimMeets(match, claimAt(request.claims, claim))
      ? `claim ${claim.join('.')} must not fit, and does`
      : undefined;
  }
  const lower = name.toLowerCase();
  const value = headerOf(request, lower);
  const present =
    match === undefined || match.kind === 'present'
      ? value !== undefined
      : meets(match, value ?? '');
  return present ? `header ${lower} must not fit, and does` : undefined;
}

const CLAIMS = '@request.auth.claims';

/**
 * `@request.auth.claims.group.id` and `@request.auth.claims[group][id]`; undefined for other names.
 *
 * Source: istio/istio pilot/pkg/util/jwt ToRoutingClaim (1.31).
 */
function readClaimPath(name: string): string[] | undefined {
  if (!name.toLowerCase().startsWith(CLAIMS)) {
    return undefined;
  }
  const rest = name.slice(CLAIMS.length);
  if (rest.startsWith('.')) {
    const parts = rest.slice(1).split('.');
    return parts.every(part => part !== '') ? parts : undefined;
  }
  const parts = [...rest.matchAll(/\[([^[\]]+)\]/g)].map(([, part]) => part);
  return parts.length > 0 && parts.map(part => `[${part}]`).join('') === rest
    ? parts
    : undefined;
}

function claimAt(
  claims: Readonly<Record<string, unknown>>,
  path: readonly string[],
): unknown {
  return path.reduce<unknown>((value, key) => fieldsOf(value)[key], claims);
}

function claimMeets(match: StringMatch | undefined, value: unknown): boolean {
  const texts = (Array.isArray(value) ? value : [value]).filter(
    (item): item is string => typeof item === 'string',
  );
  return texts.some(text => match === undefined || meets(match, text));
}

/**
 * Whether a match takes every request, after which Istio writes no further rules.
 *
 * Source: istio/istio pilot/pkg/networking/core/route IsCatchAllRoute (1.31).
 */
export function isCatchAll(match: HttpMatch | undefined): boolean {
  if (match === undefined) {
    return true;
  }
  const { uri } = match;
  const anyPath =
    uri === undefined ||
    (uri.kind === 'prefix' && uri.value === '/') ||
    (uri.kind === 'regex' && uri.value === '.*');
  return (
    anyPath &&
    match.headers.length === 0 &&
    match.withoutHeaders.length === 0 &&
    match.queryParams.length === 0 &&
    match.method === undefined &&
    match.authority === undefined &&
    match.scheme === undefined
  );
}
