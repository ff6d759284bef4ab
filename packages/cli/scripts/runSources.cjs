// Runs the sources of a checkout: bundled once, and again whenever one of them changed. Translating 400 files
// one by one costs every run as much time as analysing 10,000 objects does.
const fs = require('node:fs');
const { enableCompileCache } = require('node:module');
const { join, resolve } = require('node:path');

const root = resolve(__dirname, '../../..');
const cli = join(root, 'packages/cli');
const cache = join(root, 'node_modules/.cache/istio-portal');
const bundle = join(cache, 'cli.cjs');

/** All that goes into the bundle; folders too, since a removed file leaves its trace there only. */
const INPUTS = [
  join(cli, 'src'),
  join(root, 'plugins/istio-common/src'),
  join(cli, 'package.json'),
  join(root, 'yarn.lock'),
  __filename,
];

function newest(path) {
  const stat = fs.statSync(path);
  const below = stat.isDirectory()
    ? fs.readdirSync(path).map(name => newest(join(path, name)))
    : [];
  return Math.max(stat.mtimeMs, ...below);
}

function isCurrent() {
  const made = fs.statSync(bundle, { throwIfNoEntry: false });
  return made !== undefined && made.mtimeMs > Math.max(...INPUTS.map(newest));
}

/** Appears by one rename: another run never reads half of it. */
function makeBundle() {
  const startedAt = new Date();
  const part = `${bundle}.${process.pid}`;
  const {
    outputFiles: [{ contents }],
  } = require('esbuild').buildSync({
    entryPoints: [join(cli, 'src/index.ts')],
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20',
    // Asks at run time for drivers of databases that nobody installed; only `audit verify` loads it.
    external: ['knex'],
    logLevel: 'error',
  });
  fs.mkdirSync(cache, { recursive: true });
  fs.writeFileSync(part, contents);
  // As old as what it was made from: what changed meanwhile is newer.
  fs.utimesSync(part, startedAt, startedAt);
  fs.renameSync(part, bundle);
}

function runBundle() {
  try {
    if (!isCurrent()) {
      makeBundle();
    }
  } catch (error) {
    if (!['EACCES', 'EROFS', 'EPERM'].includes(error.code)) {
      throw error;
    }
    // A checkout that may not be written to.
    require('tsx/cjs');
    require(join(cli, 'src/index.ts'));
    return;
  }
  enableCompileCache?.(cache);
  require(bundle);
}

runBundle();
