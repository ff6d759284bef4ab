// Prints how fast the oracle is and what memory it takes: `yarn workspace @istio-backstage/lab oracle:measure [--cases N]`.
import { parseArgs } from 'node:util';
import { measureOracle } from './measureOracle';
import { startOracle } from './startOracle';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { cases: { type: 'string', default: '200' } },
  });
  const cases = Number(values.cases);
  if (!Number.isInteger(cases) || cases < 1) {
    throw new Error('--cases must be a whole number from 1');
  }
  const say = (line: string) => process.stdout.write(`${line}\n`);
  const oracle = await startOracle({ log: say });
  for (const kind of [
    'validate',
    'analyze',
    'route',
    'mtls',
    'authz',
  ] as const) {
    for (const worlds of ['new', 'same'] as const) {
      const plan = { kind, worlds, cases };
      say(JSON.stringify(await measureOracle(oracle, plan)));
    }
  }
  await oracle.stop();
}

main().catch((error: unknown) => {
  process.stderr.write(`${(error as Error)?.stack ?? error}\n`);
  process.exit(1);
});
