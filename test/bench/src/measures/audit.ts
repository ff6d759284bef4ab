import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { summarize } from '../report/percentiles';
import type { Figure } from '../types';
import { ROOT } from '../world/paths';

/** What the program of the backend prints; times in milliseconds. */
interface Measured {
  entries: number;
  single: number[];
  batchedPerEntry: number;
  searches: number[];
  verification: number;
}

/**
 * The audit log alone: appends, search and verification on a SQLite file and, where its address is given,
 * on an empty database of PostgreSQL.
 */
export async function measureAudit(options: {
  entries: number;
  postgres?: string;
}): Promise<Figure[]> {
  const { entries, postgres } = options;
  const figures = present('SQLite', await run(entries, []));
  if (!postgres) return figures;
  const args = ['--postgres', postgres];
  return [...figures, ...present('PostgreSQL', await run(entries, args))];
}

async function run(entries: number, args: string[]): Promise<Measured> {
  const child = spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      join(ROOT, 'plugins', 'istio-backend', 'scripts', 'auditBench.ts'),
      '--entries',
      String(entries),
      ...args,
    ],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const code = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code !== 0) throw new Error(`The audit log's program ended with ${code}`);
  return JSON.parse(output);
}

function present(database: string, measured: Measured): Figure[] {
  const { entries, single, batchedPerEntry, searches, verification } = measured;
  const mean = single.reduce((sum, time) => sum + time, 0) / single.length;
  return [
    {
      what: `${database}: one entry, one transaction`,
      values: { mean, ...summarize(single) },
      unit: 'ms',
      aim: { value: 'p99', atMost: 25 },
      note: `${Math.round(
        1000 / mean,
      )} entries per second one after another (200 wished)`,
    },
    {
      what: `${database}: an entry among a hundred`,
      values: { mean: batchedPerEntry },
      unit: 'ms',
      aim: { value: 'mean', atMost: 0.5 },
      note: `${Math.round(
        1000 / batchedPerEntry,
      )} entries per second (2,000 wished)`,
    },
    {
      what: `${database}: search over ${entries} entries`,
      values: summarize(searches),
      unit: 'ms',
      aim: { value: 'p95', atMost: 100 },
    },
    {
      what: `${database}: verification of ${entries} entries`,
      values: { once: verification },
      unit: 'ms',
      aim: { value: 'once', atMost: 30_000 },
    },
  ];
}
