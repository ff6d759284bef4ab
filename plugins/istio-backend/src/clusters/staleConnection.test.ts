import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { DefaultKubeClient } from './DefaultKubeClient';
import type { KubeRequest } from './types';

/** Answers the first request of a connection and resets the connection on the second. */
function startResettingServer() {
  const requestsOn = new Map<Socket, number>();
  const seen: string[] = [];
  const server = createServer((request, response) => {
    const { socket, method } = request;
    const count = (requestsOn.get(socket) ?? 0) + 1;
    requestsOn.set(socket, count);
    if (count > 1) {
      socket.resetAndDestroy();
      return;
    }
    seen.push(method ?? '');
    response.setHeader('content-type', 'application/json');
    response.end('{}');
  });
  return new Promise<{ server: Server; url: string; seen: string[] }>(
    resolve => {
      server.listen(0, '127.0.0.1', () => {
        const { port } = server.address() as AddressInfo;
        resolve({ server, url: `http://127.0.0.1:${port}`, seen });
      });
    },
  );
}

describe('a kept connection that the server gives up', () => {
  let running: Awaited<ReturnType<typeof startResettingServer>>;
  let client: DefaultKubeClient;

  beforeEach(async () => {
    running = await startResettingServer();
    client = DefaultKubeClient.create({
      name: 'prod-eu',
      url: running.url,
      authMetadata: {},
    } as Parameters<typeof DefaultKubeClient.create>[0]);
    await client.request({ method: 'GET', path: '/version' });
  });
  afterEach(async () => {
    client.close();
    running.server.closeAllConnections();
    await new Promise(resolve => running.server.close(resolve));
  });

  it.each<[string, KubeRequest]>([
    ['a read', { method: 'GET', path: '/api/v1/namespaces' }],
    [
      'a dry run',
      {
        method: 'PATCH',
        path: '/apis/networking.istio.io/v1/namespaces/a/virtualservices/a',
        query: { dryRun: 'All' },
        body: [],
      },
    ],
    [
      'an access review',
      {
        method: 'POST',
        path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
        body: {},
      },
    ],
  ])('is no failure for %s', async (_, request) => {
    expect((await client.request(request)).status).toBe(200);
    expect(running.seen).toEqual(['GET', request.method]);
  });

  it('cannot meet a write, which must not be sent twice: it has a connection of its own', async () => {
    const write: KubeRequest = {
      method: 'PATCH',
      path: '/apis/networking.istio.io/v1/namespaces/a/virtualservices/a',
      body: [],
    };
    expect((await client.request(write)).status).toBe(200);
    expect((await client.request(write)).status).toBe(200);
    expect(running.seen).toEqual(['GET', 'PATCH', 'PATCH']);
  });
});
