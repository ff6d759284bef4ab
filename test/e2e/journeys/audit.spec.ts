import { readFile } from 'node:fs/promises';
import { expect, test, type Page } from '@playwright/test';
import { expectAccessible } from '../support/accessibility';
import { openShiftDialog, typeWeights } from '../support/dialog';
import { resetWorld } from '../support/sandbox';
import { keepScreenshot } from '../support/screenshot';
import { openMeshTab, signInAs } from '../support/signIn';

test.beforeEach(resetWorld);

/** The log outlives a journey that is tried again. */
const TICKET = `CAT-${Date.now() % 1_000_000}`;
/** Would show a dialog wherever it became markup. */
const MARKUP =
  '<img src=x onerror=alert(1)> "><script>alert(2)</script> <svg/onload=alert(3)>';
const REASON = `A tenth for v2 while the auditor watches ${MARKUP}`;

async function changeReviews(page: Page): Promise<void> {
  await signInAs(page, 'Mira Kovac');
  await openMeshTab(page, 'reviews');
  const dialog = await openShiftDialog(page);
  await typeWeights(dialog, { v1: 70, v2: 30 });
  await dialog.getByRole('textbox', { name: 'Reason' }).fill(REASON);
  await dialog.getByRole('textbox', { name: 'Ticket' }).fill(TICKET);
  const apply = dialog.getByRole('button', { name: 'Apply', exact: true });
  await expect(apply).toBeEnabled();
  await apply.click();
  await expect(dialog.getByText('Applied in')).toBeVisible();
  await dialog.getByRole('button', { name: 'Close' }).first().click();
}

async function exportAs(page: Page, item: RegExp) {
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export' }).click();
  await page.getByRole('menuitem', { name: item }).click();
  const file = await download;
  const text = await readFile(await file.path(), 'utf8');
  return { name: file.suggestedFilename(), lines: text.trim().split('\n') };
}

test('an auditor finds a change, reads its thread, exports it and verifies the log', async ({
  page,
}) => {
  test.slow();
  const made = page.locator('img[src="x"], svg[onload]');
  const dialogs: string[] = [];
  page.on('dialog', async dialog => {
    dialogs.push(dialog.message());
    await dialog.dismiss();
  });
  await changeReviews(page);

  // Who made it comes from the component, and may not export.
  await openMeshTab(page, 'reviews', '/changes');
  await page.getByRole('link', { name: 'Audit thread' }).click();
  const entries = page.getByRole('list', { name: 'Entries of this thread' });
  await expect(
    entries.getByText('Recorded before sending', { exact: true }),
  ).toBeVisible();
  await expect(
    page.getByText(/need permission istio.audit.export/),
  ).toBeVisible();
  await page.getByRole('link', { name: 'Open in Changes' }).click();
  await expect(page.getByText(REASON).first()).toBeVisible();
  await expect(made).toHaveCount(0);

  await page.evaluate(() => window.sessionStorage.clear());
  await signInAs(page, 'Priya Nair');
  await page.goto('/mesh/audit');
  await expect(page.getByRole('row').nth(1)).toBeVisible();
  await keepScreenshot(page, 'audit');
  await expectAccessible(page);
  const ticket = page.getByRole('textbox', { name: 'Ticket' });
  await ticket.fill(TICKET);
  await ticket.press('Enter');
  await expect(page).toHaveURL(new RegExp(`ticket=${TICKET}`));
  const rows = page.getByRole('row').filter({ hasText: TICKET });
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText('mira.kovac');
  await expect(rows).toContainText('VirtualService catalog/reviews');
  await rows.getByRole('link').click();
  await expect(page).toHaveURL(/thread=/);
  await expect(page.getByText(/^Object, before and after/)).toBeVisible();
  await entries
    .getByText(/Entry \d+$/)
    .first()
    .click();
  await expect(entries.getByText('"planHash"')).toBeVisible();
  await expect(made).toHaveCount(0);
  await expectAccessible(page);
  await keepScreenshot(page, 'audit-thread');

  const csv = await exportAs(page, /^CSV/);
  expect(csv.name).toMatch(/\.csv$/);
  expect(csv.lines.length).toBeGreaterThan(1);
  expect(csv.lines.slice(1).every(line => line.includes(TICKET))).toBe(true);
  const proven = await exportAs(page, /^NDJSON/);
  const [manifest, first] = proven.lines.map(line => JSON.parse(line));
  expect(manifest.checkpoint.note).toContain('istio-audit');
  expect(first.inclusion.length).toBeGreaterThan(0);

  // The export wrote a checkpoint; the anchor has it a moment later.
  await page.getByRole('link', { name: 'Verify' }).click();
  await expect(
    page.getByRole('heading', { name: 'The log is intact' }),
  ).toBeVisible();
  await expect(async () => {
    await page.getByRole('button', { name: 'Verify again' }).click();
    await expect(page.getByText('Agrees')).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 30_000 });
  await expect(page.getByText(/signed checkpoints say the same/)).toBeVisible();
  await expectAccessible(page);
  await keepScreenshot(page, 'audit-verification');
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectAccessible(page);
  await keepScreenshot(page, 'audit-verification-dark');
  await page.getByRole('link', { name: 'Back to the log' }).click();
  await page.getByRole('row').nth(1).getByRole('link').click();
  await expect(entries).toBeVisible();
  await expectAccessible(page);
  await keepScreenshot(page, 'audit-thread-dark');
  expect(dialogs).toEqual([]);
});
