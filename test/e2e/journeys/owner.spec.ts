import { expect, test } from '@playwright/test';
import {
  applyAndFollow,
  openShiftDialog,
  typeWeights,
} from '../support/dialog';
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

async function weightsOf(cluster: string): Promise<(number | undefined)[]> {
  const { spec } = await readObject(cluster, REVIEWS);
  return (spec.http ?? []).at(-1)?.route.map(({ weight }) => weight) ?? [];
}

test('a service owner reads, moves 20 % to the next version, sees it follow, and reverts it', async ({
  page,
}) => {
  await signInAs(page, 'Mira Kovac');
  await openMeshTab(page, 'reviews');

  // Health, encryption and split, each with what decided it.
  await expect(
    page.getByText(/Healthy:.*Threshold 1\s%/).first(),
  ).toBeVisible();
  await expect(page.getByText('100 % encrypted')).toBeVisible();
  await expect(page.getByText('STRICT')).toBeVisible();
  await expect(page.getByText('spec.mtls.mode')).toBeVisible();
  await expect(
    page.getByText(/In line: [\d,]+, [\d,]+ and 0 requests/),
  ).toBeVisible();
  // The first analysis of the clusters is made when somebody looks.
  await expect(page.getByText(/^\d+ rules/)).toBeVisible();
  await keepScreenshot(page, 'overview');

  const dialog = await openShiftDialog(page);
  await typeWeights(dialog, { v1: 60, v3: 20 });
  await expect(
    dialog.getByText('20 of 100 requests move from v1 to v3.'),
  ).toBeVisible();
  await expect(dialog.getByText(/Apply is off/)).toBeVisible();
  await dialog
    .getByRole('textbox', { name: 'Reason' })
    .fill('First traffic for v3, v2 had a quiet day');
  await dialog.getByRole('textbox', { name: 'Ticket' }).fill('CAT-219');
  await expect(dialog.getByText(/Runs as mira\.kovac/)).toBeVisible();
  await keepScreenshot(page, 'shift-traffic');
  await applyAndFollow(dialog);
  await keepScreenshot(page, 'shift-traffic-verified');
  for (const cluster of CLUSTERS)
    expect(await weightsOf(cluster)).toEqual([60, 20, 20]);

  await dialog.getByRole('button', { name: 'Close' }).first().click();
  await expect(page.getByText(/In line:.*points off/)).toBeVisible({
    timeout: 60_000,
  });
  await expect(page.getByText(/^(19|20|21)\.\d\s%$/).first()).toBeVisible();

  // The record, and back.
  await page
    .getByRole('link', { name: 'Changes' })
    .or(page.getByRole('tab', { name: 'Changes' }))
    .first()
    .click();
  await expect(
    page.getByText('First traffic for v3, v2 had a quiet day').first(),
  ).toBeVisible();
  await expect(page.getByText('CAT-219').first()).toBeVisible();
  await expect(
    page.getByText('Verified').filter({ visible: true }).first(),
  ).toBeVisible();
  await keepScreenshot(page, 'changes');
  await page.getByRole('button', { name: 'Revert', exact: true }).click();
  const revert = page.getByRole('dialog');
  await revert
    .getByRole('textbox', { name: 'Reason' })
    .fill('End of the exercise');
  await revert.getByRole('button', { name: /^Revert/ }).click();
  await expect(revert.getByText('Applied in')).toBeVisible();
  for (const cluster of CLUSTERS)
    expect(await weightsOf(cluster)).toEqual([80, 20, 0]);
  await revert.getByRole('button', { name: 'Close' }).first().click();
  await expect(
    page.getByText('Reverted').filter({ visible: true }).first(),
  ).toBeVisible();
});

test('a change made with kubectl shows without reload', async ({ page }) => {
  await signInAs(page, 'Mira Kovac');
  await openMeshTab(page, 'reviews', '/traffic');
  await expect(page.getByText('80 %').first()).toBeVisible();
  for (const cluster of CLUSTERS) {
    await patchObject(cluster, REVIEWS, [
      { op: 'replace', path: '/spec/http/0/route/0/weight', value: 55 },
      { op: 'replace', path: '/spec/http/0/route/1/weight', value: 45 },
    ]);
  }
  await expect(page.getByText('55 %').first()).toBeVisible({ timeout: 10_000 });
});

test('the two other edges of the shop are told as they are', async ({
  page,
}) => {
  await signInAs(page, 'Jonas Weber');
  await openMeshTab(page, 'payments');
  await expect(
    page
      .getByText(/Degraded: \d\.\d\s% of requests from checkout fail with 503/)
      .first(),
  ).toBeVisible();
  await expect(
    page.getByText(/All \d+ failures came from v2; v1 had none/),
  ).toBeVisible();
  await expect(page.getByText('Plaintext callers')).toBeVisible();
  await expect(page.getByText('legacy-billing').first()).toBeVisible();
  await keepScreenshot(page, 'payments');
});
