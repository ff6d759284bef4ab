import { statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { BinaryCache } from './build/BinaryCache';
import { labBinaries, megabytes } from './build/labBinaries';
import { findPrometheus, NO_PROMETHEUS } from './build/programs';
import { LabBuildError } from './build/types';

const USAGE = `npm run lab:build                builds the lab's programs that are missing
npm run lab:build -- --prune     and removes those of other versions

They go to $ISTIO_LAB_CACHE, else /var/cache/istio-lab. Ctrl-C stops; the next run goes on from there.`;

const started = Date.now();

function say(line: string): void {
  const seconds = String(Math.round((Date.now() - started) / 1000)).padStart(4);
  process.stdout.write(`${seconds} s  ${line}\n`);
}

function readArguments() {
  try {
    return parseArgs({
      options: { prune: { type: 'boolean' }, help: { type: 'boolean' } },
    }).values;
  } catch (error) {
    throw new LabBuildError(`${(error as Error).message}\n\n${USAGE}`);
  }
}

async function main(): Promise<void> {
  const values = readArguments();
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const abort = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => abort.abort());
  }
  const { dir, paths } = await labBinaries({ log: say, signal: abort.signal });
  const programs = Object.values(paths);
  if (values.prune) {
    const freed = BinaryCache.create().prune(programs);
    if (freed > 0) say(`Removed other versions: ${megabytes(freed)}.`);
  }
  const total = programs.reduce((sum, path) => sum + statSync(path).size, 0);
  say(`${programs.length} programs, ${megabytes(total)}, in ${dir}.`);
  if (!findPrometheus()) say(`To run the lab: ${NO_PROMETHEUS}`);
}

main().catch((error: unknown) => {
  if (error instanceof Error && error.name === 'AbortError') {
    say('Stopped. Finished programs stay; the next run goes on from here.');
    process.exit(130);
  }
  const message =
    error instanceof LabBuildError
      ? error.message
      : String((error as Error)?.stack ?? error);
  process.stderr.write(`\n${message}\n`);
  process.exit(1);
});
