import { expect, test, type Page } from '@playwright/test';
import { expectAccessible } from '../support/accessibility';
import {
  CLUSTERS,
  patchObject,
  readObject,
  resetWorld,
  REVIEWS,
} from '../support/sandbox';
import { keepScreenshot } from '../support/screenshot';
import { openMeshTab, signInAs } from '../support/signIn';

test.beforeEach(resetWorld);

const [CLUSTER] = CLUSTERS;

const replace = (path: string, value: unknown) =>
  patchObject(CLUSTER, REVIEWS, [{ op: 'replace', path, value }]);

const TITLE = /reviews: VirtualService edited/;

/** Opens the newest edit as soon as it is the one that adds this line; other journeys have made some too. */
async function openEdit(page: Page, line: string) {
  const card = page.getByRole('region', { name: TITLE });
  await expect(async () => {
    await page.getByRole('link', { name: TITLE }).first().click();
    await expect(
      card.getByRole('insertion').filter({ hasText: line }),
    ).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 40_000 });
  return card;
}

test('an edit past the portal is shown with its diff and reverted, another one is adopted', async ({
  page,
}) => {
  const { spec } = await readObject(CLUSTER, REVIEWS);
  await signInAs(page, 'Mira Kovac');
  await openMeshTab(page, 'reviews', '/changes');
  await replace('/spec/http/0/route/0/weight', 55);
  const card = await openEdit(page, 'weight: 55');
  await expect(card.getByText('Manager kubectl-edit (claimed)')).toBeVisible();
  await expect(card.getByText('No reason given').first()).toBeVisible();
  await expectAccessible(page);
  await keepScreenshot(page, 'drift-light');
  await page.emulateMedia({ colorScheme: 'dark' });
  // Another theme builds the page anew.
  await expect(card.getByRole('insertion')).toBeVisible();
  await keepScreenshot(page, 'drift-dark');
  await page.emulateMedia({ colorScheme: 'light' });
  await expect(card.getByRole('insertion')).toBeVisible();

  await page.getByRole('button', { name: 'Revert', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog
    .getByRole('textbox', { name: 'Reason' })
    .fill('Nobody agreed to it');
  await expect(
    dialog.getByRole('button', { name: 'Revert', exact: true }),
  ).toBeEnabled();
  await keepScreenshot(page, 'drift-revert');
  await dialog.getByRole('button', { name: 'Revert', exact: true }).click();
  await expect(dialog.getByText('Applied in')).toBeVisible();
  expect((await readObject(CLUSTER, REVIEWS)).spec).toEqual(spec);
  await dialog.getByRole('button', { name: 'Close' }).first().click();

  await replace('/spec/http/0/route/1/weight', 25);
  await page.goto('/mesh/changes?origin=outside&result=outside');
  await openEdit(page, 'weight: 25');
  await page
    .getByRole('textbox', { name: 'Reason' })
    .fill('Agreed in the incident call');
  await page.getByRole('button', { name: 'Adopt', exact: true }).click();
  await expect(
    page.getByText('Adopted by mira.kovac: Agreed in the incident call'),
  ).toBeVisible();
  await expectAccessible(page);
  await keepScreenshot(page, 'drift-adopted');
});
