import type { Locator, Page } from '@playwright/test';
import { expect } from '@playwright/test';

/** Opens the shift-traffic dialog from the Traffic split card of an open Mesh tab. */
export async function openShiftDialog(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'Shift traffic' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Shift traffic' });
  await expect(dialog).toBeVisible();
  return dialog;
}

/** Types whole percents; the sum must be 100. */
export async function typeWeights(
  dialog: Locator,
  weights: Record<string, number>,
): Promise<void> {
  for (const [version, weight] of Object.entries(weights)) {
    const field = dialog.getByRole('textbox', {
      name: `Weight of ${version} in percent`,
    });
    await field.fill(String(weight));
    await field.press('Tab');
  }
}

/**
 * Applies when the preview allows it and waits until traffic shows the new shares.
 *
 * @throws Error with the steps as the dialog shows them, and what the change still waits for
 */
export async function applyAndFollow(dialog: Locator): Promise<void> {
  const apply = dialog.getByRole('button', { name: 'Apply', exact: true });
  await expect(apply).toBeEnabled();
  await apply.click();
  await expect(dialog.getByText('Applied in')).toBeVisible();
  const verified = dialog.getByRole('status').getByText('Verified');
  await verified
    .waitFor({ state: 'visible', timeout: 90_000 })
    .catch(async error => {
      const steps = dialog.getByRole('list', { name: 'Steps' });
      throw new Error(
        `The change is not verified: ${await steps.innerText()}`,
        { cause: error },
      );
    });
}
