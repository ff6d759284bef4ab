import { defineConfig } from '@playwright/test';
import { PORTAL } from './support/portal';

/**
 * Journeys in a real browser against the real portal and the sandbox. Each worker has a portal and a
 * world of its own, so two of them disturb nobody; within one the journeys run one after another, and
 * each puts the world back before it starts.
 */
export default defineConfig({
  testDir: './journeys',
  outputDir: '../../.local/test-results/browser',
  globalSetup: './support/startPortal.ts',
  workers: 2,
  fullyParallel: false,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [['list'], ['json']],
  // The owner's story counts requests per version: it goes first, while no journey has moved any.
  projects: [
    { name: 'owner', testMatch: 'owner.spec.ts' },
    { name: 'others', testIgnore: 'owner.spec.ts' },
  ],
  use: {
    baseURL: PORTAL,
    viewport: { width: 1440, height: 900 },
    screenshot: 'only-on-failure',
    // A trace records each step of each journey, which takes a good part of their time.
    trace: process.env.TRACE ? 'retain-on-failure' : 'off',
    launchOptions: {
      executablePath: process.env.CHROMIUM,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
