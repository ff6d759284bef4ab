/** What a request is about, as Kubernetes' authorization sees it. */
export interface RequestInfo {
  /** get, list, watch, create, update, patch, delete, deletecollection; for other paths the method in lower case. */
  verb: string;
  path: string;
  query: URLSearchParams;
  resource?: {
    group: string;
    version: string;
    plural: string;
    subresource?: string;
    namespace?: string;
    name?: string;
  };
}

const VERBS: Record<string, string> = {
  GET: 'get',
  HEAD: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function isTrue(value: string | null): boolean {
  return value === '' || value === '1' || value?.toLowerCase() === 'true';
}

/**
 * Splits a URL as the API server does: `/api/v1/...` and `/apis/{group}/{version}/...`, an optional
 * `namespaces/{namespace}`, then resource, name, subresource.
 */
export function parseRequest(method: string, url: string): RequestInfo {
  const parsed = new URL(url, 'http://sandbox');
  const verb = VERBS[method] ?? method.toLowerCase();
  const base = { path: parsed.pathname, query: parsed.searchParams };
  const segments = parsed.pathname.split('/').filter(Boolean).map(decode);
  const start = segments[0] === 'api' ? 2 : 3;
  const isApi = segments[0] === 'api' || segments[0] === 'apis';
  if (!isApi || segments.length <= start) {
    return { ...base, verb: method.toLowerCase() };
  }
  const place = placeOf(segments.slice(start));
  const resource = {
    group: start === 2 ? '' : segments[1],
    version: segments[start - 1],
    ...place,
  };
  if (resource.name !== undefined || resource.plural === '') {
    return { ...base, verb, resource };
  }
  return {
    ...base,
    verb: collectionVerb(verb, parsed.searchParams),
    resource: { ...resource, name: selectedName(verb, parsed.searchParams) },
  };
}

function placeOf(rest: string[]) {
  // `namespaces/{name}` alone, and its own subresources, mean the namespace itself.
  const inNamespace =
    rest[0] === 'namespaces' &&
    rest.length > 2 &&
    !['status', 'finalize'].includes(rest[2]);
  const [plural = '', name, subresource] = inNamespace ? rest.slice(2) : rest;
  const namespace =
    inNamespace || (plural === 'namespaces' && name) ? rest[1] : undefined;
  return {
    plural,
    name,
    subresource,
    namespace,
  };
}

function collectionVerb(verb: string, query: URLSearchParams): string {
  if (verb === 'get') {
    return query.has('watch') && isTrue(query.get('watch')) ? 'watch' : 'list';
  }
  return verb === 'delete' ? 'deletecollection' : verb;
}

/** A list narrowed to one name is authorized for that name. */
function selectedName(
  verb: string,
  query: URLSearchParams,
): string | undefined {
  const selector = query.get('fieldSelector');
  return verb === 'get'
    ? /(?:^|,)metadata\.name==?([^,]+)(?:,|$)/.exec(selector ?? '')?.[1]
    : undefined;
}
