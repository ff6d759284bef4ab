import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { local, root } from './paths.mjs';
import { run } from './processes.mjs';
import { say } from './say.mjs';

/** Matches no test name: Jest then loads the suites, counts their tests as skipped and runs no hook. */
const NO_TEST = '$^';

/**
 * Runs Jest through the Backstage CLI and gives the counts that Jest itself made.
 * Without `workspace` it takes every package with a test script, else that folder's suites, one after another
 * or, with `workers`, so many at a time.
 */
export async function runJest(options) {
  const { toolchain, name, workspace, workers, env, skip, args = [] } = options;
  say(`${name[0].toUpperCase()}${name.slice(1)} tests.`);
  const slug = name.replace(/ /g, '-');
  const file = join(local, 'test-results', `${slug}.json`);
  const { code, output } = await run(
    toolchain.node,
    [
      join(root, 'node_modules', '.bin', 'backstage-cli'),
      ...(workspace
        ? [
            'package',
            'test',
            ...(workers ? ['--maxWorkers', String(workers)] : ['--runInBand']),
          ]
        : ['repo', 'test', '--maxWorkers', '2']),
      '--watch=false',
      '--json',
      '--outputFile',
      file,
      ...(skip ? ['--testNamePattern', NO_TEST] : []),
      ...args,
    ],
    {
      cwd: join(root, workspace ?? ''),
      env: {
        ...toolchain.env,
        CI: 'true',
        NODE_OPTIONS: '--max-old-space-size=6144',
        ...env,
      },
      log: join(local, 'logs', `test-${slug}.log`),
    },
  );
  if (!existsSync(file)) {
    console.log(output.split('\n').slice(-60).join('\n'));
    say(`${name}: FAILED before the tests could count.`);
    return { failed: 1 };
  }
  const report = JSON.parse(readFileSync(file, 'utf8'));
  printFailures(report);
  const counts = countsOf(report, code);
  say(
    `${name}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`,
  );
  return counts;
}

function countsOf(report, code) {
  // A suite that does not load has no tests to count: it counts as one.
  const broken = report.numRuntimeErrorTestSuites ?? 0;
  const counts = {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken,
    skipped: report.numPendingTests + (report.numTodoTests ?? 0),
  };
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  return counts;
}

function printFailures(report) {
  for (const suite of report.testResults) {
    if (suite.status !== 'failed') continue;
    console.log(`\n${suite.name}\n${(suite.message ?? '').slice(0, 6000)}`);
  }
}
