import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WorldHandle } from './WorldHandle';

/** Something that only the process that opened the world can do. Takes and answers JSON. */
export type Ability = (request: unknown) => Promise<unknown>;

/** A world before its abilities have an address. */
export interface OpenedWorld {
  handle: Omit<WorldHandle, 'control' | 'abilities'>;
  abilities: Record<string, Ability>;
  close(): Promise<void>;
}

// Jest loads its setup and its teardown each for itself, with this process in common.
const KEY = Symbol.for('istio-backstage.conformance.closers');
const shared = process as unknown as Record<symbol, (() => Promise<void>)[]>;

export function closeLater(close: () => Promise<void>): void {
  shared[KEY] = [close, ...(shared[KEY] ?? [])];
}

/** Closes what was opened, the newest first. */
export async function closeAll(): Promise<void> {
  for (const close of shared[KEY] ?? []) await close();
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return JSON.parse(text || 'null');
}

/** Test files run in realms of their own and reach the world's abilities over loopback. */
export async function serveAbilities(
  abilities: Record<string, Ability>,
): Promise<string> {
  const server = createServer((request, response) => {
    const ability = abilities[(request.url ?? '').slice(1)];
    const answer = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body ?? null));
    };
    if (!ability) {
      answer(404, { error: `This world cannot ${request.url?.slice(1)}` });
      return;
    }
    readJson(request)
      .then(ability)
      .then(
        body => answer(200, body),
        error => answer(500, { error: String(error) }),
      );
  });
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
  closeLater(async () => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
