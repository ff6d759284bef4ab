import { expect, test } from '@playwright/test';
import { expectAccessible } from '../support/accessibility';
import {
  applyAndFollow,
  openShiftDialog,
  typeWeights,
} from '../support/dialog';
import {
  CLUSTERS,
  findObject,
  INVENTORY_ROUTE,
  INVENTORY_RULE,
  readObject,
  resetWorld,
} from '../support/sandbox';
import { keepScreenshot } from '../support/screenshot';
import { openMeshTab, signInAs } from '../support/signIn';

test.beforeEach(resetWorld);

const OURS = { 'app.kubernetes.io/managed-by': 'istio-portal' };
const HOST = 'inventory.catalog.svc.cluster.local';

test('where nothing routes a service yet, a first split makes both objects and its revert takes them away', async ({
  page,
}) => {
  for (const cluster of CLUSTERS) {
    expect(await findObject(cluster, INVENTORY_ROUTE)).toBeUndefined();
    expect(await findObject(cluster, INVENTORY_RULE)).toBeUndefined();
  }
  await signInAs(page, 'Mira Kovac');
  await openMeshTab(page, 'inventory');
  await expect(
    page.getByText('Nothing sets a split: spread over all ready pods'),
  ).toBeVisible();
  await expect(page.getByText('By pods').first()).toBeVisible();
  await expect(page.getByText('62.5 %')).toBeVisible();

  const dialog = await openShiftDialog(page);
  await expect(
    dialog.getByText('No route object yet, it will be created'),
  ).toBeVisible();
  await typeWeights(dialog, { v2: 10 });
  await expect(
    dialog.getByText(
      '90 of 100 requests go to v1 and 10 to v2. Until now all ready pods of inventory got requests alike.',
    ),
  ).toBeVisible();
  await dialog.getByRole('button', { name: /^YAML/ }).click();
  for (const kind of ['DestinationRule', 'VirtualService']) {
    await expect(
      dialog.getByText(
        new RegExp(
          `^${kind} catalog/inventory, new, \\d+ lines, in prod-eu, prod-us and staging`,
        ),
      ),
    ).toBeVisible();
  }
  await dialog
    .getByRole('textbox', { name: 'Reason' })
    .fill('v2 takes a tenth, whatever the number of its pods');
  await keepScreenshot(page, 'first-route');
  await applyAndFollow(dialog);
  await keepScreenshot(page, 'first-route-verified');
  await expectAccessible(page, '[role=dialog]');
  for (const cluster of CLUSTERS) {
    const rule = await readObject(cluster, INVENTORY_RULE);
    expect(rule.metadata.labels).toEqual(OURS);
    expect(rule.spec).toEqual({
      host: HOST,
      subsets: [
        { name: 'v1', labels: { version: 'v1' } },
        { name: 'v2', labels: { version: 'v2' } },
      ],
    });
    const route = await readObject(cluster, INVENTORY_ROUTE);
    expect(route.metadata.labels).toEqual(OURS);
    expect(route.spec).toEqual({
      hosts: [HOST],
      http: [
        {
          route: [
            { destination: { host: HOST, subset: 'v1' }, weight: 90 },
            { destination: { host: HOST, subset: 'v2' }, weight: 10 },
          ],
        },
      ],
    });
  }

  // The split follows, and says whose weights these are now.
  await dialog.getByRole('button', { name: 'Close' }).first().click();
  await expect(page.getByText(/In line:.*points off/)).toBeVisible({
    timeout: 60_000,
  });
  await expect(page.getByText(/^(8|9|10|11|12)\.\d\s%$/).first()).toBeVisible();
  await expect(page.getByText('By pods')).toHaveCount(0);

  // The record: nothing before, two objects after.
  await openMeshTab(page, 'inventory', '/changes');
  await expect(
    page.getByText('inventory: first split: v1 90 %, v2 10 %').first(),
  ).toBeVisible();
  const diff = page.getByRole('button', {
    name: /^Object, before and after/,
  });
  await expect(diff).toContainText('2 objects');
  await diff.click();
  for (const kind of ['DestinationRule', 'VirtualService']) {
    await expect(
      page.getByText(new RegExp(`^${kind} catalog/inventory, new,`)),
    ).toBeVisible();
  }
  await diff.scrollIntoViewIfNeeded();
  await keepScreenshot(page, 'first-route-changes');

  await page.getByRole('button', { name: 'Revert', exact: true }).click();
  const revert = page.getByRole('dialog');
  await expect(
    revert.getByText('Requests to inventory go to all ready pods alike again.'),
  ).toBeVisible();
  await revert
    .getByRole('textbox', { name: 'Reason' })
    .fill('End of the exercise');
  await revert.getByRole('button', { name: /^Revert/ }).click();
  await expect(revert.getByText('Applied in')).toBeVisible();
  for (const cluster of CLUSTERS) {
    expect(await findObject(cluster, INVENTORY_ROUTE)).toBeUndefined();
    expect(await findObject(cluster, INVENTORY_RULE)).toBeUndefined();
  }
  await revert.getByRole('button', { name: 'Close' }).first().click();
  await openMeshTab(page, 'inventory');
  await expect(page.getByText('By pods').first()).toBeVisible();
});
