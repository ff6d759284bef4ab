import { parseArgs } from 'node:util';
import { startSandbox, type RunningSandbox } from './startSandbox';

const USAGE = `Usage: node --import tsx packages/sandbox/src/main.ts [--scenario NAME|FILE] [--base-port N] [--host ADDRESS] [--cluster NAME]...`;

function readArguments() {
  const { values } = parseArgs({
    options: {
      scenario: { type: 'string', default: 'shop' },
      'base-port': { type: 'string', default: '8601' },
      host: { type: 'string', default: '127.0.0.1' },
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
function closeOnSignal(sandbox: RunningSandbox): void {
  let closing = false;
  const stop = async () => {
    if (closing) process.exit(1);
    closing = true;
    await sandbox.close();
    process.exit(0);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
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
  closeOnSignal(sandbox);
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
