import {
  applyConfiguration,
  type ApplyConflict,
} from '../fields/managedFields';
import {
  ApiError,
  badRequest,
  invalidOptions,
  methodNotAllowed,
} from '../requests/ApiError';
import { parsePatch, type RequestBody } from '../requests/readBody';
import type { ApiAnswer, ResourceRequest, Server } from '../requests/types';
import {
  apiVersionOf,
  type ServedResource,
} from '../resources/ResourceRegistry';
import {
  fieldError,
  shapeObject,
} from '@istio-backstage/plugin-istio-common/schema';
import type { KubeObject } from '../types';
import { isObject, type JsonObject } from '../json';
import { createShaped, dropStatus, formatTime } from './createObject';
import { checkEnvelope, ownershipRules, shapeForWrite } from './finishWrite';
import { checkPreconditions, readLive, replaceLive } from './updateObject';
import type { WriteOptions } from './writeOptions';

/**
 * Server-side apply: creates or merges, with ownership per field.
 * @throws ApiError 409 naming the fields that other managers own; 422 without a field manager.
 */
export function applyObject(
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
  const configuration = readConfiguration(request, body);
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
  if (!live) {
    dropStatus(options.object, resource);
  }
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
): JsonObject {
  const { server, resource, namespace, name } = request;
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
  const declared = checkDeclared(server, parsed, resource);
  if (type.namespaced) {
    (declared.metadata as JsonObject).namespace = namespace;
  }
  return declared;
}

/** An apply names nothing that the schema does not declare, whatever `fieldValidation` says. */
function checkDeclared(
  server: Server,
  configuration: JsonObject,
  { type, version }: ServedResource,
): JsonObject {
  const { object, unknownFields } = shapeObject(
    configuration,
    version.schema,
    server.registry.catalog,
    { defaults: false },
  );
  if (unknownFields.length > 0) {
    const { name, namespace = '' } = configuration.metadata as JsonObject;
    const gvk = `${apiVersionOf(type.group, version.name)}, Kind=${type.kind}`;
    throw new ApiError({
      code: 500,
      reason: '',
      message: `failed to create typed patch object (${namespace}/${name}; ${gvk}): .${unknownFields[0]}: field not declared in schema`,
    });
  }
  return object;
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
