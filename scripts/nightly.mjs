// `npm run test:nightly`: what `npm test` asks a few times, many thousand times and with other seeds: the core's
// answers against Istio's own, random histories of changes, and hostile requests.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { installDependencies } from './lib/install.mjs';
import { runJest } from './lib/jest.mjs';
import { buildLab, explainNoLab } from './lib/lab.mjs';
import { local } from './lib/paths.mjs';
import { killAll } from './lib/processes.mjs';
import { PlainError, runProgram, say } from './lib/say.mjs';
import { prepareToolchain } from './lib/toolchain.mjs';

const folder = join(local, 'reports', 'nightly');
const results = join(folder, 'results.jsonl');
const differences = join(folder, 'differences.jsonl');

/** Subjects of which at least so many questions about so many worlds are asked. */
const SUBJECTS = ['validation', 'analysis', 'route', 'mtls', 'authz'];
const QUESTIONS = 50_000;
const WORLDS = 5_000;
const HISTORIES = 10_000;
/** Hostile requests per intent; a million over all of them. */
const INJECTIONS = 150_000;
const REAL_HISTORIES = 300;
const HOURS = 3_600_000;

await runProgram(async () => {
  process.on('SIGINT', () => {
    killAll();
    process.exit(130);
  });
  const seed = readSeed();
  const toolchain = await prepareToolchain();
  await installDependencies(toolchain);
  const obstacles = await explainNoLab(toolchain);
  if (obstacles.length > 0) throw new PlainError(obstacles.join('\n'));
  if (!(await buildLab(toolchain))) {
    throw new PlainError("The lab's programs were not built.");
  }
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  mkdirSync(join(local, 'test-results'), { recursive: true });
  say(`Seed ${seed}; ORACLE_SEED=${seed} npm run test:nightly asks the same.`);
  const { failed } = await runJest({
    toolchain,
    name: 'nightly',
    workspace: 'test/oracle-properties',
    workers: 2,
    env: {
      ORACLE_NIGHTLY: 'true',
      ORACLE_SEED: String(seed),
      ORACLE_RESULTS: results,
      ORACLE_REPORT: differences,
    },
    // Several thousand worlds in one test.
    args: ['--testTimeout', String(4 * HOURS), ...process.argv.slice(2)],
  });
  // Arguments are about the oracle's suites.
  const isWhole = process.argv.length === 2;
  let others = 0;
  for (const suite of isWhole ? otherSuites(seed) : []) {
    others += (await runJest({ toolchain, ...suite })).failed;
  }
  const short = printSums(!isWhole);
  if (existsSync(differences)) {
    say(`Disagreements, and what is left to chance: ${differences}`);
  }
  process.exit(failed + others > 0 || short ? 1 : 0);
});

/** What is asked beside the oracle. */
function otherSuites(seed) {
  const patience = ['--testTimeout', String(4 * HOURS)];
  return [
    {
      name: 'random histories',
      workspace: 'test/crash',
      env: {
        HISTORIES: String(HISTORIES),
        REAL_HISTORIES: String(REAL_HISTORIES),
        HISTORY_SEED: String(seed),
      },
      args: [...patience, 'src/histories/'],
    },
    {
      name: 'hostile requests',
      workspace: 'plugins/istio-common',
      env: {
        INJECTION_RUNS: String(INJECTIONS),
        INJECTION_SEED: String(seed),
      },
      args: [...patience, 'src/robustness/injection.test.ts'],
    },
  ];
}

function readSeed() {
  const text = process.env.ORACLE_SEED;
  if (!text) return randomInt(1, 2 ** 31);
  const seed = Number(text);
  if (!Number.isInteger(seed)) {
    throw new PlainError(`ORACLE_SEED must be a whole number, it is "${text}"`);
  }
  return seed;
}

/** Prints the sums of each subject; true when one of them was asked too little. */
function printSums(partly) {
  const runs = existsSync(results)
    ? readFileSync(results, 'utf8').trim().split('\n').map(JSON.parse)
    : [];
  let short = false;
  for (const subject of SUBJECTS) {
    const sum = { worlds: 0, questions: 0, leftToChance: 0, disagreements: 0 };
    for (const run of runs.filter(each => each.subject === subject)) {
      for (const key of Object.keys(sum)) sum[key] += run[key];
    }
    say(
      `${subject}: ${sum.questions} questions about ${sum.worlds} worlds, ` +
        `${sum.disagreements} disagreements, ${sum.leftToChance} left to chance by Istio`,
    );
    short ||= !partly && (sum.questions < QUESTIONS || sum.worlds < WORLDS);
  }
  return short;
}
