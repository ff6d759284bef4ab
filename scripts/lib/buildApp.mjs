import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { local, root } from './paths.mjs';
import { run } from './processes.mjs';
import { PlainError, say } from './say.mjs';
import { hashOf, isDone, markDone } from './stamps.mjs';

/** Builds the portal's pages unless they are there for exactly these sources. */
export async function buildApp(toolchain) {
  const app = join(root, 'packages', 'app');
  const hash = hashOf([
    join(root, 'yarn.lock'),
    join(app, 'src'),
    join(app, 'public'),
    join(app, 'package.json'),
    join(app, 'config.d.ts'),
    join(root, 'plugins', 'istio'),
    join(root, 'plugins', 'istio-common'),
  ]);
  if (isDone('app', hash) && existsSync(join(app, 'dist', 'index.html')))
    return;
  say('Building the portal pages: about a minute, only when they changed.');
  const { code, output } = await run(
    toolchain.node,
    [
      join(root, 'node_modules', '@backstage', 'cli', 'bin', 'backstage-cli'),
      'package',
      'build',
    ],
    {
      cwd: app,
      env: { ...toolchain.env, NODE_OPTIONS: '--max-old-space-size=4096' },
      log: join(local, 'logs', 'build-app.log'),
    },
  );
  if (code !== 0) {
    throw new PlainError(
      `The portal pages could not be built. Details: .local/logs/build-app.log\n${output
        .split('\n')
        .slice(-20)
        .join('\n')}`,
    );
  }
  markDone('app', hash);
}
