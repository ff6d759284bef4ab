import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { forwardToLoopback, startLabCluster } from './labCluster.mjs';
import { local, root } from './paths.mjs';
import { startServer, stopServer } from './processes.mjs';
import { writePortalConfig } from './portalConfig.mjs';
import { PlainError, say } from './say.mjs';

/**
 * Starts the sandbox or the lab (unless a cluster is given) and the backend that also serves the pages; resolves
 * when the address can be opened. `stop` ends both, by process id.
 */
export async function startPortal(toolchain, options, { onDeath } = {}) {
  const servers = [];
  let stopForwarding;
  const stop = async () => {
    for (const server of servers.reverse()) {
      await stopServer(
        server,
        server.name === 'lab' ? LAB_PATIENCE : undefined,
      );
    }
    stopForwarding?.();
  };
  try {
    let lab;
    if (options.lab) {
      lab = await startLab(toolchain, { options, onDeath, servers });
      stopForwarding = await forwardToLoopback(
        options.sandboxPort,
        lab.apiServer,
      );
    } else if (!options.kubeconfig) {
      await startSandbox(toolchain, { options, onDeath, servers });
    }
    const { file, address } = writePortalConfig({ ...options, lab });
    await startBackend(toolchain, { options, file, address, onDeath, servers });
    return { address, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Milliseconds for the lab to end its Pods and remove its namespaces. */
const LAB_PATIENCE = 30_000;
const LAB_UP = 300_000;

async function startLab(toolchain, { options, onDeath, servers }) {
  const { server, ready, cluster } = startLabCluster(toolchain, {
    port: options.port,
    onDeath,
  });
  servers.push(server);
  await waitFor(server, ready, LAB_UP);
  return cluster();
}

async function startSandbox(toolchain, { options, onDeath, servers }) {
  say('Starting the sandbox: three clusters in one process.');
  const server = startServer(
    'sandbox',
    toolchain.node,
    [
      ...TYPESCRIPT(),
      join(root, 'packages', 'sandbox', 'src', 'main.ts'),
      '--base-port',
      String(options.sandboxPort),
      '--git-port',
      String(options.sandboxPort + 3),
    ],
    {
      cwd: root,
      env: toolchain.env,
      log: join(local, 'logs', `sandbox.${options.sandboxPort}.log`),
      onExit: onDeath,
    },
  );
  // Listed before it is ready: a start that fails must end it too.
  servers.push(server);
  await waitFor(server, () =>
    answers(`http://127.0.0.1:${options.sandboxPort}/readyz`),
  );
}

async function startBackend(
  toolchain,
  { options, file, address, onDeath, servers },
) {
  say('Starting the portal.');
  const extra = join(root, 'app-config.local.yaml');
  const configs = [
    join(root, 'app-config.yaml'),
    file,
    ...(existsSync(extra) ? [extra] : []),
  ];
  const server = startServer(
    'portal',
    toolchain.node,
    [
      ...TYPESCRIPT(),
      join(root, 'packages', 'backend', 'src', 'index.ts'),
      ...configs.flatMap(path => ['--config', path]),
    ],
    {
      cwd: join(root, 'packages', 'backend'),
      env: {
        ...toolchain.env,
        NODE_ENV: 'development',
        LOG_LEVEL: process.env.LOG_LEVEL ?? 'info',
      },
      log: join(local, 'logs', `portal.${options.port}.log`),
      onExit: onDeath,
    },
  );
  servers.push(server);
  await waitFor(server, () =>
    answers(`${address}/.backstage/health/v1/readiness`),
  );
  // The first sign-in must not meet a catalog that has not read its people yet.
  if (!options.kubeconfig) await waitFor(server, () => knowsPeople(address));
}

/** The portal's own transform: TypeScript sources run as they are, no build of the backend. */
const TYPESCRIPT = () => {
  const require = createRequire(join(root, 'package.json'));
  return [
    '--require',
    require.resolve('@backstage/cli/config/nodeTransform.cjs'),
  ];
};

async function waitFor(server, ready, patience = 120_000) {
  for (let waited = 0; waited < patience; waited += 200) {
    if (await ready()) return;
    const ended = await Promise.race([
      server.exited.then(() => true),
      new Promise(resolve => setTimeout(resolve, 200, false)),
    ]);
    // The backend stays up when a plugin could not start; waiting longer would not help.
    if (ended || server.tail().includes('Backend startup failed')) {
      throw new PlainError(
        `The ${server.name} could not start. It said:\n${server
          .tail()
          .split('\n')
          .slice(-20)
          .join('\n')}`,
      );
    }
  }
  throw new PlainError(
    `The ${server.name} is not ready after ${
      patience / 60_000
    } minutes. It said:\n${server.tail().split('\n').slice(-20).join('\n')}`,
  );
}

/** The last person of app.signIn.people in app-config.yaml. */
const knowsPeople = address =>
  answers(`${address}/api/auth/sandbox/refresh`, {
    'x-requested-with': 'XMLHttpRequest',
    'x-sandbox-user': 'user:default/vera.lind',
  });

async function answers(url, headers) {
  try {
    const response = await fetch(url, {
      headers,
      signal: AbortSignal.timeout(2_000),
    });
    return response.ok;
  } catch {
    return false;
  }
}
