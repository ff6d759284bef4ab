import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PrometheusApi } from './PrometheusApi';
import { readParameters } from './readParameters';

const PREFIX = '/prometheus';
const API = `${PREFIX}/api/v1/`;

/** Serves a PrometheusApi under `/prometheus`. Everything it does not know is Prometheus' plain 404. */
export function createPrometheusHandler(
  api: PrometheusApi,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://sandbox');
    const text = (status: number, body: string) => {
      response.writeHead(status, {
        'content-type': 'text/plain; charset=utf-8',
      });
      response.end(body);
    };
    if (/^\/prometheus\/-\/(healthy|ready)$/.test(url.pathname)) {
      text(200, 'Prometheus Server is Ready.\n');
      return;
    }
    if (!url.pathname.startsWith(API)) {
      text(404, '404 page not found\n');
      return;
    }
    if (request.method !== 'GET' && request.method !== 'POST') {
      text(405, 'Method Not Allowed\n');
      return;
    }
    const parameters = await readParameters(request, url);
    const path = url.pathname.slice(API.length);
    const answer = api.answer(path, parameters);
    if (!answer) {
      text(404, '404 page not found\n');
      return;
    }
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer.body));
  };
}
