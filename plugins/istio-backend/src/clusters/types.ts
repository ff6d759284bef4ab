import type { Duplex } from 'node:stream';

/** One HTTP request to a cluster's API server. */
export interface KubeRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path below the server's address, e.g. `/api/v1/namespaces`. */
  path: string;
  query?: Record<string, string | undefined>;
  /** Sent as JSON. */
  body?: unknown;
  /** Added to the client's own; `Content-Type` defaults to `application/json`. */
  headers?: Record<string, string>;
  /** Impersonation and the like repeat a header once per value. */
  repeatedHeaders?: Record<string, string[]>;
  /** Milliseconds until the whole answer must be there; 15 s by default. */
  timeoutMs?: number;
  signal?: AbortSignal;
}

/** An HTTP answer; any status is an answer. */
export interface KubeResponse {
  status: number;
  headers: Record<string, string>;
  /** Parsed JSON, or the text where it is not JSON. */
  body: unknown;
}

export interface KubeStreamOptions {
  path: string;
  query?: Record<string, string | undefined>;
  /** Milliseconds without a byte after which the stream counts as dead. */
  idleTimeoutMs: number;
  signal: AbortSignal;
  onOpen?(): void;
  onLine(line: string): void;
}

/**
 * Talks to one API server with the portal's own credentials. Throws {@link KubeConnectionError} when
 * no answer arrived; an HTTP error status is an answer and never throws.
 */
export interface KubeClient {
  readonly cluster: string;
  request(request: KubeRequest): Promise<KubeResponse>;
  /** Reads newline separated JSON until the server ends the stream. Throws {@link KubeStatusError} unless 200. */
  stream(options: KubeStreamOptions): Promise<void>;
  /** A connection to a port of a Pod, by port-forward; {@link KubeConnectionError} where there is none. */
  openTunnel(options: KubeTunnelOptions): Promise<Duplex>;
  close(): void;
}

export interface KubeTunnelOptions {
  namespace: string;
  pod: string;
  port: number;
  /** Milliseconds until the connection must be there. */
  timeoutMs: number;
}

/** No answer, or not a whole one: refused, reset, timed out, TLS refused. The text carries no secret. */
export class KubeConnectionError extends Error {
  readonly name = 'KubeConnectionError';
  /** Whether the request can have reached the server: then a write may have taken effect. */
  readonly sent: boolean;
  /** The connection was kept from an earlier request: the server may have given it up while it was idle. */
  readonly keptConnection: boolean;

  constructor(
    message: string,
    options: { sent: boolean; keptConnection?: boolean },
  ) {
    super(message);
    this.sent = options.sent;
    this.keptConnection = options.keptConnection ?? false;
  }
}

/** An HTTP status where another was needed. */
export class KubeStatusError extends Error {
  readonly name = 'KubeStatusError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}
