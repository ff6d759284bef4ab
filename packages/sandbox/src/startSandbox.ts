import type { Server } from 'node:http';
import { validateObject } from '@istio-backstage/plugin-istio-common';
import { createClusterServer } from './control/createClusterServer';
import { SandboxCluster } from './control/SandboxCluster';
import { expandScenario } from './scenario/expandScenario';
import { loadScenario } from './scenario/loadScenario';
import type { Scenario } from './scenario/schema';
import { worldTimes } from './scenario/timeline';

export interface SandboxOptions {
  /** A scenario, or the name of one (`shop`), or the path of a YAML file. Default `shop`. */
  scenario?: string | Scenario;
  /** Port of the first cluster; the others follow. 0: any free ports. Default 8601. */
  basePort?: number;
  /** Address to listen on. Default 127.0.0.1: the sandbox's tokens are no secrets. */
  host?: string;
  /** Epoch milliseconds. Default the computer's clock. */
  clock?: () => number;
  /** Default: says nothing. */
  log?: (line: string) => void;
  /** Names of the clusters to start; all of the scenario by default. */
  clusters?: string[];
  /** Check seed objects against their schemas; switch off for very large worlds. Default true. */
  validateSeeds?: boolean;
}

/** One running cluster. */
export interface RunningCluster {
  name: string;
  /** Kubernetes API; `/prometheus`, `/jaeger` and `/sandbox` are under it. */
  url: string;
  prometheusUrl: string;
  jaegerUrl: string;
  controlUrl: string;
  /** The objects behind it, for tests in the same process. */
  cluster: SandboxCluster;
}

export interface RunningSandbox {
  clusters: RunningCluster[];
  close(): Promise<void>;
}

/**
 * Starts one HTTP server per cluster of a scenario and resolves when all of them listen.
 *
 * @throws ScenarioError when the scenario is wrong
 * @throws Error when a port is taken; nothing is left running then
 */
export async function startSandbox(
  options: SandboxOptions = {},
): Promise<RunningSandbox> {
  const { scenario: wanted = 'shop', basePort = 8601 } = options;
  const { host = '127.0.0.1', clock = Date.now, log = () => {} } = options;
  const scenario = typeof wanted === 'string' ? loadScenario(wanted) : wanted;
  const times = worldTimes(clock(), scenario.historyDays);
  const names = scenario.clusters
    .map(({ name }) => name)
    .filter(name => options.clusters?.includes(name) ?? true);
  const servers: Server[] = [];
  const running: RunningCluster[] = [];
  const close = async () => {
    running.forEach(({ cluster }) => cluster.close());
    await Promise.all(servers.map(closeServer));
  };
  try {
    for (const [index, name] of names.entries()) {
      const cluster = new SandboxCluster(
        expandScenario(scenario, name, times),
        {
          clock,
          times,
          admission: validateObject,
          validateSeeds: options.validateSeeds,
        },
      );
      const server = createClusterServer(cluster, log);
      const port = basePort === 0 ? 0 : basePort + index;
      const url = await listen(server, { host, port, cluster: name });
      servers.push(server);
      running.push({
        name,
        url,
        prometheusUrl: `${url}/prometheus`,
        jaegerUrl: `${url}/jaeger`,
        controlUrl: `${url}/sandbox`,
        cluster,
      });
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { clusters: running, close };
}

function listen(
  server: Server,
  options: { host: string; port: number; cluster: string },
): Promise<string> {
  const { host, port, cluster } = options;
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(
              `Port ${port} on ${host} is taken, and cluster ${cluster} needs it. Stop what listens there, or choose other ports with --base-port.`,
            )
          : error,
      );
    });
    server.listen(port, host, () => {
      const address = server.address();
      const actual = typeof address === 'object' ? address?.port : port;
      resolve(`http://${host.includes(':') ? `[${host}]` : host}:${actual}`);
    });
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise(resolve => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
