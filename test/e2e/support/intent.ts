import type { Locator, Page } from '@playwright/test';
import { expect } from '@playwright/test';
import { CLUSTERS, readObject } from './sandbox';

/** Opens a form of the Actions menu of an open Mesh tab. */
export async function openAction(page: Page, name: string): Promise<Locator> {
  await page.getByRole('button', { name: 'Actions', exact: true }).click();
  await page.getByRole('menuitem', { name }).click();
  const dialog = page.getByRole('dialog', { name });
  await expect(dialog).toBeVisible();
  return dialog;
}

/** Gives a reason, applies, and waits until all clusters have it. */
export async function apply(dialog: Locator, reason: string): Promise<void> {
  await dialog.getByRole('textbox', { name: 'Reason' }).fill(reason);
  const button = dialog.getByRole('button', { name: 'Apply', exact: true });
  await expect(button).toBeEnabled();
  await button.click();
  await expect(dialog.getByText('Applied in 3 of 3 clusters')).toBeVisible();
}

/** Takes the change of the open dialog back. */
export async function undo(page: Page, dialog: Locator): Promise<void> {
  await dialog.getByRole('button', { name: 'Undo' }).click();
  const revert = page.getByRole('dialog', { name: 'Revert change' });
  await revert
    .getByRole('textbox', { name: 'Reason' })
    .fill('Back to where it was');
  const button = revert.getByRole('button', { name: 'Revert', exact: true });
  await expect(button).toBeEnabled();
  await button.click();
  await expect(revert.getByText('Applied in 3 of 3 clusters')).toBeVisible();
}

/** The spec of an object in each cluster. */
export const specsOf = (path: string) =>
  Promise.all(
    CLUSTERS.map(async cluster => (await readObject(cluster, path)).spec),
  );
