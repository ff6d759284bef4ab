import { expect, test } from '@playwright/test';
import { changeWorld, resetWorld, setClusterState } from '../support/sandbox';
import { keepScreenshot } from '../support/screenshot';
import { openMeshTab, signInAs } from '../support/signIn';

test.beforeEach(resetWorld);
test.afterEach(resetWorld);

test('a dead cluster beside live ones leaves the pages usable and says which', async ({
  page,
}) => {
  await setClusterState('staging', 'dead');
  await signInAs(page, 'Paul Adeyemi');
  await page.goto('/mesh');
  await expect(
    page.getByText(/The API server does not answer/).first(),
  ).toBeVisible({ timeout: 60_000 });
  await expect(
    page.getByRole('link', { name: 'reviews', exact: true }),
  ).toBeVisible();
  await keepScreenshot(page, 'dead-cluster');
  await openMeshTab(page, 'reviews');
  await expect(page.getByText(/Healthy:/).first()).toBeVisible();
  await expect(page.getByText(/staging/).first()).toBeVisible();

  await setClusterState('staging', 'up');
  await page.goto('/mesh');
  await expect(page.getByText(/^Fresh/)).toHaveCount(3, { timeout: 90_000 });
});

test('the cause sentence and the proxies’ state follow the world', async ({
  page,
}) => {
  await signInAs(page, 'Dan Osei');
  await openMeshTab(page, 'cart');
  await expect(page.getByText(/Healthy:/).first()).toBeVisible();
  await expect(page.getByText('in sync with istiod')).toBeVisible();
  await changeWorld(
    {
      type: 'failure',
      from: 'storefront/storefront',
      to: 'storefront/cart',
      share: 0.6,
      code: '500',
    },
    {
      type: 'proxies',
      namespace: 'storefront',
      workload: 'cart',
      state: 'refused',
    },
  );
  await expect(
    page
      .getByText(
        /(Degraded|Failing): \d+\.\d\s% of requests from storefront fail with 500/,
      )
      .first(),
  ).toBeVisible({
    timeout: 90_000,
  });
  await expect(
    page.getByText(/out of sync with istiod: cart-\S+ refused routes/),
  ).toBeVisible({ timeout: 90_000 });
  await keepScreenshot(page, 'proxies-out-of-sync');
});
