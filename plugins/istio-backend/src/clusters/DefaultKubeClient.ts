import http from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';
import { isDeepStrictEqual } from 'node:util';
import { KubeConfig } from '@kubernetes/client-node';
import type { ClusterConnection } from '@istio-backstage/plugin-istio-node';
import { hideCredentials } from '../hideCredentials';
import { isRepeatable } from './isRepeatable';
import { loadKubeConfig } from './loadKubeConfig';
import { openTunnel } from './openTunnel';
import { readBody, readLines } from './readResponse';
import {
  KubeClient,
  KubeConnectionError,
  KubeRequest,
  KubeResponse,
  KubeStatusError,
  KubeStreamOptions,
  KubeTunnelOptions,
} from './types';

const DEFAULT_TIMEOUT_MS = 15_000;
/** Half-open connections (a node that vanished) are found by TCP keep-alive. */
const KEEP_ALIVE_MS = 15_000;
/** Idle connections that may turn out to be given up, one after the other, before that counts as an error. */
const KEPT_CONNECTIONS_AT_MOST = 3;
/** What a connection that the other side has closed answers. */
const GIVEN_UP = new Set(['ECONNRESET', 'EPIPE']);

/** Connections that are kept for the next request, and connections for one request alone. */
interface Agents {
  kept: http.Agent;
  fresh: http.Agent;
}

interface SendOptions {
  request: Pick<
    KubeRequest,
    'method' | 'path' | 'query' | 'headers' | 'repeatedHeaders'
  >;
  payload?: string;
  signal: AbortSignal;
  timeoutMs: number;
}

/**
 * {@link KubeClient} over Node's own HTTP stack. Credentials (tokens, client certificates, exec plugins)
 * come from the Kubernetes client's `KubeConfig`; its request layer is not used, because it can neither
 * repeat a header (`Impersonate-Group`) nor bound the time and size of an answer.
 */
export class DefaultKubeClient implements KubeClient {
  static create(connection: ClusterConnection): DefaultKubeClient {
    const kubeConfig = loadKubeConfig(connection);
    const server = kubeConfig.getCurrentCluster()?.server ?? connection.url;
    return new DefaultKubeClient(connection.name, new URL(server), kubeConfig);
  }

  private sentCredentials: Record<string, string> = {};
  private agents: ({ material: unknown } & Agents) | undefined;

  private constructor(
    readonly cluster: string,
    private readonly server: URL,
    private readonly kubeConfig: KubeConfig,
  ) {}

  async request(request: KubeRequest): Promise<KubeResponse> {
    const timeoutMs = request.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const deadline = AbortSignal.timeout(timeoutMs);
    const signal = request.signal
      ? AbortSignal.any([deadline, request.signal])
      : deadline;
    const response = await this.send({
      request,
      payload:
        request.body === undefined ? undefined : JSON.stringify(request.body),
      signal,
      timeoutMs,
    });
    const status = response.statusCode ?? 0;
    const text = await readBody(response, { signal, cluster: this.cluster });
    return {
      status,
      headers: flattenHeaders(response.headers),
      body: parseJson(status < 400 ? text : this.withoutCredentials(text)),
    };
  }

  async stream(options: KubeStreamOptions): Promise<void> {
    const response = await this.send({
      request: { method: 'GET', path: options.path, query: options.query },
      signal: options.signal,
      timeoutMs: DEFAULT_TIMEOUT_MS,
    });
    if (response.statusCode !== 200) {
      const deadline = AbortSignal.timeout(DEFAULT_TIMEOUT_MS);
      const text = await readBody(response, {
        signal: AbortSignal.any([deadline, options.signal]),
        cluster: this.cluster,
      });
      throw new KubeStatusError(
        response.statusCode ?? 0,
        messageOf(parseJson(this.withoutCredentials(text))),
      );
    }
    options.onOpen?.();
    await readLines(response, { ...options, cluster: this.cluster });
  }

  openTunnel(options: KubeTunnelOptions): Promise<Duplex> {
    return openTunnel(this.kubeConfig, options);
  }

  close(): void {
    this.agents?.kept.destroy();
    this.agents?.fresh.destroy();
    this.agents = undefined;
  }

  /**
   * A server closes connections that were idle for a while, and a request can meet that very moment. Then it is
   * sent again, on another connection in the end. A write is never sent again: it has a connection of its own.
   */
  private async send(options: SendOptions): Promise<http.IncomingMessage> {
    for (let kept = 0; ; kept += 1) {
      try {
        return await this.sendOnce(options);
      } catch (error) {
        const again =
          error instanceof KubeConnectionError &&
          error.keptConnection &&
          kept < KEPT_CONNECTIONS_AT_MOST &&
          !options.signal.aborted &&
          isRepeatable(options.request);
        if (!again) throw error;
      }
    }
  }

  private async sendOnce(options: SendOptions): Promise<http.IncomingMessage> {
    const { agents, headers } = await this.credentials();
    this.sentCredentials = headers;
    const { request, payload, signal } = options;
    const agent = isRepeatable(request) ? agents.kept : agents.fresh;
    const url = urlOf(this.server, request);
    const transport = url.protocol === 'https:' ? https : http;
    return new Promise((resolve, reject) => {
      let sent = false;
      const outgoing = transport.request(url, {
        method: request.method,
        headers: headersOf(options, headers),
        agent,
        signal,
      });
      // The deadline is for the headers only; bodies have their own.
      const headersDue = setTimeout(() => {
        outgoing.destroy(
          new Error(
            `no answer within ${Math.round(options.timeoutMs / 1000)} s`,
          ),
        );
      }, options.timeoutMs);
      outgoing.on('socket', socket => {
        socket.setKeepAlive(true, KEEP_ALIVE_MS);
        // A kept-alive socket is connected already and would only collect listeners.
        if (socket.connecting) {
          socket.once('connect', () => {
            sent = true;
          });
        } else {
          sent = true;
        }
      });
      outgoing.on('response', response => {
        clearTimeout(headersDue);
        resolve(response);
      });
      outgoing.on('error', error => {
        clearTimeout(headersDue);
        reject(
          connectionError(error, {
            sent,
            signal,
            keptConnection: outgoing.reusedSocket,
          }),
        );
      });
      outgoing.end(payload);
    });
  }

