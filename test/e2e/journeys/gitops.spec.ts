import { expect, test, type Locator, type Page } from '@playwright/test';
import { expectAccessible } from '../support/accessibility';
import { patchObject, readObject, resetWorld } from '../support/sandbox';
import { keepScreenshot } from '../support/screenshot';
import { openMeshTab, signInAs } from '../support/signIn';

test.beforeEach(resetWorld);

const CHECKOUT =
  '/apis/networking.istio.io/v1/namespaces/storefront/virtualservices/checkout';

async function timeoutOf(): Promise<unknown> {
  const { spec } = await readObject('staging', CHECKOUT);
  return (spec.http?.[0] as { timeout?: string } | undefined)?.timeout;
}

/** The dialog of timeouts, filled so that the file's line changes. */
async function askForTimeout(page: Page): Promise<Locator> {
  await signInAs(page, 'Dan Osei');
  await openMeshTab(page, 'checkout', '/traffic');
  await page.getByRole('button', { name: 'Actions', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Timeouts and retries' }).click();
  const dialog = page.getByRole('dialog', { name: 'Timeouts and retries' });
  await dialog
    .getByRole('textbox', { name: 'Timeout', exact: true })
    .fill('14s');
  await dialog
    .getByRole('textbox', { name: 'Reason' })
    .fill('Payments needs a second more');
  await expect(
    dialog.getByText('timeout: 14s # agreed with payments, see SHOP-311'),
  ).toBeVisible();
  return dialog;
}

// Before the other: what that one merges stays in the file.
test('the same at GitLab: a merge request, closed by its reviewer', async ({
  page,
  context,
}) => {
  await patchObject('staging', CHECKOUT, [
    {
      op: 'replace',
      path: '/metadata/annotations/argocd.argoproj.io~1tracking-id',
      value:
        'storefront-gitlab:networking.istio.io/VirtualService:storefront/checkout',
    },
  ]);
  const dialog = await askForTimeout(page);
  await dialog.getByRole('button', { name: 'Propose a merge request' }).click();
  const link = dialog.getByRole('link', {
    name: /^Merge request \d+ in gitlab\/shop\/shop-config$/,
  });
  const host = await context.newPage();
  await host.goto((await link.getAttribute('href')) ?? '');
  await expect(
    host.getByRole('button', { name: 'Merge merge request' }),
  ).toBeVisible();
  await host.getByRole('button', { name: 'Close' }).click();
  await expect(
    dialog
      .getByText(
        'The merge request was closed without a merge by reviewer at GitLab',
      )
      .first(),
  ).toBeVisible();
  expect(await timeoutOf()).toBe('12s');
});

test('an object owned by Argo CD: a pull request, merged, applied by Argo CD, seen by the portal', async ({
  page,
  context,
}) => {
  const dialog = await askForTimeout(page);
  const propose = dialog.getByRole('button', {
    name: 'Propose a pull request',
  });
  await expect(propose).toBeEnabled();
  await expect(
    dialog.getByText(
      'Argo CD application storefront-staging applies this from Git.',
    ),
  ).toBeVisible();
  await keepScreenshot(page, 'gitops-propose');
  await propose.click();
  const link = dialog.getByRole('link', {
    name: /^Pull request \d+ in shop\/shop-config$/,
  });
  await expect(link).toBeVisible();
  await expectAccessible(page);
  await keepScreenshot(page, 'gitops-proposed');
  expect(await timeoutOf()).toBe('12s');

  // What a reviewer does, at the Git host.
  const host = await context.newPage();
  await host.goto((await link.getAttribute('href')) ?? '');
  await expect(host.getByText('dan.osei')).toBeVisible();
  await expect(host.getByText(/Istio-Portal-Change: /)).toBeVisible();
  await host.getByRole('button', { name: 'Merge pull request' }).click();
  await expect(host.getByText('merged', { exact: true })).toBeVisible();

  await expect(dialog.getByText(/^Merged by /)).toBeVisible();
  await expect(
    dialog.getByText(
      'Applied by Argo CD application storefront-staging in staging',
    ),
  ).toBeVisible();
  expect(await timeoutOf()).toBe('14s');
  await openMeshTab(page, 'checkout', '/changes');
  await page.getByText('Payments needs a second more').first().click();
  await expect(page.getByText('Seen by the portal').first()).toBeVisible();
  await keepScreenshot(page, 'gitops-change');
  await page.emulateMedia({ colorScheme: 'dark' });
  await keepScreenshot(page, 'gitops-change-dark');
});
