// `npm run bench`: measures speed, memory and request counts; see docs/benchmarks.md.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { installDependencies } from './lib/install.mjs';
import { root } from './lib/paths.mjs';
import { startPostgres } from './lib/postgres.mjs';
import { runProgram, say } from './lib/say.mjs';
import { prepareToolchain } from './lib/toolchain.mjs';

await runProgram(async () => {
  const toolchain = await prepareToolchain();
  await installDependencies(toolchain);
  const args = process.argv.slice(2);
  const postgres = needsPostgres(args)
    ? await startPostgres({ isDurable: true })
    : {};
  if (postgres.reason) say(`The audit log on SQLite only: ${postgres.reason}`);
  const [address] = Object.values(postgres.env ?? {});
  if (address) args.push('--postgres', address);
  // Ctrl-C reaches it through the terminal; it takes its own servers down.
  const child = spawn(
    toolchain.node,
    ['--import', 'tsx', join(root, 'test', 'bench', 'src', 'main.ts'), ...args],
    { cwd: root, env: { ...process.env, ...toolchain.env }, stdio: 'inherit' },
  );
  process.on('SIGINT', () => {});
  process.exitCode = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', code => resolve(code ?? 1));
  });
  await postgres.stop?.();
});

/** Measures the audit log, and no database was named to do it on. */
function needsPostgres(args) {
  const only = args.flatMap((arg, at) =>
    arg === '--only' ? [args[at + 1]] : [],
  );
  return (
    (only.length === 0 || only.includes('audit')) &&
    !args.includes('--postgres') &&
    !args.includes('--help')
  );
}
