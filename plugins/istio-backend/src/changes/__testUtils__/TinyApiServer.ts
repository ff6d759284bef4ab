import { randomUUID } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type {
  JsonPatchOperation,
  KubeObject,
} from '@istio-backstage/plugin-istio-common';
import { applyJsonPatch } from './applyJsonPatch';

/** One request as the server saw it. */
export interface SeenRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: http.IncomingHttpHeaders;
  user?: string;
  groups: string[];
  body: unknown;
}

/** What to do instead of answering as usual. */
export type Fault =
  | 'dropBefore'
  | 'dropAfter'
  | { status: number; body?: unknown; headers?: Record<string, string> };

interface Answer {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

const PLURAL_PATH =
  /^\/apis\/([^/]+)\/([^/]+)\/namespaces\/([^/]+)\/([^/]+)(?:\/([^/]+))?$/;

/**
 * The few verbs of a Kubernetes API server that the writer uses, with its status codes (a failed
 * `test` is a bare 422), for tests that need to look at requests or lose answers. What it claims is
 * checked by running the same journeys against the sandbox.
 */
export class TinyApiServer {
  static async start(): Promise<TinyApiServer> {
    const server = new TinyApiServer();
    await new Promise<void>(resolve => {
      server.http.listen(0, '127.0.0.1', resolve);
    });
    return server;
  }

  readonly seen: SeenRequest[] = [];
  readonly objects = new Map<string, KubeObject>();
  /** Asked before each request; may fail it. */
  onRequest: (
    request: SeenRequest,
  ) => Promise<Fault | undefined> | Fault | undefined = () => undefined;
  /** Told of each answer at the moment of its effect. */
  onAnswer: (request: SeenRequest, status: number) => void = () => undefined;
  /** Users that may write; undefined: everybody. */
  writers?: Set<string>;
  webhooks: unknown[] = [];
  private version = 100;
  private readonly http = http.createServer((request, response) => {
    void this.serve(request, response);
  });

