import { expect, test } from '@playwright/test';
import { expectAccessible } from '../support/accessibility';
import { resetWorld, setClusterState } from '../support/sandbox';
import { keepScreenshot } from '../support/screenshot';
import { openMeshTab, signInAs } from '../support/signIn';

test.beforeEach(resetWorld);

test('the plaintext callers of a service, their owners, and what would make it strict', async ({
  page,
}) => {
  await signInAs(page, 'Jonas Weber');
  await openMeshTab(page, 'payments');
  await page
    .getByRole('navigation', { name: 'Mesh views' })
    .getByRole('link', { name: 'Security' })
    .click();
  await expect(page.getByTestId('strict-verdict')).toContainText(
    'Not ready: 3 callers would break',
  );
  const breaking = page.getByRole('list', { name: 'Who would break' });
  const catalog = breaking
    .getByRole('listitem')
    .filter({ hasText: 'catalog-v1' });
  await expect(
    catalog.getByRole('link', { name: 'catalog-team' }),
  ).toBeVisible();
  await expect(catalog).toContainText(
    'Remove spec.trafficPolicy.tls of DestinationRule catalog/payments-plain',
  );
  const billing = breaking
    .getByRole('listitem')
    .filter({ hasText: 'legacy-billing' });
  await expect(
    billing.getByRole('link', { name: 'payments-team' }),
  ).toBeVisible();
  await expect(billing).toContainText('Add namespace legacy to the mesh');

  // Beside it who calls, and with what identity.
  const callers = page.getByRole('region', { name: 'Who calls payments' });
  await expect(callers.getByRole('row', { name: /^checkout/ })).toContainText(
    'storefront/checkout',
  );
  await expect(
    callers.getByRole('row', { name: /^legacy-billing/ }),
  ).toContainText('None sent');
  await keepScreenshot(page, 'security');
});

test('whether a namespace can go strict', async ({ page }) => {
  await signInAs(page, 'Mira Kovac');
  await openMeshTab(page, 'reviews', '/security');
  await expect(page.getByTestId('strict-verdict')).toContainText(
    'Strict already',
  );
  await page.getByRole('button', { name: 'Namespace catalog' }).click();
  await expect(page).toHaveURL(/strict=namespace/);
  // A workload's own policy keeps it open, and is named.
  await expect(
    page.getByText(/Would stay open: catalog\/catalog-v1/),
  ).toBeVisible();
  await page.reload();
  await expect(
    page.getByText(/Would stay open: catalog\/catalog-v1/),
  ).toBeVisible();
  await keepScreenshot(page, 'security-namespace');
});

test('which namespaces of the mesh can go strict', async ({ page }) => {
  await signInAs(page, 'Paul Adeyemi');
  await page.goto('/mesh');
  await page.getByRole('link', { name: 'Security posture' }).click();
  const row = (namespace: string) =>
    page.getByRole('row', { name: new RegExp(`^${namespace}`) });
  await expect(row('catalog')).toContainText('Strict already');
  await expect(row('legacy')).toContainText('Nothing to make strict');
  await expectAccessible(page);
  await keepScreenshot(page, 'mesh-posture');
  await row('payments')
    .getByRole('link', { name: 'fraud-check', exact: true })
    .click();
  await expect(page).toHaveURL(/component\/fraud-check\/mesh\/security/);
});

test('why A is denied by B, and the policy that decided', async ({ page }) => {
  await signInAs(page, 'Jonas Weber');
  await openMeshTab(page, 'payments', '/security');
  const form = page.getByRole('form', { name: 'Who can call payments' });
  await form.getByRole('combobox', { name: 'Caller' }).fill('catalog/ratings');
  await page.keyboard.press('Tab');
  await form.getByRole('textbox', { name: 'Path' }).fill('/charges');
  await form.getByRole('button', { name: 'Ask' }).click();
  const answer = page.getByTestId('authorization-answer');
  await expect(answer).toContainText('No. payments turns it away');
  await expect(answer).toContainText('rule 1 not met');
  await expect(answer).toContainText('spec.rules');
  await expect(page).toHaveURL(/caller=catalog%2Fratings/);
  // The address is the question: another person opens it and sees the same.
  await page.reload();
  await expect(answer).toContainText('No. payments turns it away');
  await answer.scrollIntoViewIfNeeded();
  await keepScreenshot(page, 'security-denied');
  await answer
    .getByRole('link', { name: /AuthorizationPolicy payments\/allow-callers/ })
    .first()
    .click();
  // The policy as it is in the cluster, with the rules marked.
  await expect(page.getByRole('dialog')).toContainText(
    'cluster.local/ns/storefront/sa/checkout',
  );
});

test('a cluster that does not answer makes the readiness unknown or keeps its callers out, and says so', async ({
  page,
}) => {
  await setClusterState('staging', 'dead');
  await signInAs(page, 'Jonas Weber');
  await openMeshTab(page, 'payments', '/security');
  await expect(page.getByText(/staging/).first()).toBeVisible();
  await expect(page.getByTestId('strict-verdict')).toContainText('Not ready');
  await expect(page.getByText(/Not known: staging/)).toBeVisible({
    timeout: 60_000,
  });
  await setClusterState('staging', 'up');
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`no serious accessibility finding in the security view, ${colorScheme}`, async ({
    browser,
  }) => {
    const context = await browser.newContext({ colorScheme });
    const page = await context.newPage();
    await signInAs(page, 'Jonas Weber');
    await openMeshTab(
      page,
      'payments',
      '/security?caller=catalog%2Fratings&method=POST&path=%2Fcharges',
    );
    await expect(page.getByTestId('strict-verdict')).toBeVisible();
    await expect(page.getByTestId('authorization-answer')).toBeVisible();
    await keepScreenshot(page, `security-${colorScheme}`);
    await expectAccessible(page);
    await context.close();
  });
}
