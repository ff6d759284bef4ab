import {
  applyConfiguration,
  type ApplyConflict,
} from '../fields/managedFields';
import { applyJsonPatch } from '../patches/jsonPatch';
import { mergePatch } from '../patches/mergePatch';
import { strategicMergePatch } from '../patches/strategicMergePatch';
import {
  ApiError,
  badRequest,
  invalid,
  invalidOptions,
  methodNotAllowed,
  unsupportedMediaType,
} from '../requests/ApiError';
import { parsePatch, readBody, type RequestBody } from '../requests/readBody';
import type { ApiAnswer, ResourceRequest } from '../requests/types';
import { apiVersionOf } from '../resources/ResourceRegistry';
import { fieldError } from '../schema/fieldErrors';
import type { KubeObject } from '../types';
import { isObject, type JsonObject } from '../json';
import { createShaped, formatTime } from './createObject';
import { checkEnvelope, ownershipRules, shapeForWrite } from './finishWrite';
import { checkPreconditions, readLive, replaceLive } from './updateObject';
import { readWriteOptions, type WriteOptions } from './writeOptions';

const JSON_PATCH = 'application/json-patch+json';
const MERGE_PATCH = 'application/merge-patch+json';
const STRATEGIC = 'application/strategic-merge-patch+json';
const APPLY = 'application/apply-patch+yaml';

/** JSON Patch, merge patch, strategic merge patch (built-in kinds) and server-side apply, by media type. */
export async function patchObject(
  request: ResourceRequest,
): Promise<ApiAnswer> {
  const { crd } = request.resource.type;
  const accepted = crd
    ? [JSON_PATCH, MERGE_PATCH, APPLY]
    : [JSON_PATCH, MERGE_PATCH, STRATEGIC, APPLY];
  const body = await readBody(request.request);
  if (!accepted.includes(body.mediaType)) {
    throw unsupportedMediaType(accepted);
  }
  const write = readWriteOptions(request, 'PatchOptions');
  return body.mediaType === APPLY
    ? applyPatch(request, body, write)
    : changeLive(request, body, write);
}

function computePatched(
  live: JsonObject,
  body: RequestBody,
  request: ResourceRequest,
): JsonObject {
  const patch = parsePatch(body.text, false);
  if (body.mediaType === JSON_PATCH) {
    return applyJsonPatch(live, patch);
  }
  if (!isObject(patch)) {
    throw badRequest('error decoding patch: a merge patch is an object');
  }
  if (body.mediaType === MERGE_PATCH) {
    return mergePatch(live, patch) as JsonObject;
  }
  const { schema } = request.resource.version;
  const { catalog } = request.server.registry;
  return strategicMergePatch(live, patch, schema, catalog);
}

function changeLive(
  request: ResourceRequest,
  body: RequestBody,
  write: WriteOptions,
): ApiAnswer {
  const { server, resource, warnings } = request;
  if (request.info.query.has('force')) {
    throw invalidOptions('PatchOptions', [
      fieldError('FieldValueForbidden', 'force', {
        detail: 'may not be specified for non-apply patch',
      }),
    ]);
  }
  const live = readLive(request);
  const patched = computePatched(live as unknown as JsonObject, body, request);
  checkIdentity(patched, live, request);
  const object = shapeForWrite(server, {
    object: patched,
    resource,
    validation: write.fieldValidation,
    warnings,
  });
  const updated = replaceLive(request, { live, object, write });
  return { status: 200, body: updated as unknown as JsonObject };
}

/** A patch may not turn an object into another one. */
function checkIdentity(
  patched: JsonObject,
  live: KubeObject,
  request: ResourceRequest,
): void {
  const { type } = request.resource;
  checkEnvelope(patched, request.resource);
  const metadata = patched.metadata as JsonObject;
  const { name, namespace, uid } = live.metadata;
  if (metadata.name !== name) {
    throw badRequest(
      `the name of the object (${String(
        metadata.name ?? '',
      )}) does not match the name on the URL (${name})`,
    );
  }
  if (type.namespaced && metadata.namespace !== namespace) {
    throw badRequest(
      `the namespace of the object (${String(
        metadata.namespace ?? '',
      )}) does not match the namespace on the URL (${namespace})`,
    );
  }
  if (metadata.uid && metadata.uid !== uid) {
    throw invalid(type, name, [
      fieldError('FieldValueInvalid', 'metadata.uid', {
        value: metadata.uid,
        detail: 'field is immutable',
      }),
    ]);
  }
  checkPreconditions(metadata, live, request);
}

