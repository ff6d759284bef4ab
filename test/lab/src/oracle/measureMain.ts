import { parseArgs } from 'node:util';
import { measureOracle } from './measureOracle';
import { startOracle } from './startOracle';

const KINDS = ['validate', 'analyze', 'route', 'mtls', 'authz'] as const;
const USAGE = `Usage: node --import tsx test/lab/src/oracle/measureMain.ts [--cases N] [--kind ${KINDS.join(
  '|',
)}]...`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      cases: { type: 'string', default: '200' },
      kind: { type: 'string', multiple: true, default: [...KINDS] },
    },
  });
  const cases = Number(values.cases);
  const kinds = KINDS.filter(kind => values.kind.includes(kind));
  if (!Number.isInteger(cases) || cases < 1 || kinds.length === 0) {
    throw new Error(USAGE);
  }
  const say = (line: string) => process.stdout.write(`${line}\n`);
  const oracle = await startOracle({ log: say });
  for (const kind of kinds) {
    for (const worlds of ['new', 'same'] as const) {
      const plan = { kind, worlds, cases };
      say(JSON.stringify(await measureOracle(oracle, plan)));
    }
  }
  await oracle.stop();
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exit(1);
});
