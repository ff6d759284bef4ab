import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { local, root, yarnRelease } from './paths.mjs';
import { run } from './processes.mjs';
import { PlainError, say } from './say.mjs';

/** What the project is tested with. Node 24 ends in an assertion of better-sqlite3, see docs/adr. */
const NODE_MAJOR = 22;
const NODE_VERSION = '22.23.3';

/**
 * A Node of the right major: the present one, else one from the npm registry, kept in .local.
 * Gives its path and the environment that makes yarn, gyp and scripts use it.
 */
export async function prepareToolchain() {
  const [major] = process.versions.node.split('.').map(Number);
  if (major === NODE_MAJOR) return toolchainOf(process.execPath);
  const name = `node-${
    process.platform === 'win32' ? 'win' : process.platform
  }-${process.arch}`;
  const prefix = join(local, 'toolchain');
  const home = join(prefix, 'node_modules', name);
  const binary = join(
    home,
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
  if (!existsSync(binary)) {
    say(
      `This is Node ${process.versions.node}; fetching Node ${NODE_VERSION} for this folder only.`,
    );
    const { code, output } = await run(
      process.platform === 'win32' ? 'npm.cmd' : 'npm',
      [
        'install',
        '--prefix',
        prefix,
        '--no-save',
        '--no-audit',
        '--no-fund',
        `${name}@${NODE_VERSION}`,
      ],
      { cwd: root, log: join(local, 'logs', 'toolchain.log') },
    );
    if (code !== 0 || !existsSync(binary)) {
      throw new PlainError(
        explainFetch(output, `Node ${NODE_VERSION} (npm package ${name})`),
      );
    }
  }
  return toolchainOf(
    binary,
    existsSync(join(home, 'include')) ? home : undefined,
  );
}

function toolchainOf(node, headers) {
  const env = {
    PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}`,
    // Colours and progress of tools mean nothing in a log file.
    FORCE_COLOR: '0',
    YARN_ENABLE_PROGRESS_BARS: 'false',
    // Headers beside the binary: native modules build without a download.
    ...(headers && { npm_config_nodedir: headers }),
  };
  return { node, env, yarn: yarnRelease };
}

const OFFLINE =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|getaddrinfo|network/i;

/** The sentence for a fetch that failed. */
export function explainFetch(output, what) {
  if (OFFLINE.test(output)) {
    return `${what} could not be fetched: the npm registry does not answer. Check the network (or the registry in .npmrc) and start again; what is done is kept. Details: .local/logs`;
  }
  return `${what} could not be fetched. Details: .local/logs\n${output
    .split('\n')
    .slice(-15)
    .join('\n')}`;
}
