import http from 'node:http';
import https from 'node:https';
import { KubeConfig } from '@kubernetes/client-node';
import { readWorld } from './WorldHandle';

/** An object, a list or a Status, as far as tests look into it. */
export interface Body {
  apiVersion?: string;
  kind?: string;
  metadata: {
    name: string;
    namespace?: string;
    uid: string;
    resourceVersion: string;
    generation?: number;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    continue?: string;
    remainingItemCount?: number;
    deletionTimestamp?: string;
    managedFields?: {
      manager: string;
      operation: string;
      subresource?: string;
      apiVersion: string;
      fieldsV1: Record<string, unknown>;
    }[];
  };
  spec: Record<string, unknown>;
  /** Text in a Status, an object elsewhere. */
  status: unknown;
  items: Body[];
  reason?: string;
  code?: number;
  message: string;
  details?: {
    group?: string;
    kind?: string;
    name?: string;
    causes?: { reason?: string; message: string; field?: string }[];
  };
}

export interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  /** Texts of the Warning headers. */
  warnings: string[];
  body: Body;
  text: string;
}

export interface RequestOptions {
  body?: unknown;
  /** Content-Type; JSON when left out. */
  type?: string;
  headers?: Record<string, string | string[]>;
  /** Bearer token instead of the administrator's; null for none. */
  token?: string | null;
}

interface Connection {
  server: string;
  agent: http.Agent;
  authorization?: string;
}

let connection: Promise<Connection> | undefined;

async function connect(): Promise<Connection> {
  const config = new KubeConfig();
  config.loadFromFile(readWorld().kubeconfig);
  const options: https.RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const { ca, cert, key, rejectUnauthorized, headers } = options;
  const server = config.getCurrentCluster()?.server ?? '';
  const secure = server.startsWith('https:');
  const tls = { ca, rejectUnauthorized };
  const { Authorization: authorization } = (headers ?? {}) as {
    Authorization?: string;
  };
  return {
    server,
    authorization,
    // A client certificate would make every token meaningless, so requests by others go without.
    agent: secure
      ? new https.Agent({ ...tls, cert, key, keepAlive: true })
      : new http.Agent({ keepAlive: true }),
  };
}

/** Opens a request to the world's API server; the answer's body is not read yet. */
export async function open(
  method: string,
  path: string,
  options: RequestOptions & { signal?: AbortSignal } = {},
): Promise<http.IncomingMessage> {
  connection ??= connect();
  const { server, agent, authorization } = await connection;
  const { body, type = 'application/json', token, signal } = options;
  const payload =
    body === undefined || typeof body === 'string'
      ? body
      : JSON.stringify(body);
  const bearer = token ? `Bearer ${token}` : undefined;
  const transport = server.startsWith('https:') ? https : http;
  return new Promise((resolve, reject) => {
    const request = transport.request(
      server + path,
      {
        method,
        agent,
        signal,
        headers: {
          Accept: 'application/json',
          'User-Agent': 'conformance/1.0',
          ...(payload === undefined
            ? {}
            : {
                'Content-Type': type,
                'Content-Length': Buffer.byteLength(payload),
              }),
          ...((token === undefined ? authorization : bearer) && {
            Authorization: token === undefined ? authorization : bearer,
          }),
          ...options.headers,
        },
      },
      resolve,
    );
    request.on('error', reject);
    request.end(payload);
  });
}

function parse(text: string): Body {
  try {
    return JSON.parse(text) as Body;
  } catch {
    return {} as Body;
  }
}

function warningsOf(header: string | string[] | undefined): string[] {
  return [header ?? '']
    .flat()
    .flatMap(text =>
      Array.from(text.matchAll(/\d{3} \S+ "((?:[^"\\]|\\.)*)"/g), match =>
        match[1].replace(/\\(.)/g, '$1'),
      ),
    );
}

/** One request to the world's API server, as its administrator unless `token` says otherwise. */
export async function send(
  method: string,
  path: string,
  options: RequestOptions = {},
): Promise<Answer> {
  const response = await open(method, path, options);
  let text = '';
  response.setEncoding('utf8');
  for await (const chunk of response) text += chunk;
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    warnings: warningsOf(response.headers.warning),
    body: parse(text),
    text,
  };
}

export const MERGE = 'application/merge-patch+json';
export const JSON_PATCH = 'application/json-patch+json';
export const APPLY = 'application/apply-patch+yaml';

export const get = (path: string, options?: RequestOptions) =>
  send('GET', path, options);

export const post = (
  path: string,
  body: unknown,
  options: RequestOptions = {},
) => send('POST', path, { ...options, body });

export const put = (path: string, body: unknown) => send('PUT', path, { body });

export const patch = (path: string, body: unknown, type: string) =>
  send('PATCH', path, { body, type });

export const remove = (path: string, body?: unknown) =>
  send('DELETE', path, { body });
