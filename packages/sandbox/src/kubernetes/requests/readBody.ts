import type { IncomingMessage } from 'node:http';
import { JSON_SCHEMA, load, YAMLException } from 'js-yaml';
import { ApiError, badRequest, unsupportedMediaType } from './ApiError';
import { isObject, type JsonObject } from '../json';

/** Kubernetes' own limit for a request body. */
const LIMIT = 3 * 1024 * 1024;

const OBJECT_TYPES = ['application/json', 'application/yaml'];

export interface RequestBody {
  /** Media type without parameters, lower case; empty when the request named none. */
  mediaType: string;
  text: string;
}

/** @throws ApiError 413 for a body over 3 MB. */
export async function readBody(request: IncomingMessage): Promise<RequestBody> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LIMIT) {
      throw new ApiError({
        code: 413,
        reason: 'RequestEntityTooLarge',
        message: `Request entity too large: limit is ${LIMIT}`,
      });
    }
    chunks.push(chunk);
  }
  const type = request.headers['content-type'] ?? '';
  return {
    mediaType: type.split(';')[0].trim().toLowerCase(),
    text: Buffer.concat(chunks).toString('utf8'),
  };
}

/** @throws Error whose message says where the text is broken and quotes nothing of it: it may hold a secret. */
function parseText(text: string, yaml: boolean): unknown {
  try {
    return yaml ? load(text, { schema: JSON_SCHEMA }) : JSON.parse(text);
  } catch (error) {
    if (error instanceof YAMLException) {
      const { line, column } = error.mark;
      throw new Error(`${error.reason} (line ${line + 1}, column ${column})`);
    }
    const position = /position (\d+)/.exec((error as Error).message)?.[1];
    throw new Error(
      position
        ? `the text is not JSON from position ${position} on`
        : 'the text ends before the JSON does',
    );
  }
}

/** @throws ApiError 415 for another media type, 400 for text that is not an object with a kind. */
export function parseObject(
  body: RequestBody,
  kind: string,
  options: { kindRequired: boolean } = { kindRequired: true },
): JsonObject {
  if (body.mediaType !== '' && !OBJECT_TYPES.includes(body.mediaType)) {
    throw unsupportedMediaType(OBJECT_TYPES);
  }
  const where = `the object provided is unrecognized (must be of type ${kind})`;
  let value: unknown;
  try {
    value = parseText(body.text, body.mediaType === 'application/yaml');
  } catch (error) {
    const why = (error as Error).message;
    throw badRequest(
      `${where}: couldn't get version/kind; json parse error: ${why}`,
    );
  }
  if (!isObject(value)) {
    throw badRequest(`${where}: the body is not an object`);
  }
  if (options.kindRequired && !value.kind) {
    throw badRequest(`${where}: Object 'Kind' is missing`);
  }
  return value;
}

/** DeleteOptions and the like: an empty body is allowed. */
export function parseOptions(body: RequestBody): JsonObject {
  if (body.text.trim() === '') {
    return {};
  }
  if (body.mediaType !== '' && !OBJECT_TYPES.includes(body.mediaType)) {
    throw unsupportedMediaType(OBJECT_TYPES);
  }
  try {
    const value = parseText(body.text, body.mediaType === 'application/yaml');
    if (isObject(value)) {
      return value;
    }
  } catch {
    // Falls through to the refusal below.
  }
  throw badRequest('the body of the request is not an object');
}

/** The body of a patch; `yaml` for apply configurations. */
export function parsePatch(text: string, yaml: boolean): unknown {
  try {
    return parseText(text, yaml);
  } catch (error) {
    const why = (error as Error).message;
    throw badRequest(`error decoding patch: ${why}`);
  }
}