  get url(): string {
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`;
  }

  stop(): Promise<void> {
    this.http.closeAllConnections();
    return new Promise(resolve => {
      this.http.close(() => resolve());
    });
  }

  /** Writes of users, without dry runs and reads. */
  get writes(): SeenRequest[] {
    return this.seen.filter(
      request =>
        request.method !== 'GET' &&
        !isDryRun(request) &&
        PLURAL_PATH.test(request.path),
    );
  }

  /** Stores an object as another client would. */
  put(plural: string, object: KubeObject): KubeObject {
    const { namespace, name } = object.metadata;
    const key = `${namespace}/${plural}/${name}`;
    const before = this.objects.get(key);
    const stored = structuredClone(object);
    this.version += 1;
    stored.metadata = {
      ...stored.metadata,
      uid: before?.metadata.uid ?? randomUUID(),
      resourceVersion: String(this.version),
      generation: (before?.metadata.generation ?? 0) + 1,
      creationTimestamp:
        before?.metadata.creationTimestamp ?? new Date().toISOString(),
    };
    this.objects.set(key, stored);
    return structuredClone(stored);
  }

  get(plural: string, namespace: string, name: string): KubeObject | undefined {
    return structuredClone(this.objects.get(`${namespace}/${plural}/${name}`));
  }

  private async serve(
    request: http.IncomingMessage,
    response: http.ServerResponse,
  ) {
    const seen = await look(request);
    this.seen.push(seen);
    const fault = await this.onRequest(seen);
    if (fault === 'dropBefore') {
      request.socket.destroy();
      return;
    }
    const answer =
      typeof fault === 'object'
        ? { body: undefined, ...fault }
        : this.answer(seen);
    this.onAnswer(seen, answer.status);
    if (fault === 'dropAfter') {
      request.socket.destroy();
      return;
    }
    const auditId = seen.headers['audit-id'];
    response.writeHead(answer.status, {
      'Content-Type': 'application/json',
      ...(auditId ? { 'Audit-ID': String(auditId) } : {}),
      ...answer.headers,
    });
    response.end(JSON.stringify(answer.body ?? status(answer.status)));
  }

  private answer(seen: SeenRequest): Answer {
    if (seen.path.endsWith('/validatingwebhookconfigurations')) {
      return { status: 200, body: { items: [{ webhooks: this.webhooks }] } };
    }
    const allowed = !this.writers || this.writers.has(seen.user ?? '');
    if (seen.path.endsWith('/selfsubjectaccessreviews')) {
      return {
        status: 201,
        body: {
          status: allowed
            ? { allowed }
            : { allowed, reason: 'no role allows it' },
        },
      };
    }
    const match = PLURAL_PATH.exec(seen.path);
    if (!match) {
      return { status: 404, body: undefined };
    }
    if (seen.method !== 'GET' && !allowed) {
      return { status: 403, body: status(403, `${seen.user} may not`) };
    }
    const [, , , namespace, plural, name] = match;
    return this.store(seen, { namespace, plural, name });
  }

  private store(
    seen: SeenRequest,
    at: { namespace: string; plural: string; name?: string },
  ): Answer {
    const present = at.name
      ? this.get(at.plural, at.namespace, at.name)
      : undefined;
    if (seen.method === 'POST') {
      return this.create(seen, at);
    }
    if (!present) {
      return { status: 404, body: undefined };
    }
    switch (seen.method) {
      case 'GET':
        return { status: 200, body: present };
      case 'PATCH':
        return this.patch(seen, at.plural, present);
      default:
        return this.remove(seen, at.plural, present);
    }
  }

  private create(
    seen: SeenRequest,
    { namespace, plural }: { namespace: string; plural: string },
  ): Answer {
    const object = seen.body as KubeObject;
    if (this.get(plural, namespace, object.metadata.name)) {
      return { status: 409, body: status(409, 'already exists') };
    }
    return {
      status: 201,
      body: isDryRun(seen) ? object : this.put(plural, object),
    };
  }

  private patch(
    seen: SeenRequest,
    plural: string,
    present: KubeObject,
  ): Answer {
    try {
      const patched = applyJsonPatch(
        present,
        seen.body as JsonPatchOperation[],
      );
      return {
        status: 200,
        body: isDryRun(seen) ? patched : this.put(plural, patched),
      };
    } catch {
      return {
        status: 422,
        body: status(
          422,
          'the server rejected our request due to an error in our request',
        ),
      };
    }
  }

  private remove(
    seen: SeenRequest,
    plural: string,
    present: KubeObject,
  ): Answer {
    const { preconditions } = seen.body as {
      preconditions?: { uid?: string; resourceVersion?: string };
    };
    const { uid, resourceVersion, namespace, name } = present.metadata;
    if (
      preconditions?.uid !== uid ||
      preconditions?.resourceVersion !== resourceVersion
    ) {
      return { status: 409, body: status(409, 'Precondition failed') };
    }
    if (!isDryRun(seen)) {
      this.objects.delete(`${namespace}/${plural}/${name}`);
    }
    return { status: 200, body: { kind: 'Status', status: 'Success' } };
  }
}

/**
 * Whether a request only tries. The API server reads the options of a DELETE from its body, and from the
 * query only where there is no body.
 */
export function isDryRun({ method, query, body }: SeenRequest): boolean {
  return method === 'DELETE' && body
    ? 'dryRun' in (body as object)
    : query.has('dryRun');
}

function status(code: number, message?: string) {
  return { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, message };
}

async function look(request: http.IncomingMessage): Promise<SeenRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
  }
  const url = new URL(request.url ?? '/', 'http://tiny');
  const text = Buffer.concat(chunks).toString('utf8');
  return {
    method: request.method ?? '',
    path: decodeURIComponent(url.pathname),
    query: url.searchParams,
    headers: request.headers,
    user: request.headersDistinct['impersonate-user']?.[0],
    groups: request.headersDistinct['impersonate-group'] ?? [],
    body: text ? JSON.parse(text) : undefined,
  };
}
