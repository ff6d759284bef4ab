import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { request as plainRequest } from 'node:http';
import type { ProductWorld } from './ProductWorld';
import type { KubernetesObject } from './types';

type Hands = Pick<ProductWorld, 'read' | 'patch' | 'create' | 'remove'>;

/** Somebody with kubectl and all rights, past the portal. */
export function createKubernetesHands(options: {
  url: string;
  token: string;
  caFile?: string;
}): Hands {
  const ca = options.caFile && readFileSync(options.caFile);
  const call = async (
    method: string,
    path: string,
    body?: { type: string; value: object },
  ): Promise<KubernetesObject> => {
    const { status, text } = await send(`${options.url}${path}`, {
      method,
      token: options.token,
      ca,
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
    async create(collection, value) {
      await call('POST', `${collection}?fieldManager=kubectl-create`, {
        type: 'application/json',
        value,
      });
    },
    async remove(path) {
      await call('DELETE', path);
    },
  };
}

/** `fetch` takes no authority of one's own. */
function send(
  url: string,
  options: {
    method: string;
    token: string;
    ca?: string | Buffer;
    body?: { type: string; value: object };
  },
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const open = url.startsWith('https:') ? request : plainRequest;
    const call = open(
      url,
      {
        method: options.method,
        // A connection of its own: a server closes one that is idle in the moment in which it is used again.
        agent: false,
        ca: options.ca,
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
