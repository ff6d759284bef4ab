import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';

/** An answer other than 2xx. */
export class KubeError extends Error {
  constructor(readonly status: number, readonly body: string, what: string) {
    super(`${what}: ${status} ${messageOf(body)}`);
  }
}

function messageOf(body: string): string {
  try {
    return String(JSON.parse(body).message ?? body);
  } catch {
    return body.slice(0, 500);
  }
}

export interface Call {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  body?: unknown;
  contentType?: string;
  /** Milliseconds. Default 30 000. */
  timeout?: number;
}

/** A client of the lab's API server: no retries, no cache; what fails throws. */
export class KubeClient {
  private readonly agent: Agent;

  constructor(
    readonly server: string,
    private readonly token: string,
    ca: string | Buffer,
  ) {
    this.agent = new Agent({ ca, keepAlive: true, maxSockets: 12 });
  }

  /** @throws KubeError for an answer other than 2xx */
  async call<T = unknown>(path: string, options: Call = {}): Promise<T> {
    const { method = 'GET' } = options;
    const response = await this.send(path, options);
    const text = await readText(response);
    const status = response.statusCode ?? 0;
    if (status < 200 || status > 299) {
      throw new KubeError(status, text, `${method} ${path}`);
    }
    return (
      response.headers['content-type']?.includes('json')
        ? JSON.parse(text)
        : text
    ) as T;
  }

  /** The open response; the caller reads or destroys it. */
  send(path: string, options: Call = {}): Promise<IncomingMessage> {
    const { method = 'GET', body, timeout = 30_000 } = options;
    const payload = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const outgoing = request(
        `${this.server}${path}`,
        {
          method,
          agent: this.agent,
          headers: {
            authorization: `Bearer ${this.token}`,
            accept: 'application/json',
            ...(payload !== undefined && {
              'content-type': options.contentType ?? 'application/json',
              'content-length': Buffer.byteLength(payload),
            }),
          },
        },
        resolve,
      );
      if (timeout > 0) {
        outgoing.setTimeout(timeout, () =>
          outgoing.destroy(
            new Error(`${method} ${path}: no answer in ${timeout} ms`),
          ),
        );
      }
      outgoing.on('error', reject);
      outgoing.end(payload);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
