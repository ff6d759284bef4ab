import type { ResourceType } from '../resources/resourceType';
import type { FieldError } from '@istio-backstage/plugin-istio-common/schema';
import type { JsonObject } from '../json';

interface ErrorOptions {
  code: number;
  /** Empty: the server answers without one. */
  reason: string;
  message: string;
  details?: JsonObject;
  headers?: Record<string, string>;
}

/** A refusal in the API server's own terms; becomes a `Status` body. */
export class ApiError extends Error {
  readonly code: number;
  readonly reason: string;
  readonly details?: JsonObject;
  readonly headers: Record<string, string>;

  constructor(options: ErrorOptions) {
    super(options.message);
    this.name = 'ApiError';
    this.code = options.code;
    this.reason = options.reason;
    this.details = options.details;
    this.headers = options.headers ?? {};
  }

  toStatus(): JsonObject {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: this.message,
      ...(this.reason ? { reason: this.reason } : {}),
      ...(this.details ? { details: this.details } : {}),
      code: this.code,
    };
  }
}

type Named = Pick<ResourceType, 'group' | 'plural' | 'kind'>;

function qualified(name: string, group: string): string {
  return group ? `${name}.${group}` : name;
}

function detailsOf(kind: string, group: string, name?: string): JsonObject {
  return {
    ...(name ? { name } : {}),
    ...(group ? { group } : {}),
    ...(kind ? { kind } : {}),
  };
}

export function badRequest(message: string): ApiError {
  return new ApiError({ code: 400, reason: 'BadRequest', message });
}

export function unauthorized(): ApiError {
  return new ApiError({
    code: 401,
    reason: 'Unauthorized',
    message: 'Unauthorized',
  });
}

export function forbidden(options: {
  group: string;
  resource: string;
  name?: string;
  message: string;
}): ApiError {
  const { group, resource, name, message } = options;
  const what = qualified(resource, group);
  return new ApiError({
    code: 403,
    reason: 'Forbidden',
    message: `${what}${name ? ` "${name}"` : ''} is forbidden: ${message}`,
    details: detailsOf(resource, group, name),
  });
}

export function forbiddenPath(message: string): ApiError {
  return new ApiError({
    code: 403,
    reason: 'Forbidden',
    message: `forbidden: ${message}`,
    details: {},
  });
}

export function notFound(type: Named, name: string): ApiError {
  return new ApiError({
    code: 404,
    reason: 'NotFound',
    message: `${qualified(type.plural, type.group)} "${name}" not found`,
    details: detailsOf(type.plural, type.group, name),
  });
}

/** A resource or path nobody serves. */
export function unknownResource(): ApiError {
  return new ApiError({
    code: 404,
    reason: 'NotFound',
    message: 'the server could not find the requested resource',
    details: {},
  });
}

export function alreadyExists(type: Named, name: string): ApiError {
  return new ApiError({
    code: 409,
    reason: 'AlreadyExists',
    message: `${qualified(type.plural, type.group)} "${name}" already exists`,
    details: detailsOf(type.plural, type.group, name),
  });
}

const MODIFIED =
  'the object has been modified; please apply your changes to the latest version and try again';

export function conflict(
  type: Named,
  name: string,
  message = MODIFIED,
): ApiError {
  return new ApiError({
    code: 409,
    reason: 'Conflict',
    message: `Operation cannot be fulfilled on ${qualified(
      type.plural,
      type.group,
    )} "${name}": ${message}`,
    details: detailsOf(type.plural, type.group, name),
  });
}

/** A delete precondition that does not hold; named by kind, as the API server does. */
export function preconditionFailed(
  type: Named,
  name: string,
  message: string,
): ApiError {
  return new ApiError({
    code: 409,
    reason: 'Conflict',
    message: `Operation cannot be fulfilled on ${qualified(
      type.kind,
      type.group,
    )} "${name}": ${message}`,
    details: detailsOf(type.kind, type.group, name),
  });
}

export function invalid(
  kind: { kind: string; group: string },
  name: string,
  errors: FieldError[],
): ApiError {
  const texts = errors.map(error => `${error.field}: ${error.message}`);
  const list = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  return new ApiError({
    code: 422,
    reason: 'Invalid',
    message: `${qualified(
      kind.kind,
      kind.group,
    )} "${name}" is invalid: ${list}`,
    details: {
      ...detailsOf(kind.kind, kind.group, name),
      causes: errors.map(({ reason, message, field }) => ({
        reason,
        message,
        field,
      })),
    },
  });
}

/** Query or body options that are refused. */
export function invalidOptions(kind: string, errors: FieldError[]): ApiError {
  return invalid({ kind, group: 'meta.k8s.io' }, '', errors);
}

export function expired(message: string): ApiError {
  return new ApiError({ code: 410, reason: 'Expired', message });
}

export function tooLargeVersion(asked: number, current: number): ApiError {
  return new ApiError({
    code: 504,
    reason: 'Timeout',
    message: `Timeout: Too large resource version: ${asked}, current: ${current}`,
    details: {
      causes: [
        {
          reason: 'ResourceVersionTooLarge',
          message: 'Too large resource version',
        },
      ],
      retryAfterSeconds: 1,
    },
    headers: { 'Retry-After': '1' },
  });
}

export function methodNotAllowed(): ApiError {
  return new ApiError({
    code: 405,
    reason: 'MethodNotAllowed',
    message: 'the server does not allow this method on the requested resource',
    details: {},
  });
}

export function unsupportedMediaType(accepted: string[]): ApiError {
  return new ApiError({
    code: 415,
    reason: 'UnsupportedMediaType',
    message: `the body of the request was in an unknown format - accepted media types include: ${accepted.join(
      ', ',
    )}`,
  });
}

export function notAcceptable(accepted: string[]): ApiError {
  return new ApiError({
    code: 406,
    reason: 'NotAcceptable',
    message: `only the following media types are accepted: ${accepted.join(
      ', ',
    )}`,
  });
}

/** Something a real API server does and this one does not. */
export function notImplemented(what: string): ApiError {
  return new ApiError({
    code: 501,
    reason: 'NotImplemented',
    message: `the sandbox does not implement ${what}`,
  });
}

/** A JSON Patch that does not apply, `test` operations that fail included. */
export function patchRejected(): ApiError {
  return new ApiError({
    code: 422,
    reason: 'Invalid',
    message: 'the server rejected our request due to an error in our request',
    details: {},
  });
}

/** An admission webhook said no. */
export function admissionDenied(webhook: string, message: string): ApiError {
  return new ApiError({
    code: 400,
    reason: '',
    message: `admission webhook "${webhook}" denied the request: ${message}`,
  });
}
