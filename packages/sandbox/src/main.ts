import { parseArgs } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { applyFromGit } from './git/applyFromGit';
import { readGitOps } from './git/readGitOps';
import { startGitHost, type RunningGitHost } from './git/startGitHost';
import { startSandbox, type RunningSandbox } from './startSandbox';

const USAGE = `Usage: node --import tsx packages/sandbox/src/main.ts [--scenario NAME|FILE] [--base-port N] [--host ADDRESS] [--cluster NAME]... [--git-port N]`;

function readArguments() {
  const { values } = parseArgs({
    options: {
      scenario: { type: 'string', default: 'shop' },
      'base-port': { type: 'string', default: '8601' },
      host: { type: 'string', default: '127.0.0.1' },
      'git-port': { type: 'string' },
      cluster: { type: 'string', multiple: true },
      help: { type: 'boolean', default: false },
    },
  });
  const basePort = Number(values['base-port']);
  if (!Number.isInteger(basePort) || basePort < 0 || basePort > 65_000) {
    throw new Error('--base-port must be a whole number from 0 to 65000');
  }
  return { ...values, basePort };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Ends with the process' signals; a second one ends at once. */
function closeOnSignal(sandbox: RunningSandbox, git?: RunningGitHost): void {
  let closing = false;
  const stop = async () => {
    if (closing) process.exit(1);
    closing = true;
    await git?.close();
    await sandbox.close();
    process.exit(0);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

/** Seconds after which a merge is applied, so that one can see it wait. */
const SYNC_AFTER = 3;

async function openGit(
  values: { host: string; 'git-port'?: string },
  sandbox: RunningSandbox,
): Promise<RunningGitHost> {
  const host = await startGitHost({
    repositories: readGitOps(),
    host: values.host,
    port: Number(values['git-port']),
    onMerge: async name => {
      const repository = host.repositories.get(name);
      void sleep(SYNC_AFTER * 1000)
        .then(() => repository && applyFromGit(repository, sandbox.clusters))
        .catch(error => process.stderr.write(`Applying ${name}: ${error}\n`));
    },
  });
  say(`Git host ready at ${host.url}`);
  return host;
}

async function main(): Promise<void> {
  const started = performance.now();
  const values = readArguments();
  if (values.help) {
    say(USAGE);
    return;
  }
  const sandbox = await startSandbox({
    scenario: values.scenario,
    basePort: values.basePort,
    host: values.host,
    clusters: values.cluster,
    log: line => process.stderr.write(`${line}\n`),
  });
  const git = values['git-port'] && (await openGit(values, sandbox));
  closeOnSignal(sandbox, git || undefined);
  for (const { name, url } of sandbox.clusters) {
    say(
      `${name} ready at ${url} (Kubernetes API, /prometheus, /jaeger, /sandbox)`,
    );
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  say(`Sandbox ${values.scenario} ready in ${seconds} s`);
}

main().catch(error => {
  process.stderr.write(
    `${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exit(1);
});
