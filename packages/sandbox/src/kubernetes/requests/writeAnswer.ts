import type { ServerResponse } from 'node:http';
import type { JsonObject } from '../json';
import type { ApiAnswer, WatchSession } from './types';

const JSON_TYPE = 'application/json';

/** Warning header value: quoted text on one line. */
function warningValue(text: string): string {
  const plain = text
    .replace(/\s+/g, ' ')
    .replace(/[\\"]/g, '\\$&')
    .replace(/[^\x20-\x7e]/g, '?');
  return `299 - "${plain.slice(0, 1000)}"`;
}

export function writeHead(
  response: ServerResponse,
  status: number,
  options: { warnings: string[]; contentType?: string },
): void {
  response.statusCode = status;
  response.setHeader('Cache-Control', 'no-cache, private');
  response.setHeader('Content-Type', options.contentType ?? JSON_TYPE);
  const warnings = [...new Set(options.warnings)].map(warningValue);
  if (warnings.length > 0) {
    response.setHeader('Warning', warnings);
  }
}

export function writeAnswer(
  response: ServerResponse,
  answer: ApiAnswer,
  warnings: string[],
): void {
  writeHead(response, answer.status, {
    warnings,
    contentType: answer.contentType,
  });
  const { body } = answer;
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

/** Streams the events of a watch, one JSON document per line. */
export function openSession(response: ServerResponse): WatchSession {
  let ended = false;
  const listeners: (() => void)[] = [];
  const finish = () => {
    if (!ended) {
      ended = true;
      listeners.forEach(listener => listener());
    }
  };
  response.on('close', finish);
  response.flushHeaders();
  return {
    send: (event: JsonObject | string) => {
      if (!ended) {
        const line = typeof event === 'string' ? event : JSON.stringify(event);
        response.write(`${line}\n`);
      }
    },
    end: () => {
      finish();
      response.end();
    },
    onEnd: listener => {
      if (ended) {
        listener();
      } else {
        listeners.push(listener);
      }
    },
  };
}
