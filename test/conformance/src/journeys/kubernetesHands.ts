import { request } from 'node:https';
import { request as plainRequest } from 'node:http';
import type { ProductWorld } from './ProductWorld';
import type { KubernetesObject } from './types';

type Hands = Pick<ProductWorld, 'read' | 'patch'>;

/** Somebody with kubectl and all rights, past the portal. */
export function createKubernetesHands(options: {
  url: string;
  token: string;
}): Hands {
  const call = async (
    method: string,
    path: string,
    body?: { type: string; value: object },
  ): Promise<KubernetesObject> => {
    const { status, text } = await send(`${options.url}${path}`, {
      method,
      token: options.token,
      body,
    });
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${text}`);
    return JSON.parse(text);
  };
  return {
    read: path => call('GET', path),
    async patch(path, value) {
      await call('PATCH', `${path}?fieldManager=kubectl-edit`, {
        type: 'application/json-patch+json',
        value,
      });
    },
  };
}

/** `fetch` cannot be told to accept the certificate of a lab that is reached through a relay. */
function send(
  url: string,
  options: {
    method: string;
    token: string;
    body?: { type: string; value: object };
  },
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const open = url.startsWith('https:') ? request : plainRequest;
    const call = open(
      url,
      {
        method: options.method,
        rejectUnauthorized: false,
        headers: {
          authorization: `Bearer ${options.token}`,
          ...(options.body && { 'content-type': options.body.type }),
        },
        timeout: 10_000,
      },
      response => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', part => {
          text += part;
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, text }),
        );
      },
    );
    call.on('timeout', () => call.destroy(new Error(`${url}: no answer`)));
    call.on('error', reject);
    call.end(options.body && JSON.stringify(options.body.value));
  });
}
