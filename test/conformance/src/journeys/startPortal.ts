import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IstioClient } from '@istio-backstage/plugin-istio-common';
import { repositoryRoot } from '../world/repositoryRoot';
import { eventually } from './eventually';
import type { ClusterAddress } from './ProductWorld';

/** An entity whose selector has a slip. */
const MISSPELT = 'test/conformance/src/journeys/misspelt.catalog.yaml';

/** The backend of the demo portal, in front of the given clusters. */
export interface Portal {
  /** The plugin's API as one of the demo's people (`mira.kovac`). */
  as(person: string): IstioClient;
  /** What the backend said so far. */
  log(): string;
  /** Ends the process, and starts another one with the same database when the rest is done. */
  restart(meanwhile: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts packages/backend as `npm start` does, with databases of its own and on a free port, and waits
 * until the demo's people can sign in.
 *
 * @throws Error with the end of the backend's log when it does not come up
 */
export async function startPortal(
  clusters: readonly ClusterAddress[],
): Promise<Portal> {
  const data = mkdtempSync(join(tmpdir(), 'istio-conformance-'));
  const port = await findFreePort();
  const address = `http://127.0.0.1:${port}`;
  const config = join(data, 'app-config.yaml');
  // JSON is YAML.
  writeFileSync(config, JSON.stringify(configOf(clusters, { port, data })));
  const logFile = join(data, 'backend.log');
  const log = () => readFileSync(logFile, 'utf8');
  let child = spawnBackend(config, logFile);
  const stop = async () => {
    await end(child);
    rmSync(data, { recursive: true, force: true });
  };
  const ready = () => untilReady({ address, child, log, stop });
  await ready();
  return {
    as: person => clientOf(address, person),
    log,
    async restart(meanwhile) {
      await end(child);
      await meanwhile();
      child = spawnBackend(config, logFile);
      await ready();
    },
    stop,
  };
}

async function untilReady(options: {
  address: string;
  child: ChildProcess;
  log: () => string;
  stop: () => Promise<void>;
}): Promise<void> {
  const { address, child, log, stop } = options;
  try {
    await eventually(
      async () => {
        if (child.exitCode !== null || log().includes('startup failed')) {
          child.kill('SIGTERM');
        }
        // The last person of app.signIn.people: the catalog has read them all.
        return tokenOf(address, 'vera.lind');
      },
      () => true,
      { withinMs: 240_000, what: 'The portal starts' },
    );
  } catch (error) {
    const tail = log()
      .split('\n')
      .filter(line => !line.includes('incomingRequest'))
      .slice(-20)
      .join('\n');
    await stop();
    throw new Error(
      `${error instanceof Error ? error.message : error}\n${tail}`,
    );
  }
}

function configOf(
  clusters: readonly ClusterAddress[],
  { port, data }: { port: number; data: string },
): object {
  const address = `http://127.0.0.1:${port}`;
  return {
    app: { baseUrl: address },
    backend: {
      baseUrl: address,
      listen: { host: '127.0.0.1', port },
      cors: { origin: address },
      database: { client: 'better-sqlite3', connection: { directory: data } },
    },
    catalog: {
      locations: ['packages/sandbox/catalog/shop.yaml', MISSPELT].map(file => ({
        type: 'file',
        target: join(repositoryRoot, file),
      })),
    },
    kubernetes: {
      clusterLocatorMethods: [
        {
          type: 'config',
          clusters: clusters.map(({ name, url, token, caFile }) => ({
            name,
            url,
            authProvider: 'serviceAccount',
            serviceAccountToken: token,
            ...(caFile && { caFile }),
          })),
        },
      ],
    },
    istio: {
      impersonation: { user: '{name}', groups: '{name}' },
      metrics: { cacheSeconds: 1, timeoutSeconds: 5 },
      clusters: clusters.map(({ name, prometheus }) => ({
        name,
        prometheus: { url: prometheus, scrapeIntervalSeconds: 5 },
      })),
    },
  };
}

function spawnBackend(config: string, logFile: string): ChildProcess {
  const log = openSync(logFile, 'w');
  const child = spawn(
    process.execPath,
    [
      '--require',
      require.resolve('@backstage/cli/config/nodeTransform.cjs'),
      join(repositoryRoot, 'packages/backend/src/index.ts'),
      '--config',
      join(repositoryRoot, 'app-config.yaml'),
      '--config',
      config,
    ],
    {
      cwd: join(repositoryRoot, 'packages/backend'),
      env: { ...withoutJest(process.env), NODE_ENV: 'development' },
      stdio: ['ignore', log, log],
    },
  );
  closeSync(log);
  return child;
}

/** Of Jest's own variables, the backend must not see that it is run by a test. */
function withoutJest(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(
      ([name]) => !name.startsWith('JEST_') && name !== 'NODE_OPTIONS',
    ),
  );
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>(done => {
    child.once('exit', () => done());
  });
  child.kill('SIGTERM');
  const insist = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(insist);
}

async function findFreePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((listening, reject) => {
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', listening);
  });
  const { port } = probe.address() as AddressInfo;
  await new Promise(closed => {
    probe.close(closed);
  });
  return port;
}

function clientOf(address: string, person: string): IstioClient {
  const session: { token?: string; until: number } = { until: 0 };
  return new IstioClient({
    discoveryApi: { getBaseUrl: async plugin => `${address}/api/${plugin}` },
    fetchApi: {
      async fetch(input, init) {
        // Tokens of the portal last an hour.
        if (!session.token || Date.now() > session.until) {
          session.token = await tokenOf(address, person);
          session.until = Date.now() + 30 * 60_000;
        }
        return fetch(input, {
          ...init,
          headers: {
            ...(init?.headers as Record<string, string>),
            authorization: `Bearer ${session.token}`,
          },
        });
      },
    },
  });
}

async function tokenOf(address: string, person: string): Promise<string> {
  const response = await fetch(`${address}/api/auth/sandbox/refresh`, {
    headers: {
      'x-requested-with': 'XMLHttpRequest',
      'x-sandbox-user': `user:default/${person}`,
    },
  });
  if (!response.ok) {
    throw new Error(
      `Sign-in of ${person}: ${response.status} ${await response.text()}`,
    );
  }
  return (await response.json()).backstageIdentity.token;
}
