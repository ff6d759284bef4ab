import { applyJsonPatch } from '../patches/jsonPatch';
import { mergePatch } from '../patches/mergePatch';
import { strategicMergePatch } from '../patches/strategicMergePatch';
import {
  badRequest,
  invalid,
  invalidOptions,
  unsupportedMediaType,
} from '../requests/ApiError';
import { parsePatch, readBody, type RequestBody } from '../requests/readBody';
import type { ApiAnswer, ResourceRequest } from '../requests/types';
import { fieldError } from '@istio-backstage/plugin-istio-common/schema';
import type { KubeObject } from '../types';
import { isObject, type JsonObject } from '../json';
import { applyObject } from './applyObject';
import { checkEnvelope, shapeForWrite } from './finishWrite';
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
    ? applyObject(request, body, write)
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
    refuse: says =>
      invalid({ kind: '', group: '' }, '', [
        fieldError('FieldValueInvalid', 'patch', {
          // Kubernetes prints the whole object here; it could be a Secret.
          value: `${resource.type.kind}/${live.metadata.name}`,
          detail: says,
        }),
      ]),
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
