import { existsSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { local, root } from './paths.mjs';
import { startServer } from './processes.mjs';
import { say } from './say.mjs';

/**
 * Starts the lab for the portal. `ready` tells whether it is up; `cluster` then gives its addresses.
 * Its state outlives nothing: the next start of the same name begins anew.
 */
export function startLabCluster(toolchain, { port, onDeath }) {
  const name = `portal-${port}`;
  const readyFile = join(local, `lab.${port}.json`);
  rmSync(readyFile, { force: true });
  const log = join(local, 'logs', `lab.${port}.log`);
  say(`Starting the lab, in about a minute. What it does: ${log}`);
  const server = startServer(
    'lab',
    toolchain.node,
    [
      '--import',
      'tsx',
      join(root, 'test', 'lab', 'src', 'main.ts'),
      '--name',
      name,
      '--ready-file',
      readyFile,
    ],
    { cwd: root, env: toolchain.env, log, onExit: onDeath },
  );
  return {
    server,
    ready: () => existsSync(readyFile),
    cluster: () => JSON.parse(readFileSync(readyFile, 'utf8')),
  };
}

/**
 * Makes the lab's API server answer on this machine's loopback interface as well, where the demo's
 * sign-in insists on finding every cluster. Gives the function that ends it.
 */
export function forwardToLoopback(port, target) {
  const { hostname, port: targetPort } = new URL(target);
  const open = new Set();
  const server = createServer(incoming => {
    const outgoing = connect({ host: hostname, port: Number(targetPort) });
    for (const [from, to] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ]) {
      open.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        open.delete(from);
        to.destroy();
      });
    }
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () =>
      resolve(() => {
        for (const socket of open) socket.destroy();
        server.close();
      }),
    );
  });
}
