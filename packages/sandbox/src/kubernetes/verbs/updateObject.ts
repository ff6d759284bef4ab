import { trackUpdate } from '../fields/managedFields';
import { badRequest, conflict, invalid, notFound } from '../requests/ApiError';
import { parseObject, readBody } from '../requests/readBody';
import type { ApiAnswer, ResourceRequest } from '../requests/types';
import { apiVersionOf, convertObject } from '../resources/ResourceRegistry';
import { fieldError } from '@istio-backstage/plugin-istio-common/schema';
import type { KubeObject } from '../types';
import { cloneJson, isObject, type JsonObject } from '../json';
import { completeCoreObject, fillCoreFields } from './coreRules';
import { formatTime, placeInNamespace, setOwners } from './createObject';
import {
  checkEnvelope,
  finishWrite,
  ownershipRules,
  shapeForWrite,
  specChanged,
} from './finishWrite';
import { readWriteOptions, type WriteOptions } from './writeOptions';

/** @throws ApiError 404. */
export function readLive(request: ResourceRequest): KubeObject {
  const { server, resource, namespace, name = '' } = request;
  const live = server.store.get(resource.type.id, { namespace, name });
  if (!live) {
    throw notFound(resource.type, name);
  }
  return convertObject(live, resource.type, resource.version.name);
}

/** Metadata that only the server writes comes from the live object, whatever the client sent. */
function keepServerFields(
  object: JsonObject,
  live: KubeObject,
  request: ResourceRequest,
): void {
  const metadata = object.metadata as JsonObject;
  const before = live.metadata as unknown as JsonObject;
  for (const field of [
    'name',
    'namespace',
    'uid',
    'creationTimestamp',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
    'generation',
  ]) {
    if (before[field] === undefined) {
      delete metadata[field];
    } else {
      metadata[field] = before[field];
    }
  }
  delete metadata.selfLink;
  delete metadata.resourceVersion;
  const isStatus = request.subresource === 'status';
  if (isStatus) {
    takeOnlyStatus(object, live, request);
  } else if (request.resource.version.status) {
    setOrDelete(object, 'status', live.status);
  }
}

function setOrDelete(object: JsonObject, field: string, value: unknown): void {
  if (value === undefined) {
    delete object[field];
  } else {
    object[field] = cloneJson(value);
  }
}

/** Through the status door everything else stays; built-in kinds let labels and annotations pass too. */
function takeOnlyStatus(
  object: JsonObject,
  live: KubeObject,
  request: ResourceRequest,
): void {
  for (const field of new Set([...Object.keys(object), ...Object.keys(live)])) {
    if (!['status', 'metadata', 'apiVersion', 'kind'].includes(field)) {
      setOrDelete(object, field, live[field]);
    }
  }
  if (request.resource.type.crd) {
    const { managedFields } = object.metadata as JsonObject;
    object.metadata = {
      ...cloneJson(live.metadata),
      managedFields,
      resourceVersion: undefined,
    };
  }
}

function storageKey(live: KubeObject, request: ResourceRequest): string {
  const { type } = request.resource;
  const { namespace, name } = live.metadata;
  return ['/registry', type.group, type.plural, namespace, name]
    .filter(Boolean)
    .join('/');
}

/** @throws ApiError 409 for another resourceVersion than the live one, 422 for another uid. */
export function checkPreconditions(
  metadata: JsonObject,
  live: KubeObject,
  request: ResourceRequest,
): void {
  const { type } = request.resource;
  const { name, uid, resourceVersion } = live.metadata;
  if (
    metadata.resourceVersion &&
    metadata.resourceVersion !== resourceVersion
  ) {
    throw conflict(type, name);
  }
  if (metadata.uid && metadata.uid !== uid) {
    throw conflict(
      type,
      name,
      `StorageError: invalid object, Code: 4, Key: ${storageKey(
        live,
        request,
      )}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${String(
        metadata.uid,
      )}, UID in object meta: ${uid}`,
    );
  }
}

