import { Agent, IncomingMessage, request } from 'node:http';

/** One answer and how long it took, from sending to its last byte. */
export interface Timed {
  ms: number;
  body: string;
}

/** A signed-in person's connection to the portal: kept open, as a browser keeps it. */
export class PortalClient {
  /** Signs in as one of the world's people. Throws Error. */
  static async signIn(address: string, person: string): Promise<PortalClient> {
    const response = await fetch(`${address}/api/auth/sandbox/refresh`, {
      headers: {
        'x-requested-with': 'XMLHttpRequest',
        'x-sandbox-user': `user:default/${person}`,
      },
    });
    if (!response.ok) {
      throw new Error(
        `Sign-in of ${person}: ${response.status} ${await response.text()}`,
      );
    }
    const { backstageIdentity } = (await response.json()) as {
      backstageIdentity: { token: string };
    };
    return new PortalClient(address, backstageIdentity.token);
  }

  private readonly agent = new Agent({ keepAlive: true });

  private constructor(readonly address: string, readonly token: string) {}

  /** Throws Error for any answer but 200: a fast refusal is no figure. */
  get(path: string): Promise<Timed> {
    return this.call('GET', path);
  }

  post(path: string, body: object): Promise<Timed> {
    return this.call('POST', path, JSON.stringify(body));
  }

  async getJson<T>(path: string): Promise<T> {
    return JSON.parse((await this.get(path)).body);
  }

  close(): void {
    this.agent.destroy();
  }

  private async call(
    method: string,
    path: string,
    body?: string,
  ): Promise<Timed> {
    const startedAt = performance.now();
    const text = await this.send({ method, path, body });
    return { ms: performance.now() - startedAt, body: text };
  }

  private send(call: {
    method: string;
    path: string;
    body?: string;
  }): Promise<string> {
    const { method, path, body } = call;
    return new Promise((resolve, reject) => {
      const sent = request(this.address + path, {
        method,
        agent: this.agent,
        headers: {
          authorization: `Bearer ${this.token}`,
          accept: 'application/json',
          ...(body && {
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(body),
          }),
        },
      });
      sent.on('response', response => {
        readBody(response).then(text => {
          if (response.statusCode === 200) resolve(text);
          else reject(new Error(describe(call, response, text)));
        }, reject);
      });
      sent.on('error', (error: NodeJS.ErrnoException) => {
        // The server closed an idle connection at that moment. A browser asks again, and so do we.
        if (sent.reusedSocket && error.code === 'ECONNRESET') {
          resolve(this.send(call));
        } else {
          reject(error);
        }
      });
      sent.end(body);
    });
  }
}

async function readBody(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function describe(
  { method, path }: { method: string; path: string },
  { statusCode }: IncomingMessage,
  text: string,
): string {
  return `${method} ${path}: ${statusCode} ${text.slice(0, 500)}`;
}
