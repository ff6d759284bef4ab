import { existsSync } from 'node:fs';
import { open, readFile, type FileHandle } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { pause } from '../waitFor';
import type { LogFile } from './LogFile';

const FOLLOW_EVERY = 200;
const CHUNK = 64 * 1024;

/** What is asked for of a log. */
export interface LogRequest {
  follow: boolean;
  /** Lines from the end; all when undefined. */
  tailLines?: number;
  limitBytes: number;
  /** Epoch milliseconds. */
  since?: number;
}

/**
 * Reads the query of a kubelet's `/containerLogs`. Pure.
 *
 * @throws Error naming what this agent does not keep
 */
export function readLogRequest(
  query: URLSearchParams,
  now: number,
): LogRequest {
  for (const name of ['previous', 'timestamps']) {
    if (query.get(name) === 'true') {
      throw new Error(`the lab's node agent does not keep "${name}"`);
    }
  }
  const seconds = query.get('sinceSeconds');
  const time = query.get('sinceTime');
  const tail = query.get('tailLines');
  return {
    follow: query.get('follow') === 'true',
    limitBytes: Number(query.get('limitBytes') ?? Infinity),
    ...(tail !== null && { tailLines: Number(tail) }),
    ...(time !== null && { since: Date.parse(time) }),
    ...(seconds !== null && { since: now - Number(seconds) * 1000 }),
  };
}

/** The last `count` lines of a text. Pure. */
export function lastLines(text: string, count: number): string {
  if (count <= 0) return '';
  let from = text.length;
  // A line break at the very end closes a line, it does not begin one.
  for (let seen = 0; seen < count; seen++) {
    const before = text.lastIndexOf('\n', from - 2);
    if (before < 0) return text;
    from = before + 1;
  }
  return text.slice(from);
}

/** Answers as a kubelet does. */
export async function serveLog(
  response: ServerResponse,
  log: LogFile,
  request: LogRequest,
): Promise<void> {
  if (!existsSync(log.path)) {
    response.writeHead(400).end('the container has not written anything\n');
    return;
  }
  log.note();
  const all = await readFile(log.path);
  const begin =
    request.since === undefined ? 0 : log.offsetSince(request.since);
  const text = all.subarray(begin).toString('utf8');
  const shown =
    request.tailLines === undefined ? text : lastLines(text, request.tailLines);
  const bytes = Buffer.from(shown);
  response.writeHead(200, { 'content-type': 'text/plain' });
  response.write(bytes.subarray(0, Math.min(request.limitBytes, bytes.length)));
  if (!request.follow || bytes.length >= request.limitBytes) {
    response.end();
    return;
  }
  await follow(log.path, all.length, response);
}

/** Sends what is added to the file until the reader goes away. */
async function follow(file: string, from: number, response: ServerResponse) {
  const handle: FileHandle = await open(file, 'r');
  const buffer = Buffer.alloc(CHUNK);
  let position = from;
  try {
    while (!response.destroyed && !response.writableEnded) {
      const { size } = await handle.stat();
      // Cut short by the agent: begin again.
      if (size < position) position = 0;
      const { bytesRead } = await handle.read(buffer, 0, CHUNK, position);
      position += bytesRead;
      if (bytesRead > 0) {
        response.write(Buffer.from(buffer.subarray(0, bytesRead)));
      } else {
        await pause(FOLLOW_EVERY);
      }
    }
  } finally {
    await handle.close();
  }
}
