import type { Step } from '../types';

export const NAMESPACE = 'conformance';

export const VIRTUAL_SERVICES = `/apis/networking.istio.io/v1/namespaces/${NAMESPACE}/virtualservices`;

export const MERGE = 'application/merge-patch+json';
export const JSON_PATCH = 'application/json-patch+json';
export const APPLY = 'application/apply-patch+yaml';
export const STRATEGIC = 'application/strategic-merge-patch+json';

/** A VirtualService with two weighted destinations. */
export function virtualService(
  name: string | undefined,
  spec: unknown = split(80),
  metadata: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name, ...metadata },
    spec,
  };
}

export function split(weight: number) {
  const destination = (subset: string) => ({ host: 'reviews', subset });
  return {
    hosts: ['reviews'],
    http: [
      {
        route: [
          { destination: destination('v1'), weight },
          { destination: destination('v2'), weight: 100 - weight },
        ],
      },
    ],
  };
}

export function get(
  label: string,
  path: string,
  more: Partial<Step> = {},
): Step {
  return { label, method: 'GET', path, ...more };
}

export function post(
  label: string,
  path: string,
  body: unknown,
  more: Partial<Step> = {},
): Step {
  return { label, method: 'POST', path, body, ...more };
}

export function put(
  label: string,
  path: string,
  body: unknown,
  more: Partial<Step> = {},
): Step {
  return { label, method: 'PUT', path, body, ...more };
}

export function patch(
  label: string,
  path: string,
  body: unknown,
  contentType: string,
): Step {
  return { label, method: 'PATCH', path, body, contentType };
}

export function remove(label: string, path: string, body?: unknown): Step {
  return { label, method: 'DELETE', path, body };
}