/** A service keeps the addresses it was given unless the client names others. */
function keepAddresses(object: JsonObject, live: KubeObject): void {
  const { spec } = object;
  if (live.kind === 'Service' && isObject(spec)) {
    spec.clusterIP ??= live.spec?.clusterIP;
    spec.clusterIPs ??= cloneJson(live.spec?.clusterIPs);
  }
}

/** When the last finalizer went, the deletion that waited for it happens now. */
function releaseDeleted(request: ResourceRequest, updated: KubeObject): void {
  const { server, resource } = request;
  const { namespace, name, deletionTimestamp } = updated.metadata;
  const { finalizers } = updated.metadata as unknown as JsonObject;
  const held = Array.isArray(finalizers) && finalizers.length > 0;
  if (deletionTimestamp && !held) {
    server.store.delete(resource.type.id, { namespace, name });
  }
}

/** Stores a new state of a live object. `object` is shaped and is changed in place. */
export function replaceLive(
  request: ResourceRequest,
  options: {
    live: KubeObject;
    object: JsonObject;
    write: WriteOptions;
    /** Given for an apply, which has computed its own. */
    managedFields?: unknown[];
  },
): KubeObject {
  const { server, resource, subresource, warnings } = request;
  const { live, object, write } = options;
  const metadata = object.metadata as JsonObject;
  keepServerFields(object, live, request);
  const kept = object.metadata as JsonObject;
  if (!resource.type.crd) {
    keepAddresses(object, live);
    completeCoreObject(object, resource.type);
    fillCoreFields(object, resource.type, server.store);
  }
  if (
    resource.type.generation &&
    specChanged(live as unknown as JsonObject, object)
  ) {
    kept.generation = Number(metadata.generation ?? 0) + 1;
  }
  const owners =
    options.managedFields ??
    trackUpdate({
      before: live as unknown as JsonObject,
      after: object,
      writer: {
        manager: write.manager,
        apiVersion: apiVersionOf(resource.type.group, resource.version.name),
        subresource,
        time: formatTime(server.clock()),
      },
      rules: ownershipRules(server, resource, subresource),
    });
  setOwners(kept, owners);
  kept.resourceVersion = live.metadata.resourceVersion;
  const updated = finishWrite(server, {
    object,
    previous: server.store.get(resource.type.id, {
      namespace: live.metadata.namespace,
      name: live.metadata.name,
    }),
    resource,
    subresource,
    dryRun: write.dryRun,
    warnings,
  });
  if (!write.dryRun) {
    releaseDeleted(request, updated);
  }
  return updated;
}

export async function updateObject(
  request: ResourceRequest,
): Promise<ApiAnswer> {
  const { server, resource, namespace, name = '', warnings } = request;
  const write = readWriteOptions(request, 'UpdateOptions');
  const body = await readBody(request.request);
  const parsed = parseObject(body, resource.type.kind, {
    kindRequired: resource.type.crd,
  });
  checkEnvelope(parsed, resource);
  const metadata = parsed.metadata as JsonObject;
  if (metadata.name && metadata.name !== name) {
    throw badRequest(
      `the name of the object (${String(
        metadata.name,
      )}) does not match the name on the URL (${name})`,
    );
  }
  metadata.name = name;
  placeInNamespace(parsed, resource, namespace);
  const live = readLive(request);
  if (!metadata.resourceVersion && resource.type.crd) {
    throw invalid(
      { kind: resource.type.plural, group: resource.type.group },
      name,
      [
        fieldError('FieldValueInvalid', 'metadata.resourceVersion', {
          value: 0,
          detail: 'must be specified for an update',
        }),
      ],
    );
  }
  checkPreconditions(metadata, live, request);
  const object = shapeForWrite(server, {
    object: parsed,
    resource,
    validation: write.fieldValidation,
    warnings,
  });
  const updated = replaceLive(request, { live, object, write });
  return { status: 200, body: updated as unknown as JsonObject };
}
