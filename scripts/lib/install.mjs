import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { driverEnv, hasDriver, keepDriver } from './nativeCache.mjs';
import { local, root } from './paths.mjs';
import { run } from './processes.mjs';
import { PlainError, say } from './say.mjs';
import { hashOf, isDone, markDone } from './stamps.mjs';
import { explainFetch } from './toolchain.mjs';

/** Installs the dependencies unless they are there for exactly this lockfile and Node. */
export async function installDependencies(toolchain) {
  const { output: version } = await run(toolchain.node, ['-v']);
  const hash = hashOf(
    [join(root, 'yarn.lock'), join(root, 'package.json'), ...packageFiles()],
    version.trim(),
  );
  if (isDone('install', hash) && hasDriver()) return;
  say('Installing dependencies: 2 to 6 minutes the first time, 2 GB on disk.');
  const { code, output } = await run(
    toolchain.node,
    [toolchain.yarn, 'install', '--immutable'],
    {
      cwd: root,
      env: { ...toolchain.env, ...driverEnv },
      log: join(local, 'logs', 'install.log'),
    },
  );
  if (code !== 0 || !hasDriver()) {
    throw new PlainError(await explainInstall(output));
  }
  await keepDriver(toolchain);
  markDone('install', hash);
}

async function explainInstall(output) {
  const missing = await missingBuildTools();
  if (missing.length > 0 && /better-sqlite3|node-gyp|gyp ERR/.test(output)) {
    return `The database driver (better-sqlite3) has no prebuilt binary for this machine and cannot be compiled: ${missing.join(
      ', ',
    )} not found. On Debian or Ubuntu: apt-get install -y python3 make g++. Then start again. Details: .local/logs/install.log`;
  }
  return explainFetch(output, 'The dependencies');
}

async function missingBuildTools() {
  const tools = {
    python3: ['python3'],
    make: ['make', 'gmake'],
    'a C++ compiler': ['c++', 'g++', 'clang++'],
  };
  const missing = [];
  for (const [name, commands] of Object.entries(tools)) {
    const found = await Promise.all(
      commands.map(command =>
        run(command, ['--version']).then(
          result => result.code === 0,
          () => false,
        ),
      ),
    );
    if (!found.includes(true)) missing.push(name);
  }
  return missing;
}

function packageFiles() {
  return ['packages', 'plugins', 'test'].flatMap(folder =>
    readdirSync(join(root, folder))
      .map(name => join(root, folder, name, 'package.json'))
      .filter(file => existsSync(file)),
  );
}
