import type { Page } from '@playwright/test';
import { expect } from '@playwright/test';

/** Signs in as one of the demo's people through the sign-in page. */
export async function signInAs(page: Page, name: string): Promise<void> {
  await page.goto('/');
  await page.getByRole('button', { name: `Sign in as ${name}` }).click();
  await expect(page.getByRole('link', { name: 'Mesh' })).toBeVisible();
}

/** The Mesh tab of a component of the shop. */
export async function openMeshTab(
  page: Page,
  component: string,
  view = '',
): Promise<void> {
  await page.goto(`/catalog/default/component/${component}/mesh${view}`);
  await expect(
    page.getByRole('heading', { name: component, exact: true }),
  ).toBeVisible();
}
