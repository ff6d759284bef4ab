import { trackUpdate } from '../fields/managedFields';
import {
  alreadyExists,
  ApiError,
  badRequest,
  forbidden,
  notFound,
} from '../requests/ApiError';
import { parseObject, readBody } from '../requests/readBody';
import type { ApiAnswer, ResourceRequest, Server } from '../requests/types';
import {
  apiVersionOf,
  type ServedResource,
} from '../resources/ResourceRegistry';
import type { KubeObject } from '../types';
import type { JsonObject } from '../json';
import { completeCoreObject, fillCoreFields } from './coreRules';
import {
  checkEnvelope,
  finishWrite,
  ownershipRules,
  shapeForWrite,
} from './finishWrite';
import { readWriteOptions, type WriteOptions } from './writeOptions';

/** RFC 3339 with seconds, as Kubernetes writes times. */
export function formatTime(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
}

const SUFFIX = 'bcdfghjklmnpqrstvwxz2456789';

/** Five letters of the kind Kubernetes uses; by the cluster's counter, so that two are never equal. */
function generatedName(prefix: string, server: Server): string {
  let number = server.store.currentVersion() * 7919 + 12_345;
  let suffix = '';
  for (let index = 0; index < 5; index += 1) {
    suffix += SUFFIX[number % SUFFIX.length];
    number = Math.floor(number / SUFFIX.length) + index * 17;
  }
  return `${prefix}${suffix}`;
}

/** @throws ApiError 400 when the object's namespace is not the URL's. */
export function placeInNamespace(
  object: JsonObject,
  resource: ServedResource,
  namespace?: string,
): void {
  const metadata = object.metadata as JsonObject;
  if (!resource.type.namespaced) {
    delete metadata.namespace;
    return;
  }
  if (metadata.namespace && metadata.namespace !== namespace) {
    throw badRequest(
      'the namespace of the provided object does not match the namespace sent on the request',
    );
  }
  metadata.namespace = namespace;
}

function checkNamespace(request: ResourceRequest, name: string): void {
  const { server, namespace, resource } = request;
  if (!resource.type.namespaced || namespace === undefined) {
    return;
  }
  const home = server.store.get('namespaces', { name: namespace });
  const type = server.registry.byName('namespaces')!;
  if (!home) {
    throw notFound(type, namespace);
  }
  if (home.metadata.deletionTimestamp) {
    throw forbidden({
      group: resource.type.group,
      resource: resource.type.plural,
      name,
      message: `unable to create new content in namespace ${namespace} because it is being terminated`,
    });
  }
}

/** Gives a new object its identity; what the client says of it does not count. */
function beginLife(
  object: JsonObject,
  server: Server,
  resource: ServedResource,
): void {
  const metadata = object.metadata as JsonObject;
  if (!metadata.name && typeof metadata.generateName === 'string') {
    metadata.name = generatedName(metadata.generateName, server);
  }
  metadata.uid = server.store.nextUid();
  metadata.creationTimestamp = formatTime(server.clock());
  delete metadata.deletionTimestamp;
  delete metadata.deletionGracePeriodSeconds;
  delete metadata.resourceVersion;
  delete metadata.selfLink;
  delete metadata.generation;
  if (resource.type.generation) {
    metadata.generation = 1;
  }
}

/** `managedFields` without entries is left out. */
export function setOwners(metadata: JsonObject, owners: unknown[]): void {
  if (owners.length > 0) {
    metadata.managedFields = owners;
  } else {
    delete metadata.managedFields;
  }
}

/** A status that comes with a new object does not count; the schema's default does. */
export function dropStatus(object: JsonObject, resource: ServedResource): void {
  if (resource.version.status) {
    delete object.status;
  }
}

/** Creates a shaped object: identity, ownership, validation, admission, store. */
export function createShaped(
  request: ResourceRequest,
  object: JsonObject,
  options: WriteOptions & { managedFields?: unknown[] },
): KubeObject {
  const { server, resource, namespace } = request;
  const metadata = object.metadata as JsonObject;
  placeInNamespace(object, resource, namespace);
  checkNamespace(request, String(metadata.name ?? ''));
  if (metadata.resourceVersion) {
    throw new ApiError({
      code: 500,
      reason: '',
      message: 'resourceVersion should not be set on objects to be created',
    });
  }
  beginLife(object, server, resource);
  const name = String(metadata.name ?? '');
  const key = { namespace: metadata.namespace as string | undefined, name };
  if (name && server.store.get(resource.type.id, key)) {
    throw alreadyExists(resource.type, name);
  }
  completeCoreObject(object, resource.type);
  delete metadata.managedFields;
  const owners =
    options.managedFields ??
    trackUpdate({
      after: object,
      writer: {
        manager: options.manager,
        apiVersion: apiVersionOf(resource.type.group, resource.version.name),
        time: formatTime(server.clock()),
      },
      rules: ownershipRules(server, resource),
    });
  // What the server fills in belongs to nobody.
  fillCoreFields(object, resource.type, server.store);
  setOwners(metadata, owners);
  return finishWrite(server, {
    object,
    resource,
    dryRun: options.dryRun,
    warnings: request.warnings,
  });
}

export async function createObject(
  request: ResourceRequest,
): Promise<ApiAnswer> {
  const { server, resource, warnings } = request;
  const options = readWriteOptions(request, 'CreateOptions');
  const body = await readBody(request.request);
  const parsed = parseObject(body, resource.type.kind, {
    kindRequired: resource.type.crd,
  });
  checkEnvelope(parsed, resource);
  dropStatus(parsed, resource);
  const object = shapeForWrite(server, {
    object: parsed,
    resource,
    validation: options.fieldValidation,
    warnings,
  });
  const created = createShaped(request, object, options);
  return { status: 201, body: created as unknown as JsonObject };
}
