// `npm test`: every check and suite of the project; the last line sums what each of them counted itself.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildApp } from './lib/buildApp.mjs';
import { findChromium } from './lib/chromium.mjs';
import { installDependencies } from './lib/install.mjs';
import { local, root, yarnRelease } from './lib/paths.mjs';
import { killAll, run } from './lib/processes.mjs';
import { runProgram, say } from './lib/say.mjs';
import { prepareToolchain } from './lib/toolchain.mjs';

const bin = name => join(root, 'node_modules', '.bin', name);
const results = join(local, 'test-results');

/** Checks count as one test each. */
const CHECKS = [
  // Writes dist-types, which the API reports are made of.
  { name: 'type check', command: ['tsc', '-p', '.', '--incremental', 'false'] },
  { name: 'house rules', node: ['scripts/checks/houseRules.mjs'] },
  {
    name: 'lint',
    command: ['backstage-cli', 'repo', 'lint', '--max-warnings', '0'],
  },
  {
    name: 'format',
    command: ['prettier', '--check', '--loglevel', 'warn', '.'],
  },
  { name: 'configuration', node: [yarnRelease, 'config:check'] },
  { name: 'API reports', node: [yarnRelease, 'api-reports:check'] },
  { name: 'dead code', command: ['knip'] },
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
  for (const check of CHECKS.filter(({ name }) => wanted(name))) {
    add(await runCheck(check, toolchain));
  }
  if (wanted('unit and integration')) add(await runJest(toolchain));
  if (wanted('browser')) add(await runBrowser(toolchain));

  console.log(
    `${sums.passed} passed, ${sums.failed} failed, ${sums.skipped} skipped`,
  );
  process.exit(sums.failed > 0 || sums.passed === 0 ? 1 : 0);
});

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

async function runJest(toolchain) {
  say('Unit and integration tests.');
  const file = join(results, 'jest.json');
  const { code, output } = await run(
    toolchain.node,
    [
      bin('backstage-cli'),
      'repo',
      'test',
      '--watch',
      'false',
      '--maxWorkers',
      '2',
      '--json',
      '--outputFile',
      file,
    ],
    {
      cwd: root,
      env: {
        ...toolchain.env,
        CI: 'true',
        NODE_OPTIONS: '--max-old-space-size=6144',
      },
      log: join(local, 'logs', 'test-jest.log'),
    },
  );
  if (!existsSync(file)) {
    console.log(output.split('\n').slice(-60).join('\n'));
    say('Unit and integration tests FAILED before they could count.');
    return { failed: 1 };
  }
  const report = JSON.parse(readFileSync(file, 'utf8'));
  printJestFailures(report);
  // A suite that does not load has no tests to count: it counts as one.
  const broken = report.numRuntimeErrorTestSuites ?? 0;
  const counts = {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken,
    skipped: report.numPendingTests + (report.numTodoTests ?? 0),
  };
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  say(
    `unit and integration: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`,
  );
  return counts;
}

function printJestFailures(report) {
  for (const suite of report.testResults) {
    if (suite.status !== 'failed') continue;
    console.log(`\n${suite.name}\n${(suite.message ?? '').slice(0, 6000)}`);
  }
}

async function runBrowser(toolchain) {
  const chromium = findChromium();
  if (!chromium && process.env.CI) {
    say('Browser journeys FAILED: no Chromium, and in CI nothing is skipped.');
    return { failed: 1 };
  }
  if (chromium) await buildApp(toolchain);
  say(
    chromium
      ? 'Browser journeys.'
      : 'Browser journeys are skipped: no Chromium on this machine. Set CHROMIUM to its path, or install one.',
  );
  const file = join(results, 'playwright.json');
  const { code, output } = await run(
    toolchain.node,
    [
      bin('playwright'),
      'test',
      '--config',
      'test/e2e/playwright.config.ts',
      ...(chromium ? [] : ['--list']),
    ],
    {
      cwd: root,
      env: {
        ...toolchain.env,
        PLAYWRIGHT_JSON_OUTPUT_NAME: file,
        ...(chromium && { CHROMIUM: chromium }),
      },
      log: join(local, 'logs', 'test-browser.log'),
    },
  );
  if (!existsSync(file)) {
    console.log(output.split('\n').slice(-60).join('\n'));
    return { failed: 1 };
  }
  const { stats, suites } = JSON.parse(readFileSync(file, 'utf8'));
  if (!chromium) return { skipped: countSpecs(suites) };
  if (code !== 0) console.log(output.split('\n').slice(-120).join('\n'));
  const counts = {
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected,
    skipped: stats.skipped,
  };
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  say(
    `browser: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`,
  );
  return counts;
}

function countSpecs(suites) {
  return (suites ?? []).reduce(
    (sum, suite) => sum + (suite.specs?.length ?? 0) + countSpecs(suite.suites),
    0,
  );
}
