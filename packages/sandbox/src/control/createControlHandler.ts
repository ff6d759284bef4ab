import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ZodError, ZodType, ZodTypeDef } from 'zod';
import type { SandboxCluster } from './SandboxCluster';
import {
  faultRequestSchema,
  stateRequestSchema,
  worldRequestSchema,
} from './schema';

const MAX_BODY = 1_000_000;

class Refusal extends Error {
  constructor(readonly status: number, message: string) {
    super(message);
  }
}

function describe(error: ZodError): string {
  return error.issues
    .map(issue => `${issue.path.join('.') || 'the body'}: ${issue.message}`)
    .join('; ');
}

async function readBody<T>(
  request: IncomingMessage,
  schema: ZodType<T, ZodTypeDef, unknown>,
): Promise<T> {
  let text = '';
  for await (const chunk of request) {
    text += chunk;
    if (text.length > MAX_BODY) throw new Refusal(413, 'The body is too large');
  }
  let raw: unknown;
  try {
    raw = JSON.parse(text || '{}');
  } catch {
    throw new Refusal(400, 'The body must be JSON');
  }
  const parsed = schema.safeParse(raw);
  if (!parsed.success) throw new Refusal(400, describe(parsed.error));
  return parsed.data;
}

/** Tries something that names the field when it does not fit. */
function attempt(action: () => void): void {
  try {
    action();
  } catch (error) {
    throw new Refusal(400, error instanceof Error ? error.message : `${error}`);
  }
}

type Route = (
  cluster: SandboxCluster,
  request: IncomingMessage,
) => Promise<void>;

const ROUTES: Record<string, Route> = {
  'GET /sandbox/state': async () => {},
  'POST /sandbox/state': async (cluster, request) => {
    const { state, delayMs } = await readBody(request, stateRequestSchema);
    cluster.setState(state, delayMs);
  },
  'POST /sandbox/faults': async (cluster, request) => {
    cluster.addFault(await readBody(request, faultRequestSchema));
  },
  'DELETE /sandbox/faults': async cluster => cluster.kubernetes.faults.clear(),
  'POST /sandbox/world': async (cluster, request) => {
    const { changes } = await readBody(request, worldRequestSchema);
    attempt(() => cluster.change(changes));
  },
  'POST /sandbox/compact': async cluster => cluster.compact(),
  'POST /sandbox/reset': async cluster => cluster.reset(),
};

/** The sandbox's own API: every answer is the state after the request. It answers while the cluster is dead. */
export function createControlHandler(
  cluster: SandboxCluster,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://sandbox');
    const answer = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    const route = ROUTES[`${request.method} ${pathname}`];
    if (!route) {
      answer(404, {
        error: `No ${request.method} ${pathname}; there is ${Object.keys(
          ROUTES,
        ).join(', ')}`,
      });
      return;
    }
    try {
      await route(cluster, request);
      answer(200, cluster.describe());
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      answer(error.status, { error: error.message });
    }
  };
}
