import type { OwnershipRules } from '../fields/managedFields';
import { sameButTimes } from '../fields/managedFields';
import { badRequest, invalid, type ApiError } from '../requests/ApiError';
import type { Server } from '../requests/types';
import {
  apiVersionOf,
  convertObject,
  type ServedResource,
} from '../resources/ResourceRegistry';
import { EMPTY_OBJECTS } from '../resources/emptyObjects';
import {
  fieldError,
  shapeObject,
  validateAgainstSchema,
} from '@istio-backstage/plugin-istio-common/schema';
import type { KubeObject } from '../types';
import { isObject, jsonEqual, type JsonObject } from '../json';
import { admitObject } from './admission';
import { checkMetadata } from './checkMetadata';
import { checkCoreRules } from './coreRules';
import type { WriteOptions } from './writeOptions';

/**
 * What the server takes from the client's object: schema-shaped, unknown fields dropped and reported as
 * `fieldValidation` asks.
 * @throws ApiError 400 for unknown fields under `Strict`.
 */
export function shapeForWrite(
  server: Server,
  options: {
    object: JsonObject;
    resource: ServedResource;
    validation: WriteOptions['fieldValidation'];
    warnings: string[];
    /** False for an applied configuration, which owns only what it names. */
    defaults?: boolean;
    /** How a patch words it; the default is the wording for whole objects. */
    refuse?: (says: string) => ApiError;
  },
): JsonObject {
  const { resource, validation, warnings } = options;
  const { catalog } = server.registry;
  const { schema } = resource.version;
  const shaped = shapeObject(options.object, schema, catalog, {
    defaults: options.defaults ?? true,
  });
  const unknown = shaped.unknownFields
    .sort()
    .map(field => `unknown field ${JSON.stringify(field)}`);
  if (unknown.length > 0 && validation === 'Strict') {
    const says = `strict decoding error: ${unknown.join(', ')}`;
    throw options.refuse?.(says) ?? cannotBeHandled(resource, says);
  }
  if (validation === 'Warn') {
    warnings.push(...unknown);
  }
  return shaped.object;
}

/** @returns 400 for an object that does not decode as its kind. */
function cannotBeHandled(resource: ServedResource, says: string): ApiError {
  const { kind } = resource.type;
  const version = JSON.stringify(resource.version.name);
  return badRequest(
    `${kind} in version ${version} cannot be handled as a ${kind}: ${says}`,
  );
}

/** Which fields a write through this door may own. */
export function ownershipRules(
  server: Server,
  resource: ServedResource,
  subresource?: string,
): OwnershipRules {
  let reset: string[][] = [];
  if (subresource === 'status') {
    // Through the status door of a custom resource nothing but status counts.
    reset = resource.type.crd ? [['f:spec'], ['f:metadata']] : [['f:spec']];
  } else if (resource.version.status) {
    reset = [['f:status']];
  }
  return {
    schema: resource.version.schema,
    catalog: server.registry.catalog,
    empty: resource.type.crd ? {} : EMPTY_OBJECTS[resource.type.kind] ?? {},
    reset,
  };
}

/** True when the part that counts generations changed: everything but metadata and status. */
export function specChanged(before: JsonObject, after: JsonObject): boolean {
  const rest = ({
    metadata: _metadata,
    status: _status,
    apiVersion: _version,
    ...kept
  }: JsonObject) => kept;
  return !jsonEqual(rest(before), rest(after));
}

/** @throws ApiError 400 for values of a wrong type in built-in kinds, 422 for what the schema or metadata refuse. */
function validateWrite(
  server: Server,
  options: {
    object: JsonObject;
    previous?: KubeObject;
    resource: ServedResource;
    warnings: string[];
  },
): void {
  const { object, previous, resource, warnings } = options;
  const { type, version } = resource;
  const metadata = object.metadata as JsonObject;
  const metadataErrors = checkMetadata(metadata, type);
  const verdict = validateAgainstSchema({
    before: metadataErrors,
    object,
    previous: previous as JsonObject | undefined,
    schema: version.schema,
    references: server.registry.catalog,
  });
  const wrongType = verdict.errors.find(
    error => !type.crd && error.reason === 'FieldValueTypeInvalid',
  );
  if (wrongType) {
    throw cannotBeHandled(resource, `${wrongType.field}: ${wrongType.message}`);
  }
  const schemaErrors = type.crd
    ? verdict.errors
    : verdict.errors.filter(error => error.field !== '<nil>');
  const errors = [
    ...metadataErrors,
    ...schemaErrors,
    ...(type.crd
      ? []
      : checkCoreRules(object, type, previous as JsonObject | undefined)),
  ];
  if (errors.length > 0) {
    throw invalid(type, String(metadata.name ?? ''), errors);
  }
  for (const rule of verdict.notEvaluated) {
    warnings.push(`a validation rule was not evaluated: ${rule}`);
  }
}

/**
 * Validates, lets admission judge and stores (or, in a dry run, does not). Returns the object in the version of the
 * request. An update that changes nothing keeps its resourceVersion.
 */
export function finishWrite(
  server: Server,
  options: {
    object: JsonObject;
    previous?: KubeObject;
    resource: ServedResource;
    subresource?: string;
    dryRun: boolean;
    warnings: string[];
  },
): KubeObject {
  const { object, previous, resource, subresource, warnings } = options;
  const { type, version } = resource;
  validateWrite(server, options);
  const candidate = object as unknown as KubeObject;
  if (subresource === undefined) {
    const operation = previous ? 'UPDATE' : 'CREATE';
    warnings.push(
      ...admitObject(server, { object: candidate, type, operation }),
    );
  }
  const stored = convertObject(candidate, type, type.storageVersion);
  if (previous && sameButTimes(previous as never, stored as never)) {
    return convertObject(previous, type, version.name);
  }
  const result = options.dryRun ? stored : server.store.put(type.id, stored);
  return convertObject(result, type, version.name);
}

/**
 * Apart from built-in kinds, which may leave them out, an object names the apiVersion and kind of the URL.
 * @throws ApiError 400 for another apiVersion, 422 for another kind.
 */
export function checkEnvelope(
  object: JsonObject,
  resource: ServedResource,
): void {
  const { type, version } = resource;
  const expected = apiVersionOf(type.group, version.name);
  if (!type.crd) {
    object.apiVersion ||= expected;
    object.kind ||= type.kind;
  }
  const { apiVersion = '', kind = '' } = object;
  if (apiVersion !== expected) {
    throw badRequest(
      `the API version in the data (${String(
        apiVersion,
      )}) does not match the expected API version (${expected})`,
    );
  }
  if (!isObject(object.metadata)) {
    object.metadata = {};
  }
  if (kind !== type.kind) {
    const { name } = object.metadata as JsonObject;
    throw invalid(
      { kind: String(kind), group: type.group },
      String(name ?? ''),
      [
        fieldError('FieldValueInvalid', 'kind', {
          value: kind,
          detail: `must be ${type.kind}`,
        }),
      ],
    );
  }
}