function applyPatch(
  request: ResourceRequest,
  body: RequestBody,
  write: WriteOptions,
): ApiAnswer {
  const { query } = request.info;
  if (!query.get('fieldManager')) {
    throw invalidOptions('PatchOptions', [
      fieldError('FieldValueRequired', 'fieldManager', {
        detail: 'is required for apply patch',
      }),
    ]);
  }
  const configuration = readConfiguration(request, body, write);
  const { server, resource, namespace, name = '' } = request;
  const live = server.store.get(resource.type.id, { namespace, name })
    ? readLive(request)
    : undefined;
  if (!live && request.subresource) {
    readLive(request);
  }
  const metadata = configuration.metadata as JsonObject;
  if (live) {
    checkPreconditions(metadata, live, request);
  } else if (metadata.uid || metadata.resourceVersion) {
    throw methodNotAllowed();
  }
  const result = applyConfiguration({
    live: (live as unknown as JsonObject) ?? emptyObject(configuration),
    configuration: withoutIdentity(configuration),
    writer: {
      manager: write.manager,
      apiVersion: apiVersionOf(resource.type.group, resource.version.name),
      subresource: request.subresource,
      time: formatTime(server.clock()),
    },
    force: ['true', '1', ''].includes(query.get('force') ?? 'false'),
    rules: ownershipRules(server, resource, request.subresource),
  });
  if (!result.ok) {
    throw applyConflict(result.conflicts);
  }
  return storeApplied(request, { ...result, live, write });
}

function storeApplied(
  request: ResourceRequest,
  options: {
    object: JsonObject;
    managedFields: unknown[];
    live?: KubeObject;
    write: WriteOptions;
  },
): ApiAnswer {
  const { server, resource, warnings } = request;
  const { live, write, managedFields } = options;
  // The merged object gets the defaults of fields that came with the configuration.
  const object = shapeForWrite(server, {
    object: options.object,
    resource,
    validation: 'Ignore',
    warnings,
  });
  const result = live
    ? replaceLive(request, { live, object, write, managedFields })
    : createShaped(request, object, { ...write, managedFields });
  return {
    status: live ? 200 : 201,
    body: result as unknown as JsonObject,
  };
}

/** The applied configuration, without defaults: only what the client named is owned. */
function readConfiguration(
  request: ResourceRequest,
  body: RequestBody,
  write: WriteOptions,
): JsonObject {
  const { server, resource, namespace, name, warnings } = request;
  const { type, version } = resource;
  const parsed = parsePatch(body.text, true);
  if (!isObject(parsed)) {
    throw badRequest('error decoding YAML: the configuration is not an object');
  }
  const expected = apiVersionOf(type.group, version.name);
  if (parsed.apiVersion !== expected || parsed.kind !== type.kind) {
    throw badRequest(
      `invalid object type: ${String(parsed.apiVersion)}, Kind=${String(
        parsed.kind,
      )}`,
    );
  }
  checkEnvelope(parsed, resource);
  const metadata = parsed.metadata as JsonObject;
  if (metadata.managedFields !== undefined && metadata.managedFields !== null) {
    throw badRequest('metadata.managedFields must be nil');
  }
  if (metadata.name !== undefined && metadata.name !== name) {
    throw badRequest(
      `the name of the object (${String(
        metadata.name,
      )}) does not match the name on the URL (${name})`,
    );
  }
  if (metadata.namespace !== undefined && metadata.namespace !== namespace) {
    throw badRequest(
      `the namespace of the object (${String(
        metadata.namespace,
      )}) does not match the namespace on the URL (${namespace})`,
    );
  }
  metadata.name = name;
  if (type.namespaced) {
    metadata.namespace = namespace;
  }
  return shapeForWrite(server, {
    object: parsed,
    resource,
    validation: write.fieldValidation,
    warnings,
    defaults: false,
  });
}

function withoutIdentity(configuration: JsonObject): JsonObject {
  const metadata = { ...(configuration.metadata as JsonObject) };
  for (const field of ['uid', 'resourceVersion', 'creationTimestamp']) {
    delete metadata[field];
  }
  return { ...configuration, metadata };
}

function emptyObject({ apiVersion, kind }: JsonObject): JsonObject {
  return { apiVersion, kind, metadata: {} };
}

function applyConflict(conflicts: ApplyConflict[]): ApiError {
  const causes = conflicts.map(({ manager, path }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${manager}`,
    field: path,
  }));
  const managers = [...new Set(conflicts.map(({ manager }) => manager))].sort();
  const lines = managers.flatMap(manager => [
    `conflicts with ${manager}:`,
    ...conflicts
      .filter(conflict => conflict.manager === manager)
      .map(({ path }) => `- ${path}`),
  ]);
  const [only] = conflicts;
  return new ApiError({
    code: 409,
    reason: 'Conflict',
    message:
      conflicts.length === 1
        ? `Apply failed with 1 conflict: conflict with ${only.manager}: ${only.path}`
        : `Apply failed with ${conflicts.length} conflicts: ${lines.join(
            '\n',
          )}`,
    details: { causes },
  });
}
