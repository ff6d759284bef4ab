import {
  createServer,
  IncomingMessage,
  Server,
  ServerResponse,
} from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createJaegerHandler } from '../jaeger/createJaegerHandler';
import { createPrometheusHandler } from '../prometheus/createPrometheusHandler';
import { createControlHandler } from './createControlHandler';
import type { SandboxCluster } from './SandboxCluster';

type Handler = (
  request: IncomingMessage,
  response: ServerResponse,
) => Promise<void>;

/** Telemetry shares the fate of its cluster: a dead one cuts the connection, a slow one waits. */
function withFate(cluster: SandboxCluster, handler: Handler): Handler {
  return async (request, response) => {
    if (cluster.delayMs > 0) {
      await sleep(cluster.delayMs, undefined, { ref: false });
    }
    if (cluster.state === 'dead') {
      request.socket.destroy();
      return;
    }
    await handler(request, response);
  };
}

/** One HTTP server per cluster: telemetry and control under their prefixes, the Kubernetes API elsewhere. */
export function createClusterServer(
  cluster: SandboxCluster,
  log: (line: string) => void,
): Server {
  const byPrefix: [string, Handler][] = [
    ['/sandbox/', createControlHandler(cluster)],
    [
      '/prometheus/',
      withFate(cluster, createPrometheusHandler(cluster.prometheus)),
    ],
    ['/jaeger/', withFate(cluster, createJaegerHandler(cluster.jaeger))],
  ];
  const server = createServer((request, response) => {
    const found = byPrefix.find(([prefix]) => request.url?.startsWith(prefix));
    if (!found) {
      cluster.kubernetes.handler(request, response);
      return;
    }
    found[1](request, response).catch(error => {
      log(`${cluster.name}: ${request.method} ${request.url} failed: ${error}`);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  server.on('upgrade', (request, socket, head) =>
    cluster.kubernetes.upgrade(request, socket, head),
  );
  return server;
}
