import type { Locator, Page } from '@playwright/test';
import { expect, test } from '@playwright/test';
import { expectAccessible } from '../support/accessibility';
import { callApi } from '../support/api';
import { CLUSTERS, readObject, resetWorld, REVIEWS } from '../support/sandbox';
import { keepScreenshot } from '../support/screenshot';
import { openMeshTab, signInAs } from '../support/signIn';

test.beforeEach(resetWorld);

async function openTest(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'Actions', exact: true }).click();
  await page.getByRole('menuitem', { name: 'A/B test' }).click();
  const dialog = page.getByRole('dialog', { name: 'A/B test' });
  await expect(dialog.getByText('Who gets which version')).toBeVisible();
  return dialog;
}

const specsOf = () =>
  Promise.all(
    CLUSTERS.map(async cluster => (await readObject(cluster, REVIEWS)).spec),
  );

/** The condition's group, with what is looked at chosen by the keyboard. */
async function choose(
  page: Page,
  options: { within: Locator; field: string; option: string },
) {
  const { within, field, option } = options;
  await within.getByRole('button', { name: field }).press('Enter');
  await page.getByRole('option', { name: option }).press('Enter');
}

test('an A/B test: from the form to seen in traffic, read back, and taken back', async ({
  page,
}) => {
  const before = await specsOf();
  await signInAs(page, 'Mira Kovac');
  await openMeshTab(page, 'reviews', '/traffic');
  const dialog = await openTest(page);
  await dialog.getByRole('button', { name: 'Add a group' }).press('Enter');
  const group = dialog.getByRole('group', { name: 'Group A', exact: true });
  const first = group.getByRole('group', { name: 'Group A, condition 1' });
  await expect(
    first.getByText('Header: the name must be a header name'),
  ).toBeVisible();
  await first.getByRole('textbox', { name: 'Name' }).fill('x-beta');
  await first.getByRole('textbox', { name: 'Value' }).fill('yes');
  await choose(page, { within: group, field: 'get version', option: 'v3' });
  await expect(
    dialog.getByText(/Header x-beta is exactly yes, http\[0\].*v3 100 %/),
  ).toBeVisible();

  // What the place cannot ask for is off, with the reason.
  await first.getByRole('button', { name: 'What is looked at' }).press('Enter');
  const claim = page.getByRole('option', { name: /token claim/ });
  await expect(claim).toBeDisabled();
  await expect(claim).toContainText('known at a gateway only');
  await page.keyboard.press('Escape');

  await group.getByRole('button', { name: 'Or others' }).press('Enter');
  const second = group.getByRole('group', { name: 'Group A, condition 2' });
  await choose(page, {
    within: second,
    field: 'What is looked at',
    option: 'Caller’s labels',
  });
  await second.getByRole('textbox', { name: 'Value' }).fill('app=catalog');
  await expect(
    dialog.getByText(/From pods with app=catalog/).first(),
  ).toBeVisible();
  await keepScreenshot(page, 'ab-test');
  await expectAccessible(page, '[role=dialog]');
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('Is v3 better?');
  const apply = dialog.getByRole('button', { name: 'Apply', exact: true });
  await expect(apply).toBeEnabled();
  await apply.click();
  await expect(dialog.getByText('Applied in 3 of 3 clusters')).toBeVisible();
  for (const { http } of await specsOf()) {
    expect(http).toMatchObject([
      {
        match: [
          { headers: { 'x-beta': { exact: 'yes' } } },
          { sourceLabels: { app: 'catalog' } },
        ],
        timeout: '3s',
        route: [{ destination: { host: 'reviews', subset: 'v3' } }],
      },
      { name: 'primary', route: [{ weight: 80 }, { weight: 20 }, {}] },
    ]);
  }
  await expect(
    dialog.getByText(/requests went to v3, none did before/).first(),
  ).toBeVisible({ timeout: 90_000 });
  await keepScreenshot(page, 'ab-test-verified');

  // Opened again the form knows the test, and can end it.
  await dialog.getByRole('button', { name: 'Close' }).first().click();
  await page.emulateMedia({ colorScheme: 'dark' });
  const again = await openTest(page);
  await expect(
    again
      .getByRole('group', { name: 'Group A, condition 1' })
      .getByRole('textbox', { name: 'Name' }),
  ).toHaveValue('x-beta');
  await keepScreenshot(page, 'ab-test-dark');
  await expectAccessible(page, '[role=dialog]');
  await again.getByRole('button', { name: 'End the test' }).click();
  await choose(page, {
    within: again,
    field: 'Everybody',
    option: 'v3 alone',
  });
  await again.getByRole('textbox', { name: 'Reason' }).fill('v3 has won');
  await expect(
    again.getByText(/100 of 100 requests move to v3/).first(),
  ).toBeVisible();
  await again.getByRole('button', { name: 'Cancel' }).click();

  await openMeshTab(page, 'reviews', '/changes');
  await page.getByRole('button', { name: 'Revert', exact: true }).click();
  const revert = page.getByRole('dialog');
  await revert.getByRole('textbox', { name: 'Reason' }).fill('Enough seen');
  await revert.getByRole('button', { name: /^Revert/ }).click();
  await expect(revert.getByText('Applied in 3 of 3 clusters')).toBeVisible();
  expect(await specsOf()).toEqual(before);
});

test('a template starts an A/B test with an end date', async ({ page }) => {
  test.setTimeout(120_000);
  await signInAs(page, 'Mira Kovac');
  await page.goto('/create/templates/default/ab-test');
  await expect(
    page.getByRole('heading', { name: 'A/B test with an end date' }),
  ).toBeVisible();
  const lastDay = new Date(Date.now() + 7 * 86_400_000)
    .toISOString()
    .slice(0, 10);
  await page.getByLabel(/^Last day/).fill(lastDay);
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('textbox', { name: 'Reason' }).fill('A week with v3');
  await page.getByRole('button', { name: 'Review' }).click();
  await page.getByRole('button', { name: 'Create' }).click();
  await expect(
    page.getByRole('button', { name: 'See the change' }),
  ).toBeVisible({ timeout: 90_000 });
  await keepScreenshot(page, 'ab-test-template');
  const { spec } = await readObject('prod-eu', REVIEWS);
  expect(spec.http).toMatchObject([
    {
      match: [{ headers: { 'x-beta': { exact: 'yes' } } }],
      route: [{ destination: { subset: 'v3' } }],
    },
    { name: 'primary' },
  ]);
  const answer = await callApi('mira.kovac', '/v1/changes?limit=1');
  const { items } = await answer.json();
  expect(items[0]).toMatchObject({
    requestedBy: { entityRef: 'user:default/mira.kovac' },
    reason: 'A week with v3',
    expiresAt: expect.stringContaining(`${lastDay}T23:59:59`),
  });
});
