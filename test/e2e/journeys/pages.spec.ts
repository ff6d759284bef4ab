import { expect, test } from '@playwright/test';
import { expectAccessible } from '../support/accessibility';
import { openShiftDialog } from '../support/dialog';
import { resetWorld } from '../support/sandbox';
import { keepScreenshot } from '../support/screenshot';
import { openMeshTab, signInAs } from '../support/signIn';

test.beforeAll(resetWorld);

test('a component without mesh data is taught what is missing', async ({
  page,
}) => {
  await signInAs(page, 'Dan Osei');
  await openMeshTab(page, 'brand-site');
  await expect(
    page.getByText('backstage.io/kubernetes-namespace').first(),
  ).toBeVisible();
  await keepScreenshot(page, 'empty');
  await expectAccessible(page);
});

test('the entity page carries the three cards', async ({ page }) => {
  await signInAs(page, 'Mira Kovac');
  await page.goto('/catalog/default/component/reviews');
  for (const title of ['Health', 'Encryption', 'Traffic split']) {
    await expect(page.getByRole('heading', { name: title })).toBeVisible();
  }
  await keepScreenshot(page, 'entity-cards');
});

test('the mesh page filters, sorts and keeps both in its address', async ({
  page,
}) => {
  await signInAs(page, 'Paul Adeyemi');
  await page.goto('/mesh');
  await expect(
    page.getByRole('link', { name: 'payments', exact: true }),
  ).toBeVisible();
  await page.getByRole('searchbox').fill('revi');
  await expect(
    page.getByRole('link', { name: 'reviews', exact: true }),
  ).toBeVisible();
  await expect(
    page.getByRole('link', { name: 'payments', exact: true }),
  ).toHaveCount(0);
  await expect(page).toHaveURL(/revi/);
  await page.reload();
  await expect(
    page.getByRole('link', { name: 'reviews', exact: true }),
  ).toBeVisible();
  await expect(
    page.getByRole('link', { name: 'payments', exact: true }),
  ).toHaveCount(0);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`no serious accessibility finding, ${colorScheme}`, async ({
    browser,
  }) => {
    // Six pages, each judged as a whole.
    test.slow();
    const context = await browser.newContext({ colorScheme });
    const page = await context.newPage();
    await signInAs(page, 'Mira Kovac');
    for (const view of ['', '/traffic', '/changes']) {
      await openMeshTab(page, 'reviews', view);
      await expect(page.getByText(/Healthy:/).first()).toBeVisible();
      await keepScreenshot(
        page,
        `reviews${view.replace('/', '-')}-${colorScheme}`,
      );
      await expectAccessible(page);
    }
    await openMeshTab(page, 'payments');
    await expect(page.getByText(/Degraded:/).first()).toBeVisible();
    await keepScreenshot(page, `payments-${colorScheme}`);
    await expectAccessible(page);
    await page.goto('/mesh');
    await expect(
      page.getByRole('link', { name: 'payments', exact: true }),
    ).toBeVisible();
    await keepScreenshot(page, `mesh-${colorScheme}`);
    await expectAccessible(page);
    await openMeshTab(page, 'reviews');
    const dialog = await openShiftDialog(page);
    // The dialog stands before its form is read.
    await expect(
      dialog.getByRole('textbox', { name: 'Weight of v1 in percent' }),
    ).toBeVisible();
    await expectAccessible(page, '[role=dialog]');
    await context.close();
  });
}