  /** Of a refusal, whose words are shown to people. */
  private withoutCredentials(text: string): string {
    return hideCredentials(text, this.sentCredentials);
  }

  private async credentials(): Promise<{
    agents: Agents;
    headers: Record<string, string>;
  }> {
    const options: https.RequestOptions = {};
    try {
      await this.kubeConfig.applyToHTTPSOptions(options);
    } catch (error) {
      throw new KubeConnectionError(
        `cannot load the credentials for the cluster: ${shortReason(error)}`,
        { sent: false },
      );
    }
    return {
      agents: this.agentsFor(options),
      headers: {
        ...(options.auth && {
          Authorization: `Basic ${Buffer.from(options.auth).toString(
            'base64',
          )}`,
        }),
        ...toHeaders(options.headers),
      },
    };
  }

  /** The same agents as long as the TLS material stays the same, so that connections are shared. */
  private agentsFor(options: https.RequestOptions): Agents {
    const { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername } =
      options;
    const material = {
      ca,
      cert,
      key,
      pfx,
      passphrase,
      rejectUnauthorized,
      servername,
    };
    if (!this.agents || !isDeepStrictEqual(this.agents.material, material)) {
      const proxied = this.kubeConfig.getCurrentCluster()?.proxyUrl;
      const secure = this.server.protocol === 'https:';
      const agentOf = (keepAlive: boolean) =>
        secure
          ? new https.Agent({ ...material, keepAlive })
          : new http.Agent({ keepAlive });
      this.agents =
        proxied && options.agent instanceof http.Agent
          ? { material, kept: options.agent, fresh: options.agent }
          : { material, kept: agentOf(true), fresh: agentOf(false) };
    }
    return this.agents;
  }
}

function headersOf(
  { request, payload }: SendOptions,
  credentials: Record<string, string>,
): http.OutgoingHttpHeaders {
  return {
    Accept: 'application/json',
    'User-Agent': 'istio-portal',
    ...credentials,
    ...(payload === undefined
      ? {}
      : {
          'Content-Type': 'application/json',
          'Content-Length': Buffer.byteLength(payload),
        }),
    ...request.headers,
    ...request.repeatedHeaders,
  };
}

function urlOf(server: URL, request: SendOptions['request']): URL {
  const base = server.pathname.replace(/\/+$/, '');
  const url = new URL(server);
  url.pathname = `${base}${request.path}`;
  for (const [name, value] of Object.entries(request.query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  return url;
}

function connectionError(
  error: Error,
  context: { sent: boolean; signal: AbortSignal; keptConnection: boolean },
): KubeConnectionError {
  if (context.signal.aborted) {
    const { name } = (context.signal.reason ?? {}) as { name?: string };
    const timedOut = name === 'TimeoutError';
    return new KubeConnectionError(timedOut ? 'no answer in time' : 'stopped', {
      sent: context.sent,
    });
  }
  const { code = '' } = error as NodeJS.ErrnoException;
  return new KubeConnectionError(shortReason(error), {
    sent: context.sent,
    keptConnection: context.keptConnection && GIVEN_UP.has(code),
  });
}

/** Words for the common network errors; other messages lose anything that looks like a credential. */
export function shortReason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const words: Record<string, string> = {
    ECONNREFUSED: 'connection refused',
    ECONNRESET: 'connection reset',
    ENOTFOUND: 'host name not found',
    EAI_AGAIN: 'host name not found',
    EHOSTUNREACH: 'host unreachable',
    ENETUNREACH: 'network unreachable',
    ETIMEDOUT: 'no answer in time',
    EPIPE: 'connection closed',
    CERT_HAS_EXPIRED: 'the server certificate has expired',
    DEPTH_ZERO_SELF_SIGNED_CERT: 'the server certificate is not trusted',
    SELF_SIGNED_CERT_IN_CHAIN: 'the server certificate is not trusted',
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the server certificate is not trusted',
    ERR_TLS_CERT_ALTNAME_INVALID:
      'the server certificate is for another host name',
  };
  if (code && words[code]) return words[code];
  return String(message ?? error)
    .split('\n')[0]
    .replace(/(bearer|token|password|authorization)\S*\s+\S+/gi, '$1 …')
    .slice(0, 200);
}

function toHeaders(
  headers: https.RequestOptions['headers'],
): Record<string, string> {
  const entries = Object.entries(headers ?? {});
  return Object.fromEntries(
    entries.flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)]],
    ),
  );
}

function flattenHeaders(
  headers: http.IncomingHttpHeaders,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined
        ? []
        : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  );
}

function parseJson(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The `message` of a Kubernetes `Status`, or the start of whatever came instead. */
export function messageOf(body: unknown): string {
  if (body && typeof body === 'object' && 'message' in body) {
    return String(body.message);
  }
  return typeof body === 'string' ? body.slice(0, 200) : '';
}
