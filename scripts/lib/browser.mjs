import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildApp } from './buildApp.mjs';
import { findChromium } from './chromium.mjs';
import { local, root } from './paths.mjs';
import { run } from './processes.mjs';
import { say } from './say.mjs';

/** Runs the browser journeys and gives Playwright's own counts; without a Chromium they count as skipped. */
export async function runBrowser(toolchain) {
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
  const file = join(local, 'test-results', 'playwright.json');
  const { code, output } = await run(
    toolchain.node,
    [
      join(root, 'node_modules', '.bin', 'playwright'),
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
