import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AgentContext } from './AgentContext';
import { readLogRequest, serveLog } from './containerLogs';
import type { NodeAgent } from './NodeAgent';
import { forwardPort } from './portForward';

export const KUBELET_PORT = 10_250;

const LOGS = /^\/containerLogs\/([^/]+)\/([^/]+)\/([^/]+)$/;

/**
 * The parts of a kubelet's API that the API server is asked for here: logs of containers, and ports of Pods that run
 * in the agent's own network. It listens
 * on the node's address inside the lab, with the API server's own certificate.
 */
export async function startKubeletServer(
  { settings, say }: AgentContext,
  agent: NodeAgent,
): Promise<void> {
  const server = createServer(
    {
      cert: readFileSync(settings.certificate.cert),
      key: readFileSync(settings.certificate.key),
    },
    (request, response) => {
      const url = new URL(request.url ?? '/', 'https://node');
      const [, namespace, name, container] = LOGS.exec(url.pathname) ?? [];
      const log = agent.find(namespace, name)?.logOf(container);
      if (request.method !== 'GET' || !log) {
        response
          .writeHead(404)
          .end(`no such Pod, container or path: ${url.pathname}\n`);
        return;
      }
      try {
        const wanted = readLogRequest(url.searchParams, Date.now());
        serveLog(response, log, wanted).catch(error => {
          say(`logs of ${namespace}/${name}: ${error.message}`);
          response.destroy();
        });
      } catch (error) {
        response.writeHead(400).end(`${(error as Error).message}\n`);
      }
    },
  );
  server.on('upgrade', (request, socket, head) =>
    forwardPort(request, { socket, head }, (namespace, name) =>
      agent.isMirrored(namespace, name),
    ),
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(KUBELET_PORT, settings.network.gateway, resolve);
  });
}
