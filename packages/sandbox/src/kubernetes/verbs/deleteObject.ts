import {
  invalidOptions,
  preconditionFailed,
  badRequest,
} from '../requests/ApiError';
import { parseOptions, readBody } from '../requests/readBody';
import type { ApiAnswer, ResourceRequest } from '../requests/types';
import { fieldError } from '@istio-backstage/plugin-istio-common/schema';
import { parseSelectors } from '../store/selectors';
import { convertObject } from '../resources/ResourceRegistry';
import type { KubeObject } from '../types';
import { isObject, type JsonObject } from '../json';
import { formatTime } from './createObject';
import { readLive } from './updateObject';
import { readDryRun } from './writeOptions';

interface DeleteOptions {
  dryRun: boolean;
  uid?: string;
  resourceVersion?: string;
}

const POLICIES = ['Foreground', 'Background', 'Orphan'];

const listOf = (value: unknown) =>
  Array.isArray(value) ? value.map(String) : [];

/** @throws ApiError 422 for values Kubernetes refuses. `propagationPolicy` is taken: nothing here collects garbage. */
async function readOptions(request: ResourceRequest): Promise<DeleteOptions> {
  const { query } = request.info;
  const sent = await readBody(request.request);
  const body = parseOptions(sent);
  if (body.kind !== undefined && body.kind !== 'DeleteOptions') {
    throw badRequest(
      `the object provided is unrecognized (must be of type DeleteOptions): ${String(
        body.kind,
      )}`,
    );
  }
  // As in DeleteResource of k8s.io/apiserver's endpoints/handlers/delete.go: of a request with a body the
  // query says nothing.
  const hasBody = sent.text !== '';
  const policy = hasBody
    ? body.propagationPolicy
    : query.get('propagationPolicy') ?? undefined;
  if (policy !== undefined && !POLICIES.includes(String(policy))) {
    throw invalidOptions('DeleteOptions', [
      fieldError('FieldValueNotSupported', 'propagationPolicy', {
        value: policy,
        detail: 'supported values: "Foreground", "Background", "Orphan", "nil"',
      }),
    ]);
  }
  const preconditions = isObject(body.preconditions) ? body.preconditions : {};
  return {
    dryRun: readDryRun(
      'DeleteOptions',
      hasBody ? listOf(body.dryRun) : query.getAll('dryRun'),
    ),
    uid: preconditions.uid as string | undefined,
    resourceVersion: preconditions.resourceVersion as string | undefined,
  };
}

function checkPreconditions(
  live: KubeObject,
  options: DeleteOptions,
  request: ResourceRequest,
): void {
  const { type } = request.resource;
  const { name, uid, resourceVersion } = live.metadata;
  if (options.uid !== undefined && options.uid !== uid) {
    throw preconditionFailed(
      type,
      name,
      `the UID in the precondition (${options.uid}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`,
    );
  }
  if (
    options.resourceVersion !== undefined &&
    options.resourceVersion !== resourceVersion
  ) {
    throw preconditionFailed(
      type,
      name,
      `the ResourceVersion in the precondition (${options.resourceVersion}) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`,
    );
  }
}

/** Deletes now, or marks for deletion while finalizers hold the object. */
function removeOrMark(
  request: ResourceRequest,
  live: KubeObject,
): { gone: boolean; object: KubeObject } {
  const { server, resource } = request;
  const { namespace, name } = live.metadata;
  const finalizers = (live.metadata as unknown as JsonObject).finalizers;
  const stored = server.store.get(resource.type.id, { namespace, name })!;
  if (Array.isArray(finalizers) && finalizers.length > 0) {
    const marked = live.metadata.deletionTimestamp
      ? stored
      : server.store.put(resource.type.id, markDeleted(request, stored));
    return { gone: false, object: marked };
  }
  if (resource.type.id === 'namespaces') {
    emptyNamespace(request, name);
  }
  return {
    gone: true,
    object: server.store.delete(resource.type.id, { namespace, name })!,
  };
}

function markDeleted(
  { server, resource }: ResourceRequest,
  stored: KubeObject,
): KubeObject {
  const metadata = {
    ...stored.metadata,
    deletionGracePeriodSeconds: 0,
    deletionTimestamp: formatTime(server.clock()),
  };
  if (resource.type.generation) {
    metadata.generation = (metadata.generation ?? 0) + 1;
  }
  return { ...stored, metadata };
}

/** A namespace takes everything in it along, at once: no controller is needed for it. */
function emptyNamespace(request: ResourceRequest, namespace: string): void {
  const { store, registry } = request.server;
  for (const type of registry.types()) {
    if (type.namespaced) {
      for (const object of store.list(type.id, namespace)) {
        store.delete(type.id, { namespace, name: object.metadata.name });
      }
    }
  }
}

export async function deleteObject(
  request: ResourceRequest,
): Promise<ApiAnswer> {
  const options = await readOptions(request);
  const live = readLive(request);
  checkPreconditions(live, options, request);
  const { type, version } = request.resource;
  const { gone, object } = options.dryRun
    ? { gone: true, object: live }
    : removeOrMark(request, live);
  // Pods and marked objects come back whole, the others as a Status.
  if (!gone || type.id === 'pods' || type.id === 'namespaces') {
    const body = convertObject(object, type, version.name);
    return { status: 200, body: body as unknown as JsonObject };
  }
  return {
    status: 200,
    body: {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Success',
      details: {
        name: live.metadata.name,
        ...(type.group ? { group: type.group } : {}),
        kind: type.plural,
        uid: live.metadata.uid,
      },
    },
  };
}

export async function deleteCollection(
  request: ResourceRequest,
): Promise<ApiAnswer> {
  const { server, resource, namespace, info } = request;
  const options = await readOptions(request);
  const filter = parseSelectors(info.query, resource.type);
  const items = server.store
    .list(resource.type.id, namespace)
    .filter(object => !filter || filter(object));
  const removed = items.map(live =>
    options.dryRun ? live : removeOrMark(request, live).object,
  );
  return {
    status: 200,
    body: {
      kind: resource.type.listKind,
      apiVersion: resource.type.group
        ? `${resource.type.group}/${resource.version.name}`
        : resource.version.name,
      metadata: { resourceVersion: String(server.store.currentVersion()) },
      items: removed.map(object =>
        convertObject(object, resource.type, resource.version.name),
      ),
    },
  };
}
