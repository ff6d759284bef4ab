import { convertObject, apiVersionOf } from '../resources/ResourceRegistry';
import {
  expired,
  invalidOptions,
  notFound,
  badRequest,
  tooLargeVersion,
} from '../requests/ApiError';
import type { ApiAnswer, ResourceRequest } from '../requests/types';
import { fieldError } from '@istio-backstage/plugin-istio-common/schema';
import { parseSelectors, type ObjectFilter } from '../store/selectors';
import type { KubeObject } from '../types';
import type { JsonObject } from '../json';
import { buildTable, wantsTable } from '../discovery/buildTable';

export function getObject(request: ResourceRequest): ApiAnswer {
  const { server, resource, namespace, name = '' } = request;
  const { type, version } = resource;
  const object = server.store.get(type.id, { namespace, name });
  if (!object) {
    throw notFound(type, name);
  }
  const converted = convertObject(object, type, version.name);
  return {
    status: 200,
    body: wantsTable(request.request)
      ? buildTable([converted], resource, {
          now: server.clock(),
          metadata: { resourceVersion: object.metadata.resourceVersion },
        })
      : (converted as unknown as JsonObject),
  };
}

interface ContinueToken {
  /** resourceVersion of the first page. */
  rv: number;
  /** Key of the last object sent. */
  after: string;
}

function writeToken(token: ContinueToken): string {
  return Buffer.from(JSON.stringify(token)).toString('base64url');
}

function readToken(text: string): ContinueToken {
  try {
    const token = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    if (typeof token.rv === 'number' && typeof token.after === 'string') {
      return token;
    }
  } catch {
    // Refused below.
  }
  throw badRequest('continue key is not valid');
}

/** @throws ApiError 400 for text that is not a resourceVersion. */
export function parseVersion(text: string | null): number | undefined {
  if (text === null || text === '') {
    return undefined;
  }
  if (!/^\d+$/.test(text)) {
    throw badRequest(
      `invalid resource version: resourceVersion: Invalid value: ${JSON.stringify(
        text,
      )}: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`,
    );
  }
  return Number(text);
}

interface ListOptions {
  version?: number;
  exact: boolean;
  limit: number;
  token?: ContinueToken;
}

function parseLimit(text: string | null): number {
  if (text !== null && !/^-?\d*$/.test(text)) {
    throw badRequest(
      `strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`,
    );
  }
  return Number(text ?? 0);
}

function readOptions(query: URLSearchParams): ListOptions {
  const version = parseVersion(query.get('resourceVersion'));
  const match = query.get('resourceVersionMatch') ?? '';
  const field = 'resourceVersionMatch';
  const refuse = (detail: string) =>
    invalidOptions('ListOptions', [
      fieldError('FieldValueForbidden', field, { detail }),
    ]);
  if (match !== '' && version === undefined) {
    throw refuse(`${field} is forbidden unless resourceVersion is provided`);
  }
  if (!['', 'Exact', 'NotOlderThan'].includes(match)) {
    const detail = 'supported values: "Exact", "NotOlderThan", ""';
    throw invalidOptions('ListOptions', [
      fieldError('FieldValueNotSupported', field, { value: match, detail }),
    ]);
  }
  if (match === 'Exact' && version === 0) {
    throw refuse(`${field} "exact" is forbidden for resourceVersion "0"`);
  }
  const token = query.get('continue');
  const limit = parseLimit(query.get('limit'));
  if (token && version !== undefined && version !== 0) {
    throw badRequest(
      'specifying resource version is not allowed when using continue',
    );
  }
  return {
    version,
    // A limited list with a version and no match rule is served at exactly that version.
    exact:
      match === 'Exact' || (match === '' && limit > 0 && (version ?? 0) > 0),
    limit: Number.isInteger(limit) && limit > 0 ? limit : Infinity,
    token: token ? readToken(token) : undefined,
  };
}

