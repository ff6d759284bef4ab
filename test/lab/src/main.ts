import { renameSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { KubeError } from './kubernetes/KubeClient';
import { type Lab, startLab } from './startLab';
import { pause } from './waitFor';
import { labObstacles } from './whyNoLab';

const USAGE = `npm run lab [-- --name NAME] [--world WORLD]

  --name NAME        labs beside each other differ by their names (default: lab)
  --world WORLD      what runs in it: shop or empty (default: shop)
  --ready-file FILE  written when the lab is ready: its addresses as JSON
  --help`;

/** The portal's account in the worlds that are the sandbox's. */
const PORTAL = { namespace: 'backstage', name: 'istio-portal' };

const say = (line: string) => process.stdout.write(`${line}\n`);

function readArguments() {
  return parseArgs({
    options: {
      name: { type: 'string', default: 'lab' },
      world: { type: 'string', default: 'shop' },
      'ready-file': { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  }).values;
}

async function main(): Promise<void> {
  const values = readArguments();
  if (values.help) {
    say(USAGE);
    return;
  }
  const obstacles = labObstacles();
  if (obstacles.length > 0) throw new Error(obstacles.join('\n'));
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => stopping.abort());
  }
  const lab = await startLab({ ...values, log: say, signal: stopping.signal });
  try {
    printAddresses(lab);
    if (values['ready-file']) await writeReadyFile(lab, values['ready-file']);
    while (!stopping.signal.aborted) await pause(200);
  } finally {
    say('Stopping.');
    await lab.stop();
  }
  process.exit(0);
}

function printAddresses(lab: Lab): void {
  say(`Kubernetes  ${lab.apiServer}`);
  say(`Prometheus  ${lab.prometheus}`);
  say(`tracing     ${lab.tracing}`);
  say(`logs        ${lab.state}`);
  say(`export KUBECONFIG=${lab.kubeconfig}`);
  say('Ctrl-C stops all of it.');
}

/** With the portal's token, where the world has that account: only the file's owner may read it. */
async function writeReadyFile(lab: Lab, file: string): Promise<void> {
  const { apiServer, caFile, prometheus, tracing } = lab;
  const token = await lab.token(PORTAL).catch(error => {
    if (error instanceof KubeError && error.status === 404) return undefined;
    throw error;
  });
  writeFileSync(
    `${file}.new`,
    JSON.stringify({ apiServer, caFile, prometheus, tracing, token }),
    { mode: 0o600 },
  );
  renameSync(`${file}.new`, file);
}

main().catch(error => {
  process.stderr.write(
    `${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exit(1);
});
