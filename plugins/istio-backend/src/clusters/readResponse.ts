import type { IncomingMessage } from 'node:http';
import { StringDecoder } from 'node:string_decoder';
import { KubeConnectionError } from './types';

/** A list page of 500 Pods is about 5 MB; an answer beyond this is not one of ours. */
const MAX_BODY_BYTES = 128 * 1024 * 1024;
/** One watch event is one object; etcd refuses objects above 1.5 MB. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;

/** The whole body as text, within time and size. */
export function readBody(
  response: IncomingMessage,
  options: { signal: AbortSignal; cluster: string },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const fail = (reason: string) => {
      reject(new KubeConnectionError(reason, { sent: true }));
      response.destroy();
    };
    const onAbort = () => fail('the answer did not end in time');
    options.signal.addEventListener('abort', onAbort, { once: true });
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MAX_BODY_BYTES) fail('the answer is larger than 128 MB');
      else chunks.push(chunk);
    });
    response.on('error', () => fail('the connection broke inside the answer'));
    response.on('close', () => {
      options.signal.removeEventListener('abort', onAbort);
      if (response.complete) resolve(Buffer.concat(chunks).toString('utf8'));
      else fail('the connection broke inside the answer');
    });
  });
}

/**
 * Lines of a stream until the server ends it. A stream that ends inside a chunk, is silent for longer than
 * `idleTimeoutMs` or sends an endless line throws.
 */
export function readLines(
  response: IncomingMessage,
  options: {
    idleTimeoutMs: number;
    signal: AbortSignal;
    cluster: string;
    onLine(line: string): void;
  },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const decoder = new StringDecoder('utf8');
    let rest = '';
    let idle: NodeJS.Timeout;
    function onAbort() {
      finish();
    }
    function finish(error?: unknown) {
      clearTimeout(idle);
      options.signal.removeEventListener('abort', onAbort);
      response.destroy();
      if (error) reject(error);
      else resolve();
    }
    const broken = (reason: string) =>
      finish(new KubeConnectionError(reason, { sent: true }));
    const watchIdle = () => {
      clearTimeout(idle);
      idle = setTimeout(
        () => broken('the watch was silent for too long'),
        options.idleTimeoutMs,
      );
    };
    options.signal.addEventListener('abort', onAbort, { once: true });
    watchIdle();
    response.on('data', (chunk: Buffer) => {
      watchIdle();
      rest += decoder.write(chunk);
      try {
        let end = rest.indexOf('\n');
        let start = 0;
        while (end >= 0) {
          if (end > start) options.onLine(rest.slice(start, end));
          start = end + 1;
          end = rest.indexOf('\n', start);
        }
        rest = rest.slice(start);
      } catch (error) {
        finish(error);
        return;
      }
      if (rest.length > MAX_LINE_BYTES) broken('a watch event has no end');
    });
    response.on('error', () => broken('the watch connection broke'));
    response.on('close', () => {
      if (response.complete) finish();
      else broken('the watch connection broke');
    });
  });
}
