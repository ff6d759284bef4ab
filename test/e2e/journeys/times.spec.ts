import { expect, test } from '@playwright/test';
import { callApi } from '../support/api';
import { openShiftDialog, typeWeights } from '../support/dialog';
import { CLUSTERS, readObject, resetWorld, REVIEWS } from '../support/sandbox';
import { keepScreenshot } from '../support/screenshot';
import { openMeshTab, signInAs } from '../support/signIn';

test.beforeEach(resetWorld);

const ENTITY = 'component:default/reviews';
const INTENT = {
  type: 'shiftTraffic',
  params: {
    clusters: CLUSTERS,
    namespace: 'catalog',
    service: 'reviews',
    route: {
      kind: 'VirtualService',
      namespace: 'catalog',
      name: 'reviews',
      fieldPath: 'http[0]',
    },
    weights: [
      { key: 'v1', weight: 70 },
      { key: 'v2', weight: 30 },
      { key: 'v3', weight: 0 },
    ],
  },
};

async function weights(cluster: string): Promise<(number | undefined)[]> {
  const { spec } = await readObject(cluster, REVIEWS);
  return (spec.http ?? []).at(-1)?.route.map(({ weight }) => weight) ?? [];
}

test('a change with an end is taken back by itself, as who asked for it', async ({
  page,
}) => {
  const preview = await callApi('mira.kovac', '/v1/changes/preview', {
    entityRef: ENTITY,
    intent: INTENT,
  });
  const { plan } = await preview.json();
  const submitted = await callApi('mira.kovac', '/v1/changes', {
    entityRef: ENTITY,
    intent: INTENT,
    reason: 'A look at v2 for some seconds',
    planHash: plan.hash,
    expiresAt: new Date(Date.now() + 12_000).toISOString(),
  });
  expect(submitted.status).toBe(201);
  for (const cluster of CLUSTERS)
    expect(await weights(cluster)).toEqual([70, 30, 0]);
  await expect(async () => {
    for (const cluster of CLUSTERS)
      expect(await weights(cluster)).toEqual([80, 20, 0]);
  }).toPass({ timeout: 60_000 });

  await signInAs(page, 'Mira Kovac');
  await openMeshTab(page, 'reviews', '/changes');
  await expect(
    page.getByText('Its time was over: A look at v2 for some seconds').first(),
  ).toBeVisible();
  await expect(
    page.getByText('Reverted').filter({ visible: true }).first(),
  ).toBeVisible();
});

test('a change can wait for its time, and be cancelled before', async ({
  page,
}) => {
  await signInAs(page, 'Mira Kovac');
  await openMeshTab(page, 'reviews');
  const dialog = await openShiftDialog(page);
  await typeWeights(dialog, { v1: 70, v2: 30 });
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('For the evening');
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
  await dialog.getByLabel(/^Apply at/).fill(tomorrow.slice(0, 16));
  const schedule = dialog.getByRole('button', { name: 'Schedule' });
  await expect(schedule).toBeEnabled();
  await keepScreenshot(page, 'schedule');
  await schedule.click();
  await expect(dialog.getByText('Scheduled').first()).toBeVisible();
  for (const cluster of CLUSTERS)
    expect(await weights(cluster)).toEqual([80, 20, 0]);
  await dialog.getByRole('button', { name: 'Close' }).first().click();

  await openMeshTab(page, 'reviews', '/changes');
  await page.getByRole('textbox', { name: 'Reason' }).fill('Not tonight');
  await page.getByRole('button', { name: 'Cancel change' }).click();
  await expect(
    page.getByText('Cancelled').filter({ visible: true }).first(),
  ).toBeVisible();
});
