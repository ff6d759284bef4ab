import type { Page } from '@playwright/test';
import { expect, test } from '@playwright/test';
import { expectAccessible } from '../support/accessibility';
import { callApi } from '../support/api';
import {
  patchObject,
  readObject,
  resetWorld,
  REVIEWS,
} from '../support/sandbox';
import { keepScreenshot } from '../support/screenshot';
import { openMeshTab, signInAs } from '../support/signIn';

const CLUSTERS = ['prod-eu', 'prod-us'];

/** Somebody writes a rule below one that takes every request. */
test.beforeEach(async () => {
  await resetWorld();
  for (const cluster of CLUSTERS) {
    await patchObject(cluster, REVIEWS, [
      {
        op: 'add',
        path: '/spec/http/-',
        value: {
          name: 'beta-users',
          match: [{ headers: { 'x-beta': { exact: 'true' } } }],
          route: [{ destination: { host: 'reviews', subset: 'v2' } }],
        },
      },
    ]);
  }
});

const unreached = (page: Page) =>
  page.getByRole('button', { name: /^Never reached/ });

test('an owner reads what is wrong, sees it in the object, and what would mend it', async ({
  page,
}) => {
  await signInAs(page, 'Mira Kovac');
  await openMeshTab(page, 'reviews');
  const card = page.getByRole('region', { name: 'Findings' });
  await card.getByRole('link', { name: /^Never reached/ }).click();

  await expect(page).toHaveURL(/\/mesh\/findings\?finding=ISB0108/);
  await expect(unreached(page)).toHaveAttribute('aria-expanded', 'true');
  await expect(page.getByText('What to do:')).toBeVisible();
  await expect(page.getByText('prod-eu and prod-us').first()).toBeVisible();
  const fix = page.getByRole('region', { name: 'Proposed change' });
  await expect(fix.getByText('name: beta-users')).toBeVisible();
  await expect(fix.getByText('nothing is changed by itself')).toBeVisible();
  await keepScreenshot(page, 'findings');

  await page
    .getByRole('link', {
      name: 'VirtualService catalog/reviews, field spec.http[1]',
    })
    .first()
    .click();
  const object = page.getByRole('dialog', {
    name: 'VirtualService catalog/reviews',
  });
  await expect(object.locator('mark').first()).toContainText(
    'name: beta-users',
  );
  await expect(object.locator('mark').first()).toBeInViewport();
  await expect(object.getByText('kubectl-edit (claimed)')).toBeVisible();
  await expect(object.getByText('managedFields')).toHaveCount(0);
  await keepScreenshot(page, 'object');
  await expectAccessible(page, '[role=dialog]');

  const address = page.url();
  await page.keyboard.press('Escape');
  await expect(object).toHaveCount(0);
  await page.goto(address);
  await expect(object.locator('mark').first()).toBeVisible();
});

test('an owner sends the proposed change, and the finding is gone', async ({
  page,
}) => {
  await signInAs(page, 'Mira Kovac');
  await openMeshTab(page, 'reviews', '/findings');
  await unreached(page).click();
  const fix = page.getByRole('region', { name: 'Proposed change' });
  await fix.getByRole('button', { name: 'Preview the change' }).click();
  const dialog = page.getByRole('dialog', { name: /^Remove http\[1\]/ });
  await expect(dialog.getByText('name: beta-users').first()).toBeVisible();
  await dialog
    .getByRole('textbox', { name: 'Reason' })
    .fill('Nobody gets to this rule');
  const apply = dialog.getByRole('button', { name: 'Apply', exact: true });
  await expect(apply).toBeEnabled();
  await keepScreenshot(page, 'mend-finding');
  await expectAccessible(page, '[role=dialog]');
  await apply.click();
  await expect(dialog.getByText('Applied in 2 of 2 clusters')).toBeVisible();
  for (const cluster of CLUSTERS) {
    const { spec } = await readObject(cluster, REVIEWS);
    expect(JSON.stringify(spec)).not.toContain('beta-users');
  }
  await dialog.getByRole('button', { name: 'Close' }).first().click();
  await expect(unreached(page)).toHaveCount(0);
});

test('a finding goes when its cause goes, without reload', async ({ page }) => {
  await signInAs(page, 'Mira Kovac');
  await openMeshTab(page, 'reviews', '/findings');
  await expect(unreached(page)).toBeVisible();
  for (const cluster of CLUSTERS) {
    await patchObject(cluster, REVIEWS, [
      { op: 'remove', path: '/spec/http/1' },
    ]);
  }
  await expect(unreached(page)).toHaveCount(0);
});

test('the findings of the mesh are searched and filtered, and lead to the component', async ({
  page,
}) => {
  await signInAs(page, 'Paul Adeyemi');
  await page.goto('/mesh');
  await page.getByRole('link', { name: 'Findings', exact: true }).click();
  await page.getByRole('searchbox').fill('IST0130 catalog/reviews');
  await expect(unreached(page)).toHaveCount(1);
  await expect(page).toHaveURL(/search=IST0130/);
  await page.getByRole('button', { name: /warnings$/ }).click();
  await expect(page).toHaveURL(/severity=warning/);
  await page.reload();
  await expect(unreached(page)).toHaveCount(1);
  await keepScreenshot(page, 'mesh-findings');
  await page
    .getByRole('region', { name: 'Findings' })
    .getByRole('link', { name: 'reviews', exact: true })
    .first()
    .click();
  await expect(page).toHaveURL(/component\/reviews\/mesh/);
});

test('an object that concerns no component of theirs is not shown', async () => {
  const query =
    'cluster=prod-eu&apiVersion=v1&kind=Secret&namespace=catalog&name=any';
  const answer = await callApi('mira.kovac', `/v1/objects?${query}`);
  expect(answer.status).toBe(404);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`no serious accessibility finding on findings, ${colorScheme}`, async ({
    browser,
  }) => {
    test.slow();
    const context = await browser.newContext({ colorScheme });
    const page = await context.newPage();
    await signInAs(page, 'Mira Kovac');
    await openMeshTab(page, 'reviews', '/findings');
    await unreached(page).click();
    await expect(
      page.getByRole('region', { name: 'Proposed change' }),
    ).toContainText('beta-users');
    await keepScreenshot(page, `reviews-findings-${colorScheme}`);
    await expectAccessible(page);
    await page.goto('/mesh/findings');
    await expect(unreached(page).first()).toBeVisible();
    await keepScreenshot(page, `mesh-findings-${colorScheme}`);
    await expectAccessible(page);
    await context.close();
  });
}
