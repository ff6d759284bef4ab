import { existsSync } from 'node:fs';
import { open, readFile, type FileHandle } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { pause } from '../waitFor';

const FOLLOW_EVERY = 200;
const CHUNK = 64 * 1024;

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

/** Answers `/containerLogs/…` with `tailLines`, `limitBytes` and `follow`, as a kubelet does. */
export async function serveLog(
  response: ServerResponse,
  options: { folder: string; container: string; query: URLSearchParams },
): Promise<void> {
  const { query } = options;
  const file = join(options.folder, `${options.container}.log`);
  if (!existsSync(file)) {
    response
      .writeHead(400)
      .end(`container "${options.container}" has not written anything\n`);
    return;
  }
  const text = await readFile(file, 'utf8');
  const tail = query.get('tailLines');
  const shown = tail === null ? text : lastLines(text, Number(tail));
  const limit = Number(query.get('limitBytes') ?? Infinity);
  const bytes = Buffer.from(shown);
  response.writeHead(200, { 'content-type': 'text/plain' });
  response.write(bytes.subarray(0, Math.min(limit, bytes.length)));
  if (query.get('follow') !== 'true' || bytes.length >= limit) {
    response.end();
    return;
  }
  await follow(file, Buffer.byteLength(text), response);
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
      if (bytesRead > 0)
        response.write(Buffer.from(buffer.subarray(0, bytesRead)));
      else await pause(FOLLOW_EVERY);
    }
  } finally {
    await handle.close();
  }
}
