import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createKubernetesCluster } from '../createKubernetesCluster';
import type {
  KubeObject,
  KubernetesCluster,
  KubernetesClusterOptions,
} from '../types';

/** 14 Jul 2026, 14:32 UTC. */
export const TEST_START = Date.UTC(2026, 6, 14, 14, 32);

/** An object or a Status, as far as tests look into it. */
interface AnswerBody extends Omit<KubeObject, 'metadata' | 'status'> {
  metadata: KubeObject['metadata'] & { continue?: string };
  status: Record<string, unknown> & string;
  items: KubeObject[];
  message: string;
  reason: string;
  code: number;
  details: {
    causes?: { reason: string; message: string; field: string }[];
    retryAfterSeconds?: number;
  };
}

export interface TestAnswer {
  status: number;
  headers: Headers;
  body: AnswerBody;
  text: string;
}

export interface RequestOptions {
  /** Token; `admin` when left out, none for null. */
  as?: string | null;
  body?: unknown;
  /** Content-Type; JSON when left out. */
  type?: string;
  headers?: Record<string, string>;
}

export interface TestCluster {
  url: string;
  cluster: KubernetesCluster;
  /** Epoch milliseconds; tests move it. */
  clock: { now: number };
  request(
    method: string,
    path: string,
    options?: RequestOptions,
  ): Promise<TestAnswer>;
  close(): Promise<void>;
}

/** Tokens of the test cluster: `admin` may everything, the others what their RBAC objects grant. */
const USERS: KubernetesClusterOptions['users'] = {
  admin: { user: 'admin', uid: 'admin', groups: ['system:masters'] },
  portal: { user: 'portal', uid: 'portal' },
  mira: { user: 'mira.kovac', groups: ['catalog-team'] },
  vera: { user: 'vera.lind', uid: 'vera', groups: ['viewers'] },
  // The names of the recorded conformance run.
  'sandbox-admin': { user: 'admin', uid: 'admin', groups: ['system:masters'] },
  'sandbox-portal': { user: 'portal', uid: 'portal' },
  'sandbox-vera': { user: 'vera.lind', uid: 'vera', groups: ['viewers'] },
};

export function namespace(name: string): KubeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}

/** A cluster with the namespaces `catalog` and `payments` behind a real HTTP server on a free port. */
export async function startTestCluster(
  options: Partial<KubernetesClusterOptions> = {},
): Promise<TestCluster> {
  const clock = { now: TEST_START };
  const cluster = createKubernetesCluster({
    name: 'test',
    clock: () => clock.now,
    users: USERS,
    ...options,
    objects: [
      namespace('catalog'),
      namespace('payments'),
      ...(options.objects ?? []),
    ],
  });
  const server = createServer((request, response) =>
    cluster.handler(request, response),
  );
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    cluster,
    clock,
    request: (method, path, more) => send(`${url}${path}`, method, more),
    close: async () => {
      cluster.close();
      server.closeAllConnections();
      await new Promise(resolve => {
        server.close(resolve);
      });
    },
  };
}

async function send(
  url: string,
  method: string,
  options: RequestOptions = {},
): Promise<TestAnswer> {
  const { as = 'admin', body, type = 'application/json', headers } = options;
  const response = await fetch(url, {
    method,
    headers: {
      ...(as === null ? {} : { Authorization: `Bearer ${as}` }),
      ...(body === undefined ? {} : { 'Content-Type': type }),
      'User-Agent': 'test/1.0',
      ...headers,
    },
    body:
      body === undefined || typeof body === 'string'
        ? body
        : JSON.stringify(body),
  });
  const text = await response.text();
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = {};
  }
  return {
    status: response.status,
    headers: response.headers,
    body: parsed as AnswerBody,
    text,
  };
}
