import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from './paths.mjs';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
];

/** Path of a Chromium: CHROMIUM, Playwright's own download, or the distribution's; undefined without one. */
export function findChromium() {
  if (process.env.CHROMIUM)
    return existsSync(process.env.CHROMIUM) ? process.env.CHROMIUM : undefined;
  const own = createRequire(join(root, 'package.json'))(
    '@playwright/test',
  ).chromium.executablePath();
  return [own, ...PLACES].find(path => existsSync(path));
}
