import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { root } from './paths.mjs';
import { run } from './processes.mjs';

const DRIVER = join(root, 'node_modules', 'better-sqlite3');
const BINARY = join('build', 'Release', 'better_sqlite3.node');

/** Compiled database drivers, outside the clone: a compilation takes more than a minute. */
const folder = join(
  process.env.XDG_CACHE_HOME || join(homedir(), '.cache'),
  'istio-self-service',
  'prebuilds',
);

/** Whether the database driver is installed and compiled. */
export const hasDriver = () => existsSync(join(DRIVER, BINARY));

/** Makes prebuild-install, which installs the driver, look into our folder before it asks the network. */
export const driverEnv = { npm_config_better_sqlite3_local_prebuilds: folder };

/**
 * Keeps the compiled driver under the name that prebuild-install looks for, which says version, Node's ABI,
 * system and processor. Best effort: without it the next clone compiles again.
 */
export async function keepDriver(toolchain) {
  const { version } = JSON.parse(
    readFileSync(join(DRIVER, 'package.json'), 'utf8'),
  );
  const { code, output } = await run(toolchain.node, [
    '-p',
    'const { modules } = process.versions; const { glibcVersionRuntime } = process.report.getReport().header; JSON.stringify({ modules, isMusl: process.platform === "linux" && !glibcVersionRuntime })',
  ]);
  if (code !== 0) return;
  const { modules, isMusl } = JSON.parse(output);
  const platform = `${process.platform}${isMusl ? 'musl' : ''}`;
  const file = join(
    folder,
    `better-sqlite3-v${version}-node-v${modules}-${platform}-${process.arch}.tar.gz`,
  );
  if (existsSync(file)) return;
  try {
    mkdirSync(folder, { recursive: true });
    const made = `${file}.${process.pid}`;
    const packed = await run('tar', ['-czf', made, '-C', DRIVER, BINARY]);
    // By a rename, so that what is there is whole.
    if (packed.code === 0) renameSync(made, file);
  } catch {
    // No tar, no home folder, a full disk.
  }
}
