// `npm run lab:build`: the programs of test/lab, with the Node and the dependencies of `npm test`.
import { join } from 'node:path';
import { installDependencies } from './lib/install.mjs';
import { root } from './lib/paths.mjs';
import { run } from './lib/processes.mjs';
import { runProgram } from './lib/say.mjs';
import { prepareToolchain } from './lib/toolchain.mjs';

await runProgram(async () => {
  const toolchain = await prepareToolchain();
  await installDependencies(toolchain);
  // Ctrl-C reaches the build itself, which then ends in order; we stay for its last words.
  process.on('SIGINT', () => {});
  const { code } = await run(
    toolchain.node,
    [
      '--import',
      'tsx',
      join(root, 'test', 'lab', 'src', 'buildMain.ts'),
      ...process.argv.slice(2),
    ],
    { cwd: root, env: toolchain.env, echo: true },
  );
  process.exit(code);
});
