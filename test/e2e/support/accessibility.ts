import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect } from '@playwright/test';

/**
 * No serious or critical finding inside the part of the page that this project draws. A finding must stay to
 * count: half faded in, a text has half its contrast, and one fade may start where another ended.
 */
export async function expectAccessible(
  page: Page,
  include = 'main',
): Promise<void> {
  await expect(async () => {
    await untilStill(page);
    expect(await findSerious(page, include)).toEqual([]);
  }).toPass({ timeout: 15_000 });
}

/** Waits for what moves now. What turns for as long as it works has no end. */
async function untilStill(page: Page): Promise<void> {
  await page.evaluate(() =>
    Promise.allSettled(
      document
        .getAnimations()
        .filter(({ effect }) =>
          Number.isFinite(effect?.getComputedTiming().endTime),
        )
        .map(animation => animation.finished),
    ),
  );
}

async function findSerious(page: Page, include: string): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .include(include)
    .analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, help, nodes }) =>
        `${id}: ${help}\n${nodes.map(node => `  ${node.html}`).join('\n')}`,
    );
}
