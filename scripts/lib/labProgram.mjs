import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { installDependencies } from './install.mjs';
import { root } from './paths.mjs';
import { prepareToolchain } from './toolchain.mjs';

/** Runs a program of test/lab with our own arguments, Node and dependencies, and ends with its code. */
export async function runLabProgram(file) {
  const toolchain = await prepareToolchain();
  await installDependencies(toolchain);
  const child = spawn(
    toolchain.node,
    [
      '--import',
      'tsx',
      join(root, 'test', 'lab', 'src', file),
      ...process.argv.slice(2),
    ],
    { cwd: root, env: { ...process.env, ...toolchain.env }, stdio: 'inherit' },
  );
  // Ctrl-C reaches it from the terminal; it ends in order and we stay for its last words.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) {
    process.on(signal, () => child.kill(signal));
  }
  const code = await new Promise(resolve => {
    child.on('error', () => resolve(1));
    child.on('close', resolve);
  });
  process.exit(code ?? 1);
}
