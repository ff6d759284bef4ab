import type {
  KubeObject,
  ObjectRef,
} from '@istio-backstage/plugin-istio-common';
import type { WriteResult } from '@istio-backstage/plugin-istio-node';
import { describeObject } from './KubernetesMeshWriterPaths';
import { KubeConnectionError, type KubeResponse } from './types';

/** Admission runs before storage: these 500s are refusals, not lost answers. */
const REFUSED_BEFORE_STORAGE = /failed calling webhook/;

/** Reads an API server's answer to a write; `deleted` stands in for the object of a delete. */
export function resultOf(
  response: KubeResponse,
  deleted?: Record<string, unknown>,
): WriteResult {
  const { status, body } = response;
  const auditId = response.headers['audit-id'];
  const warnings = parseWarnings(response.headers.warning ?? '');
  if (status >= 200 && status < 300) {
    const object = isKubeObject(body) ? body : deleted;
    return isKubeObject(object)
      ? { outcome: 'applied', status, object, auditId, warnings }
      : {
          outcome: 'unknown',
          message: `The answer (status ${status}) holds no object`,
        };
  }
  const message = messageOfAnswer(response);
  if (status >= 500 && !REFUSED_BEFORE_STORAGE.test(message)) {
    // Timeouts of etcd and proxies are answered with 5xx for writes that still take effect.
    return { outcome: 'unknown', message: `${message} (status ${status})` };
  }
  return { outcome: outcomeOf(status), status, message, auditId, warnings };
}

function outcomeOf(status: number): 'denied' | 'conflict' | 'failed' {
  switch (status) {
    case 403:
      return 'denied';
    case 409:
      return 'conflict';
    default:
      return 'failed';
  }
}

/** What a request without an answer means: nothing, when no connection was made. */
export function resultOfError(error: unknown, cluster: string): WriteResult {
  if (error instanceof KubeConnectionError && error.sent) {
    return {
      outcome: 'unknown',
      message: `The answer of ${cluster} did not arrive (${error.message})`,
    };
  }
  return notSent(
    error instanceof KubeConnectionError
      ? `${cluster} cannot be reached (${error.message})`
      : `The request to ${cluster} could not be made`,
  );
}

/** A failure before anything left the portal; status 0 stands for "no request". */
export function notSent(message: string): WriteResult {
  return {
    outcome: 'failed',
    status: 0,
    message: `${message}. Nothing was sent`,
    warnings: [],
  };
}

/** The base is not what the plan was made for. */
export function movedMessage(
  object: ObjectRef,
  live: KubeObject | undefined,
): string {
  return `${describeObject(object)} in ${object.cluster} was ${
    live ? 'changed' : 'deleted'
  } since the preview`;
}

/** The `message` of a Kubernetes `Status`; bodies of proxies in between are not repeated. */
export function messageOfAnswer({ status, body }: KubeResponse): string {
  const message =
    typeof body === 'object' && body !== null && 'message' in body
      ? body.message
      : undefined;
  return typeof message === 'string' && message !== ''
    ? message.slice(0, 2000)
    : `The API server answered ${status}`;
}

/** An object rather than a `Status`. */
export function isKubeObject(value: unknown): value is KubeObject {
  const object = value as Partial<KubeObject> | undefined;
  return (
    typeof object?.kind === 'string' &&
    object.kind !== 'Status' &&
    typeof object.metadata?.name === 'string'
  );
}

/** Texts of `Warning: 299 - "text"` headers, several of which arrive joined by commas. */
function parseWarnings(header: string): string[] {
  return Array.from(header.matchAll(/\d{3} \S+ "((?:[^"\\]|\\.)*)"/g), match =>
    match[1].replace(/\\(.)/g, '$1'),
  );
}
