// `npm test`: every check and suite of the project; the last line sums what each of them counted itself.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runBrowser } from './lib/browser.mjs';
import { installDependencies } from './lib/install.mjs';
import { runJest } from './lib/jest.mjs';
import { buildLab, explainNoLab } from './lib/lab.mjs';
import { local, root, yarnRelease } from './lib/paths.mjs';
import { startPostgres } from './lib/postgres.mjs';
import { killAll, run } from './lib/processes.mjs';
import { runProgram, say } from './lib/say.mjs';
import { prepareToolchain } from './lib/toolchain.mjs';

const bin = name => join(root, 'node_modules', '.bin', name);
const results = join(local, 'test-results');

/**
 * Checks count as one test each. The two lists run beside each other, each in its order: one process
 * rarely uses more than one core.
 */
const CHECKS = [
  [
    // Writes dist-types, which the API reports are made of.
    {
      name: 'type check',
      command: ['tsc', '-p', '.', '--incremental', 'false'],
    },
    { name: 'API reports', node: [yarnRelease, 'api-reports:check'] },
    { name: 'house rules', node: ['scripts/checks/houseRules.mjs'] },
  ],
  [
    {
      name: 'lint',
      command: ['backstage-cli', 'repo', 'lint', '--max-warnings', '0'],
    },
    {
      name: 'format',
      command: ['prettier', '--check', '--loglevel', 'warn', '.'],
    },
    { name: 'configuration', node: [yarnRelease, 'config:check'] },
    {
      name: 'rule pages',
      node: [
        '--import',
        'tsx',
        'plugins/istio-common/scripts/rulePages.ts',
        '--check',
      ],
    },
    { name: 'dead code', command: ['knip'] },
  ],
];

/**
 * Suites run row by row; those without a workspace are all packages with a test script. What needs the
 * lab counts as skipped where the machine cannot run it. The lists of a row run beside each other, each in
 * its order: both conformances wait for traffic most of their time, and the oracle's properties and the
 * crashes compute meanwhile. The journeys run alone: a person's patience is all they wait with.
 */
const SUITES = [
  [
    [{ name: 'unit and integration', needsPostgres: true }],
    [{ name: 'lab', workspace: 'test/lab', needsLab: true }],
  ],
  [
    [
      {
        name: 'conformance of the lab',
        workspace: 'test/conformance',
        env: { CONFORMANCE_WORLD: 'lab' },
        needsLab: true,
      },
    ],
    [
      {
        name: 'conformance of the sandbox',
        workspace: 'test/conformance',
        env: { CONFORMANCE_WORLD: 'sandbox' },
      },
    ],
    [
      {
        name: 'oracle properties',
        workspace: 'test/oracle-properties',
        needsLab: true,
      },
      { name: 'crash matrix', workspace: 'test/crash' },
    ],
  ],
  [[{ name: 'browser', run: runBrowser }]],
];

await runProgram(async () => {
  const { values } = parseArgs({
    options: { only: { type: 'string', multiple: true } },
  });
  const wanted = name =>
    !values.only || values.only.some(part => name.includes(part));
  process.on('SIGINT', () => {
    killAll();
    process.exit(130);
  });
  const toolchain = await prepareToolchain();
  await installDependencies(toolchain);
  rmSync(results, { recursive: true, force: true });
  mkdirSync(results, { recursive: true });

  const sums = { passed: 0, failed: 0, skipped: 0 };
  const add = counts => {
    for (const key of Object.keys(sums)) sums[key] += counts[key] ?? 0;
  };
  await runBeside(CHECKS, async check => {
    if (wanted(check.name)) add(await runCheck(check, toolchain));
  });
  const hasLab = SUITES.flat(2).some(
    ({ name, needsLab }) => needsLab && wanted(name),
  )
    ? await prepareLab(toolchain)
    : false;
  for (const row of SUITES) {
    await runBeside(row, async suite => {
      if (wanted(suite.name)) add(await runSuite(suite, { toolchain, hasLab }));
    });
  }

  console.log(
    `${sums.passed} passed, ${sums.failed} failed, ${sums.skipped} skipped`,
  );
  process.exit(sums.failed > 0 || sums.passed === 0 ? 1 : 0);
});

/** Runs lists beside each other, each in its order. */
async function runBeside(lists, runOne) {
  await Promise.all(
    lists.map(async list => {
      for (const each of list) await runOne(each);
    }),
  );
}

async function runSuite(suite, { toolchain, hasLab }) {
  const { needsLab, needsPostgres, run: runOwn, ...jest } = suite;
  if (runOwn) return runOwn(toolchain);
  const skip = needsLab && !hasLab;
  const postgres = needsPostgres ? await startPostgres() : {};
  if (postgres.reason) {
    say(`The tests that need PostgreSQL are skipped: ${postgres.reason}`);
  }
  try {
    const counts = await runJest({
      toolchain,
      skip,
      env: postgres.env,
      ...jest,
    });
    // In CI nothing is skipped: what cannot run there has failed.
    const isShort = process.env.CI && (skip || postgres.reason);
    return isShort ? { ...counts, failed: counts.failed + 1 } : counts;
  } finally {
    await postgres.stop?.();
  }
}

async function prepareLab(toolchain) {
  const obstacles = await explainNoLab(toolchain);
  if (obstacles.length > 0) {
    say('The tests that need the lab are skipped:');
    for (const obstacle of obstacles) say(`  ${obstacle}`);
    return false;
  }
  if (await buildLab(toolchain)) return true;
  say('The tests that need the lab are skipped: its programs were not built.');
  return false;
}

async function runCheck({ name, command, node }, toolchain) {
  const args = node ?? [bin(command[0]), ...command.slice(1)];
  const { code, output } = await run(toolchain.node, args, {
    cwd: root,
    env: toolchain.env,
    log: join(local, 'logs', `test-${name.replace(/ /g, '-')}.log`),
  });
  say(`${name}: ${code === 0 ? 'passed' : 'FAILED'}`);
  if (code !== 0) console.log(output.split('\n').slice(-60).join('\n'));
  return code === 0 ? { passed: 1 } : { failed: 1 };
}