/** The objects as they were at a version, rebuilt by undoing later changes; undefined when that is compacted away. */
function listAt(
  request: ResourceRequest,
  version: number,
): KubeObject[] | undefined {
  const { store } = request.server;
  const { id } = request.resource.type;
  const later = store.changesAfter(version);
  if (!later) {
    return undefined;
  }
  const state = new Map(
    store.list(id, request.namespace).map(object => [keyOf(object), object]),
  );
  for (const change of later.reverse()) {
    const { object, previous } = change;
    const elsewhere =
      change.resource !== id ||
      (request.namespace !== undefined &&
        object.metadata.namespace !== request.namespace);
    if (!elsewhere) {
      if (previous) {
        state.set(keyOf(object), previous);
      } else {
        state.delete(keyOf(object));
      }
    }
  }
  return [...state.keys()].sort().map(key => state.get(key)!);
}

function keyOf(object: KubeObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}

const CONTINUE_TOO_OLD =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.';
const VERSION_TOO_OLD = 'The resourceVersion for the provided list is too old.';

function readState(
  request: ResourceRequest,
  options: ListOptions,
): { objects: KubeObject[]; version: number } {
  const { store } = request.server;
  const current = store.currentVersion();
  const wanted = options.token?.rv ?? options.version;
  if (wanted !== undefined && wanted > current) {
    throw tooLargeVersion(wanted, current);
  }
  const past = options.token || options.exact;
  if (!past || wanted === undefined || wanted === current) {
    const objects = store.list(request.resource.type.id, request.namespace);
    return { objects, version: current };
  }
  const objects = listAt(request, wanted);
  if (!objects) {
    throw expired(options.token ? CONTINUE_TOO_OLD : VERSION_TOO_OLD);
  }
  return { objects, version: wanted };
}

export function listObjects(request: ResourceRequest): ApiAnswer {
  const { info, resource, server } = request;
  const options = readOptions(info.query);
  const filter = parseSelectors(info.query, resource.type);
  const { objects, version } = readState(request, options);
  const page = paginate(objects, filter, options);
  const metadata: JsonObject = {
    // Custom resources carry an empty token where built-in kinds leave it out.
    ...(resource.type.crd ? { continue: '' } : {}),
    resourceVersion: String(version),
  };
  if (page.last) {
    metadata.continue = writeToken({ rv: version, after: page.last });
    // With a selector the server does not know how many are left.
    if (!filter) {
      metadata.remainingItemCount = page.remaining;
    }
  }
  const items = page.items.map(object =>
    convertObject(object, resource.type, resource.version.name),
  );
  if (wantsTable(request.request)) {
    const body = buildTable(items, resource, { now: server.clock(), metadata });
    return { status: 200, body };
  }
  return { status: 200, body: buildList(request, items, metadata) };
}

function buildList(
  { resource }: ResourceRequest,
  items: KubeObject[],
  metadata: JsonObject,
): JsonObject {
  const { type, version } = resource;
  return {
    kind: type.listKind,
    apiVersion: apiVersionOf(type.group, version.name),
    metadata,
    // Built-in kinds are listed without their apiVersion and kind, custom ones with them.
    items: type.crd
      ? items
      : items.map(({ apiVersion: _version, kind: _kind, ...rest }) => rest),
  };
}

function paginate(
  objects: KubeObject[],
  filter: ObjectFilter | undefined,
  options: ListOptions,
): { items: KubeObject[]; last?: string; remaining: number } {
  const { token, limit } = options;
  const rest = token
    ? objects.filter(object => keyOf(object) > token.after)
    : objects;
  const matching = filter ? rest.filter(filter) : rest;
  const items = matching.length > limit ? matching.slice(0, limit) : matching;
  const remaining = matching.length - items.length;
  return {
    items,
    remaining,
    last: remaining > 0 ? keyOf(items[items.length - 1]) : undefined,
  };
}
