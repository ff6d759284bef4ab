import { join } from 'node:path';
import { local, root } from './paths.mjs';
import { run } from './processes.mjs';

/** Sentences that say why this machine cannot build and run the lab; none when it can. */
export async function explainNoLab(toolchain) {
  const { code, output } = await runLabFile(toolchain, 'obstaclesMain.ts', {
    log: join(local, 'logs', 'test-lab-obstacles.log'),
  });
  if (code !== 0) return [`The lab could not be asked: ${output.slice(-500)}`];
  return output.split('\n').filter(line => line !== '');
}

/** Builds the lab's programs that are missing, telling how far it is; false when that failed. */
export async function buildLab(toolchain) {
  const { code } = await runLabFile(toolchain, 'buildMain.ts', {
    log: join(local, 'logs', 'test-lab-build.log'),
    echo: true,
  });
  return code === 0;
}

function runLabFile(toolchain, name, options) {
  return run(
    toolchain.node,
    ['--import', 'tsx', join(root, 'test', 'lab', 'src', name)],
    { cwd: root, env: toolchain.env, ...options },
  );
}
