import { join } from 'node:path';
import type { Page } from '@playwright/test';

/**
 * Keeps a picture for people: they lie in test/e2e/screenshots and some of them in the README.
 * Never compared: what must hold is asserted in words. Written only when UPDATE_SCREENSHOTS is set.
 */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  if (process.env.UPDATE_SCREENSHOTS) {
    await page.screenshot({
      path: join(__dirname, '..', 'screenshots', `${name}.png`),
    });
  }
}
