import { expect, test, type Page } from '@playwright/test';
import { expectAccessible } from '../support/accessibility';
import { FREEZE } from '../support/freeze';
import { openAction } from '../support/intent';
import { openShiftDialog, typeWeights } from '../support/dialog';
import {
  CLUSTERS,
  findObject,
  PAYMENTS,
  readObject,
  resetWorld,
} from '../support/sandbox';
import { keepScreenshot } from '../support/screenshot';
import { openMeshTab, signInAs } from '../support/signIn';

test.beforeEach(resetWorld);

async function signInInstead(page: Page, name: string): Promise<void> {
  await page.evaluate(() => window.sessionStorage.clear());
  await signInAs(page, name);
}

async function weights(cluster: string): Promise<(number | undefined)[]> {
  const { spec } = await readObject(cluster, PAYMENTS);
  const split = (spec.http ?? []).find(({ route }) => route.length > 1);
  return split?.route.map(({ weight }) => weight) ?? [];
}

/** Moves half of the requests of payments, which checkout of another team calls. */
async function askForHalf(page: Page, reason: string): Promise<void> {
  await signInAs(page, 'Jonas Weber');
  await openMeshTab(page, 'payments');
  const dialog = await openShiftDialog(page);
  await typeWeights(dialog, { v1: 50, v2: 50 });
  await dialog.getByRole('textbox', { name: 'Reason' }).fill(reason);
  const send = dialog.getByRole('button', { name: 'Send for approval' });
  await expect(send).toBeEnabled();
  await expect(
    dialog.getByText(/Waits for the approval of .*storefront-team/),
  ).toBeVisible();
  await keepScreenshot(page, 'approval-asked');
  await send.click();
  await expect(dialog.getByText('Waiting for approval')).toBeVisible();
  await dialog.getByRole('button', { name: 'Close' }).first().click();
}

async function openQueue(page: Page, name: string): Promise<void> {
  await signInInstead(page, name);
  await page.goto('/mesh');
  await page.getByRole('link', { name: /^Approvals/ }).click();
}

test('a large step waits for the team whose calls it reaches, and is applied when they approve', async ({
  page,
}) => {
  const before = await weights(CLUSTERS[0]);
  await askForHalf(page, 'Half for v2, the invoices are ready');
  expect(await weights(CLUSTERS[0])).toEqual(before);

  await openQueue(page, 'Dan Osei');
  await expect(
    page.getByText('Half for v2, the invoices are ready').first(),
  ).toBeVisible();
  await expect(page.getByRole('region', { name: 'Preview' })).toBeVisible();
  await expectAccessible(page);
  await keepScreenshot(page, 'approvals');
  await page.getByRole('button', { name: 'Approve', exact: true }).click();
  await expect(page.getByText('Nothing waits for you.')).toBeVisible();
  expect(await weights(CLUSTERS[0])).toEqual(before);

  // A caller without proxy has no owner: the portal's approvers speak for it.
  await openQueue(page, 'Priya Nair');
  await page.getByRole('button', { name: 'Approve', exact: true }).click();
  await expect(async () => {
    expect(await weights(CLUSTERS[0])).toEqual([50, 50]);
  }).toPass({ timeout: 20_000 });

  await signInInstead(page, 'Jonas Weber');
  await openMeshTab(page, 'payments', '/changes');
  await expect(page.getByText('Approved in part by dan.osei')).toBeVisible();
  await expect(page.getByText('Approved by priya.nair')).toBeVisible();
});

test('who is asked can decline, and the requester reads why', async ({
  page,
}) => {
  const before = await weights(CLUSTERS[0]);
  await askForHalf(page, 'Half for v2, on a Friday');
  await openQueue(page, 'Dan Osei');
  await page
    .getByRole('textbox', { name: 'Reason' })
    .fill('Not before the weekend');
  await page.getByRole('button', { name: 'Decline', exact: true }).click();
  await signInInstead(page, 'Jonas Weber');
  await openMeshTab(page, 'payments', '/changes');
  await expect(
    page.getByText('Declined').filter({ visible: true }).first(),
  ).toBeVisible();
  await expect(page.getByText('Not before the weekend').first()).toBeVisible();
  expect(await weights(CLUSTERS[0])).toEqual(before);
});

const CART =
  '/apis/security.istio.io/v1/namespaces/storefront/peerauthentications/cart';

test('in a freeze nothing goes out but an emergency, which somebody else reviews afterwards', async ({
  page,
}) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await signInAs(page, 'Paul Adeyemi');
  await openMeshTab(page, 'cart');
  const dialog = await openAction(page, 'Encryption (mTLS)');
  await dialog.getByText('Both, encrypted or not (PERMISSIVE)').click();
  const why = dialog.getByRole('textbox', { name: 'Reason' });
  await why.fill('Old tills cannot pay');
  const apply = dialog.getByRole('button', { name: 'Apply', exact: true });
  const ask = dialog.getByRole('button', { name: 'Send for approval' });
  const told = (words: RegExp) => dialog.getByRole('status').getByText(words);
  const frozen = told(/Freeze “Sale week” until/);
  await expect(frozen).toBeVisible();
  await expect(ask).toBeDisabled();
  await expectAccessible(page, '[role=dialog]');
  await keepScreenshot(page, 'freeze-dark');

  // After its end it goes the usual way.
  const applyAt = dialog.getByLabel(/^Apply at/);
  await applyAt.fill(FREEZE.to);
  await expect(ask).toBeEnabled();
  await expect(frozen).toBeHidden();

  const emergency = dialog.getByRole('checkbox', { name: /^Emergency/ });
  // The box itself is drawn over.
  await emergency.press('Space');
  await expect(told(/an emergency is applied at once/)).toBeVisible();
  await applyAt.fill('');
  await why.fill('');
  await expect(told(/the reason is missing/)).toBeVisible();
  await expect(apply).toBeDisabled();
  await why.fill('Old tills cannot pay');
  await expect(apply).toBeEnabled();
  await expect(
    dialog.getByText(/Freeze .*passed over in an emergency/),
  ).toBeVisible();
  await keepScreenshot(page, 'emergency-dark');
  await expectAccessible(page, '[role=dialog]');
  await apply.click();
  await expect(dialog.getByText('Applied in 3 of 3 clusters')).toBeVisible();
  expect(await findObject('prod-eu', CART)).toMatchObject({
    spec: { mtls: { mode: 'PERMISSIVE' } },
  });

  await page.emulateMedia({ colorScheme: 'light' });
  await openQueue(page, 'Dan Osei');
  await page
    .getByRole('region', { name: 'To be reviewed' })
    .getByRole('link')
    .first()
    .click();
  await expect(page.getByText(/^To be reviewed until/)).toBeVisible();
  await expectAccessible(page);
  await keepScreenshot(page, 'emergency-review');
  const accept = page.getByRole('button', { name: 'Accept', exact: true });
  await expect(accept).toBeDisabled();
  await page
    .getByRole('textbox', { name: 'Reason' })
    .fill('The tills did need it');
  await accept.click();
  // It has left the queue, and stays on the screen.
  await expect(page.getByText('Accepted by').first()).toBeVisible();
  await openMeshTab(page, 'cart', '/changes');
  await expect(page.getByText('Accepted by').first()).toBeVisible();
  await expect(page.getByText('The tills did need it').first()).toBeVisible();
});
