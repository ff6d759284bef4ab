import { parseArgs } from 'node:util';
import { startLab } from './startLab';

const USAGE = `npm run lab [-- --name NAME] [--world WORLD]

  --name NAME    labs beside each other differ by their names (default: lab)
  --world WORLD  what runs in it: shop or empty (default: shop)
  --help`;

const say = (line: string) => process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      name: { type: 'string', default: 'lab' },
      world: { type: 'string', default: 'shop' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    say(USAGE);
    return;
  }
  const lab = await startLab({ ...values, log: say });
  const stop = async () => {
    say('Stopping.');
    await lab.stop();
    process.exit(0);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  setInterval(() => undefined, 60_000);
  say(`kubeconfig  ${lab.kubeconfig}`);
  say(`Kubernetes  ${lab.apiServer}`);
  say(`Prometheus  ${lab.prometheus}`);
  say(`tracing     ${lab.tracing}`);
  say(`logs        ${lab.state}`);
  say('Ctrl-C stops all of it.');
}

main().catch(error => {
  process.stderr.write(
    `${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exit(1);
});
