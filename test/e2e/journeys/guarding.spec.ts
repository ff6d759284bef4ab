import { expect, test } from '@playwright/test';
import { expectAccessible } from '../support/accessibility';
import { apply, undo } from '../support/intent';
import { findObject, resetWorld } from '../support/sandbox';
import { keepScreenshot } from '../support/screenshot';
import { openMeshTab, signInAs } from '../support/signIn';

test.beforeEach(resetWorld);

const SECURITY = '/apis/security.istio.io/v1/namespaces/payments';
const FRAUD_CHECK = `${SECURITY}/peerauthentications/fraud-check`;

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
