// `npm run lab`: a real mesh on this machine, until Ctrl-C. What is missing is built first.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { installDependencies } from './lib/install.mjs';
import { root } from './lib/paths.mjs';
import { runProgram } from './lib/say.mjs';
import { prepareToolchain } from './lib/toolchain.mjs';

await runProgram(async () => {
  const toolchain = await prepareToolchain();
  await installDependencies(toolchain);
  const child = spawn(
    toolchain.node,
    [
      '--import',
      'tsx',
      join(root, 'test', 'lab', 'src', 'main.ts'),
      ...process.argv.slice(2),
    ],
    { cwd: root, env: { ...process.env, ...toolchain.env }, stdio: 'inherit' },
  );
  // Ctrl-C reaches the lab from the terminal; it ends in order and we stay for its last words.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) {
    process.on(signal, () => child.kill(signal));
  }
  const code = await new Promise(resolve => {
    child.on('error', () => resolve(1));
    child.on('close', resolve);
  });
  process.exit(code ?? 1);
});
