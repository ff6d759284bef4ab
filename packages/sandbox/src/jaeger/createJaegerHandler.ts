import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JaegerApi } from './JaegerApi';

const API = '/jaeger/api/';

/** Serves a JaegerApi under `/jaeger`. */
export function createJaegerHandler(
  api: JaegerApi,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://sandbox');
    const answer =
      request.method === 'GET' && url.pathname.startsWith(API)
        ? api.answer(url.pathname.slice(API.length), url.searchParams)
        : undefined;
    if (!answer) {
      response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' });
      response.end('404 page not found\n');
      return;
    }
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer.body));
  };
}
