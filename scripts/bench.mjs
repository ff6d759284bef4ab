// `npm run bench`: measures speed, memory and request counts; see docs/benchmarks.md.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { installDependencies } from './lib/install.mjs';
import { root } from './lib/paths.mjs';
import { runProgram } from './lib/say.mjs';
import { prepareToolchain } from './lib/toolchain.mjs';

await runProgram(async () => {
  const toolchain = await prepareToolchain();
  await installDependencies(toolchain);
  // Ctrl-C reaches it through the terminal; it takes its own servers down.
  const child = spawn(
    toolchain.node,
    [
      '--import',
      'tsx',
      join(root, 'test', 'bench', 'src', 'main.ts'),
      ...process.argv.slice(2),
    ],
    { cwd: root, env: { ...process.env, ...toolchain.env }, stdio: 'inherit' },
  );
  process.on('SIGINT', () => {});
  process.exitCode = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', code => resolve(code ?? 1));
  });
});
