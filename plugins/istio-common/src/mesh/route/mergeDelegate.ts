import { Fields } from '../../resources/fields';
import { at, HttpMatch, HttpRule, NamedMatch, Origin } from './routeTable';
import { StringMatch } from './stringMatch';

/** Fields a delegate's rule takes from its root where it has none of its own. */
const INHERITED = [
  'rewrite',
  'directResponse',
  'timeout',
  'retries',
  'fault',
  'corsPolicy',
  'headers',
] as const;

/**
 * A delegate's rule under the root's: matches are put together, the delegate's fields win, the root
 * fills what they leave out. Undefined when a match of the delegate fits none of the root's.
 *
 * Source: istio/istio pilot/pkg/model virtualservice.go mergeHTTPRoute (1.31).
 */
export function mergeDelegate(
  root: HttpRule,
  inner: HttpRule,
): HttpRule | undefined {
  const matches = mergeMatches(root.matches, inner.matches);
  if (!matches) {
    return undefined;
  }
  const fields: Record<string, unknown> = { ...inner.fields };
  const fieldOrigins: Record<string, Origin> = { ...inner.fieldOrigins };
  for (const name of INHERITED) {
    if (!isSet(inner.fields, name) && isSet(root.fields, name)) {
      fields[name] = root.fields[name];
      fieldOrigins[name] = at(root, name);
    }
  }
  const rule: HttpRule = {
    ...inner,
    matches,
    fields,
    fieldOrigins,
    mirrors: mergeMirrors(root, inner),
  };
  const name = joinNames(root.name, inner.name);
  return name === undefined ? rule : { ...rule, name };
}

function isSet(fields: Fields, name: string): boolean {
  return fields[name] !== undefined && fields[name] !== null;
}

function mergeMirrors(root: HttpRule, inner: HttpRule): HttpRule['mirrors'] {
  const own = isSet(inner.fields, 'mirror') || isSet(inner.fields, 'mirrors');
  return own ? inner.mirrors : root.mirrors;
}

function joinNames(root?: string, inner?: string): string | undefined {
  return root !== undefined && inner !== undefined
    ? `${root}-${inner}`
    : inner ?? root;
}

function mergeMatches(
  root: readonly HttpMatch[],
  inner: readonly HttpMatch[],
): readonly HttpMatch[] | undefined {
  if (root.length === 0 || inner.length === 0) {
    return root.length === 0 ? inner : root;
  }
  const merged: HttpMatch[] = [];
  for (const match of inner) {
    const fitting = root.filter(outer => !contradicts(outer, match));
    if (fitting.length === 0) {
      return undefined;
    }
    merged.push(...fitting.map(outer => mergeMatch(outer, match)));
  }
  return merged;
}

function mergeMatch(root: HttpMatch, inner: HttpMatch): HttpMatch {
  const match: HttpMatch = {
    ...root,
    ...inner,
    gateways: inner.gateways.length > 0 ? inner.gateways : root.gateways,
    sourceLabels: { ...root.sourceLabels, ...inner.sourceLabels },
    headers: mergeNamed(root.headers, inner.headers),
    withoutHeaders: mergeNamed(root.withoutHeaders, inner.withoutHeaders),
    queryParams: mergeNamed(root.queryParams, inner.queryParams),
  };
  const name = joinNames(root.name, inner.name);
  return name === undefined ? match : { ...match, name };
}

function mergeNamed(
  root: readonly NamedMatch[],
  inner: readonly NamedMatch[],
): NamedMatch[] {
  return [...new Map([...root, ...inner])];
}

/** Source: istio/istio pilot/pkg/model virtualservice.go hasConflict (1.31). */
function contradicts(root: HttpMatch, inner: HttpMatch): boolean {
  return (
    (['uri', 'scheme', 'method', 'authority'] as const).some(name =>
      narrowsWrongly(root[name], inner[name]),
    ) ||
    namedContradict(root.headers, inner.headers) ||
    namedContradict(root.withoutHeaders, inner.withoutHeaders) ||
    namedContradict(root.queryParams, inner.queryParams) ||
    root.ignoreUriCase !== inner.ignoreUriCase ||
    (root.port !== undefined &&
      inner.port !== undefined &&
      root.port !== inner.port) ||
    (root.sourceNamespace !== undefined &&
      root.sourceNamespace !== inner.sourceNamespace) ||
    Object.entries(inner.sourceLabels).some(
      ([key, value]) =>
        key in root.sourceLabels && root.sourceLabels[key] !== value,
    ) ||
    gatewaysContradict(root.gateways, inner.gateways)
  );
}

function gatewaysContradict(
  root: readonly string[],
  inner: readonly string[],
): boolean {
  return (
    root.length > 0 &&
    inner.length > 0 &&
    (root.length < inner.length || inner.some(name => !root.includes(name)))
  );
}

function namedContradict(
  root: readonly NamedMatch[],
  inner: readonly NamedMatch[],
): boolean {
  const outer = new Map(root);
  return inner.some(
    ([name, match]) =>
      outer.has(name) && narrowsWrongly(outer.get(name), match),
  );
}

/** Only an exact value or a longer prefix under a prefix, or the same exact value, fit. */
function narrowsWrongly(root?: StringMatch, inner?: StringMatch): boolean {
  if (root === undefined || inner === undefined) {
    return false;
  }
  if (root.kind === 'exact' && root.value !== '') {
    return inner.kind !== 'exact' || inner.value !== root.value;
  }
  if (root.kind === 'prefix' && root.value !== '') {
    return !(
      (inner.kind === 'prefix' || inner.kind === 'exact') &&
      inner.value !== '' &&
      inner.value.startsWith(root.value)
    );
  }
  return true;
}
