import { expect, test, type Page } from '@playwright/test';
import { expectAccessible } from '../support/accessibility';
import { apply, openAction, specsOf, undo } from '../support/intent';
import { findObject, resetWorld } from '../support/sandbox';
import { keepScreenshot } from '../support/screenshot';
import { openMeshTab, signInAs } from '../support/signIn';

test.beforeEach(resetWorld);

const SECURITY = '/apis/security.istio.io/v1/namespaces/payments';
const ALLOW_CALLERS = `${SECURITY}/authorizationpolicies/allow-callers`;
const FRAUD_CHECK = `${SECURITY}/peerauthentications/fraud-check`;

/** Who would be refused is named, and a second person has to agree. */
async function seeWhoIsRefused(page: Page): Promise<void> {
  const dialog = await openAction(page, 'Encryption (mTLS)');
  await dialog.getByText('Only encrypted calls (STRICT)').click();
  const refused = dialog
    .getByRole('row', { name: /legacy-billing/ })
    .filter({ hasText: 'Would be refused' });
  await expect(refused).toContainText('payments-team');
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('Encrypt all');
  await expect(
    dialog.getByRole('button', { name: 'Send for approval' }),
  ).toBeEnabled();
  await keepScreenshot(page, 'mtls-mode-refused');
  // What the platform decides is shown, and not offered to others.
  await dialog.getByText(/^The whole mesh/).click();
  await expect(
    dialog
      .getByText(/would count for the whole mesh; the platform changes it/)
      .first(),
  ).toBeVisible();
  await expect(
    dialog.getByRole('button', { name: /Apply|Send for approval/ }),
  ).toBeDisabled();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
}

test('encryption: strict where everybody encrypts, applied and taken back', async ({
  page,
}) => {
  await signInAs(page, 'Jonas Weber');
  await openMeshTab(page, 'fraud-check', '/security');
  await page.getByRole('button', { name: 'Go strict' }).click();
  const dialog = page.getByRole('dialog', { name: 'Encryption (mTLS)' });
  await expect(
    dialog.getByText(/Today port 9090: .*\(PERMISSIVE\)/).first(),
  ).toBeVisible();
  await expect(
    dialog.getByText(/would be refused that is let in now/),
  ).toBeVisible();
  await expect(
    dialog.getByRole('row', { name: /Encryption.*PERMISSIVE.*STRICT/ }),
  ).toBeVisible();
  await keepScreenshot(page, 'mtls-mode');
  await expectAccessible(page, '[role=dialog]');
  await apply(dialog, 'Scores are for the shop only');
  expect(await findObject('prod-eu', FRAUD_CHECK)).toMatchObject({
    spec: {
      selector: { matchLabels: { app: 'fraud-check' } },
      mtls: { mode: 'STRICT' },
    },
  });
  await undo(page, dialog);
  expect(await findObject('prod-eu', FRAUD_CHECK)).toBeUndefined();
});

test('who would be refused is named; from a "No" to the rule that lets the caller in, and back', async ({
  page,
}) => {
  const before = await specsOf(ALLOW_CALLERS);
  await signInAs(page, 'Jonas Weber');
  await openMeshTab(
    page,
    'payments',
    '/security?caller=catalog%2Fratings&path=%2Fcharges',
  );
  await seeWhoIsRefused(page);
  await page.getByRole('button', { name: 'Allow catalog/ratings' }).click();
  const dialog = page.getByRole('dialog', { name: 'Who may call' });
  const listed = dialog.getByRole('list', { name: 'Callers of the policy' });
  await expect(listed.getByText('catalog/ratings')).toBeVisible();
  await expect(
    dialog.getByText(/rules\[1\]: address 10.20.0.0\/16/),
  ).toBeVisible();
  await keepScreenshot(page, 'who-may-call');
  await expectAccessible(page, '[role=dialog]');

  // Somebody who does call is not cut off unseen.
  await listed
    .getByRole('button', { name: 'Remove storefront/checkout' })
    .click();
  await expect(
    dialog
      .getByRole('row', { name: /checkout/ })
      .filter({ hasText: 'May be refused' }),
  ).toContainText('storefront-team');
  await expect(
    dialog.getByRole('button', { name: 'Send for approval' }),
  ).toBeVisible();
  await keepScreenshot(page, 'who-may-call-refused');
  await dialog
    .getByRole('list', { name: 'Seen calling' })
    .getByText('checkout', { exact: true })
    .click();

  await apply(dialog, 'Ratings may pay');
  const [spec] = await specsOf(ALLOW_CALLERS);
  expect(JSON.stringify(spec)).toContain('cluster.local/ns/catalog/sa/ratings');
  await undo(page, dialog);
  expect(await specsOf(ALLOW_CALLERS)).toEqual(before);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`a first policy is tried before it is enforced, by keyboard, ${colorScheme}`, async ({
    browser,
  }) => {
    const context = await browser.newContext({ colorScheme });
    const page = await context.newPage();
    await signInAs(page, 'Jonas Weber');
    await openMeshTab(page, 'fraud-check', '/security');
    await page
      .getByRole('button', { name: 'Allow or remove a caller' })
      .press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Who may call' });
    // Everybody who calls is proposed: nobody would be cut off.
    await expect(
      dialog
        .getByRole('list', { name: 'Callers of the policy' })
        .getByText('payments/payments'),
    ).toBeVisible();
    await dialog.getByRole('switch', { name: /Try it first/ }).press('Space');
    await expect(
      dialog.getByText(/fraud-check-allow-trial/).first(),
    ).toBeVisible();
    await keepScreenshot(page, `who-may-call-${colorScheme}`);
    await expectAccessible(page, '[role=dialog]');
    await context.close();
  });
}
