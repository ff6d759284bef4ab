import { applyPatch, type Operation } from 'fast-json-patch';
import { badRequest, patchRejected } from '../requests/ApiError';
import { cloneJson, isObject, type JsonObject } from '../json';

/** Kubernetes' own limit. */
const MAX_OPERATIONS = 10_000;

/**
 * RFC 6902 on a copy of the object.
 * @throws ApiError 400 for a body that is no list of operations; 422, without saying which, for an operation that
 * does not apply: a failed `test` too, as the API server does.
 */
export function applyJsonPatch(object: JsonObject, patch: unknown): JsonObject {
  if (!Array.isArray(patch) || !patch.every(isObject)) {
    throw badRequest(
      'error decoding patch: a JSON patch is a list of operations',
    );
  }
  if (patch.length > MAX_OPERATIONS) {
    throw badRequest(
      `The allowed maximum operations in a JSON patch is ${MAX_OPERATIONS}, got ${patch.length}`,
    );
  }
  try {
    const operations = cloneJson(patch) as unknown as Operation[];
    const { newDocument } = applyPatch(cloneJson(object), operations, true);
    if (isObject(newDocument)) {
      return newDocument;
    }
  } catch {
    // The library's message may hold the whole document; the API server says nothing either.
  }
  throw patchRejected();
}
