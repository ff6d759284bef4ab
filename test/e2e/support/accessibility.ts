import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect } from '@playwright/test';

/** No serious or critical finding inside the part of the page that this project draws. */
export async function expectAccessible(
  page: Page,
  include = 'main',
): Promise<void> {
  // Half faded in, a text has half its contrast. What turns for as long as it works has no end.
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
  const { violations } = await new AxeBuilder({ page })
    .include(include)
    .analyze();
  const serious = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, help, nodes }) =>
        `${id}: ${help}\n${nodes.map(node => `  ${node.html}`).join('\n')}`,
    );
  expect(serious).toEqual([]);
}
