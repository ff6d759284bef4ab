import type { OwnershipRules } from '../fields/managedFields';
import { sameButTimes } from '../fields/managedFields';
import { badRequest, invalid } from '../requests/ApiError';
import type { Server } from '../requests/types';
import {
  apiVersionOf,
  convertObject,
  type ServedResource,
} from '../resources/ResourceRegistry';
import { shapeObject } from '../schema/shapeObject';
import { validateAgainstSchema } from '../schema/validateObject';
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
  },
): JsonObject {
  const { resource, validation, warnings } = options;
  const { catalog } = server.registry;
  const { schema } = resource.version;
  const shaped = shapeObject(options.object, schema, catalog, {
    defaults: options.defaults ?? true,
  });
  const unknown = shaped.unknownFields.map(
    field => `unknown field ${JSON.stringify(field)}`,
  );
  if (unknown.length > 0 && validation === 'Strict') {
    const { type, version } = resource;
    throw badRequest(
      `${type.kind} in version ${JSON.stringify(
        version.name,
      )} cannot be handled as a ${
        type.kind
      }: strict decoding error: ${unknown.join(', ')}`,
    );
  }
  if (validation === 'Warn') {
    warnings.push(...unknown);
  }
  return shaped.object;
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
  const verdict = validateAgainstSchema({
    object,
    previous: previous as JsonObject | undefined,
    schema: version.schema,
    catalog: server.registry.catalog,
  });
  const wrongType = verdict.errors.find(
    error => !type.crd && error.reason === 'FieldValueTypeInvalid',
  );
  if (wrongType) {
    throw badRequest(
      `${type.kind} in version ${JSON.stringify(
        version.name,
      )} cannot be handled as a ${type.kind}: ${wrongType.field}: ${
        wrongType.message
      }`,
    );
  }
  const schemaErrors = type.crd
    ? verdict.errors
    : verdict.errors.filter(error => error.field !== '<nil>');
  const errors = [
    ...checkMetadata(metadata, type),
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

/** The object in the version a request speaks, as a value of its own. */
export function checkEnvelope(
  object: JsonObject,
  resource: ServedResource,
): void {
  const { type, version } = resource;
  const expected = apiVersionOf(type.group, version.name);
  const actual = object.apiVersion;
  if (actual !== undefined && actual !== '' && actual !== expected) {
    throw badRequest(
      `the API version in the data (${String(
        actual,
      )}) does not match the expected API version (${expected})`,
    );
  }
  if (object.kind !== undefined && object.kind !== type.kind) {
    throw badRequest(
      `the kind in the data (${String(
        object.kind,
      )}) does not match the expected kind (${type.kind})`,
    );
  }
  object.apiVersion = expected;
  object.kind = type.kind;
  if (!isObject(object.metadata)) {
    object.metadata = {};
  }
}
