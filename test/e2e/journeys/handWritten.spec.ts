import type { Page } from '@playwright/test';
import { expect, test } from '@playwright/test';
import {
  applyAndFollow,
  openShiftDialog,
  typeWeights,
} from '../support/dialog';
import type { KubernetesObject } from '../support/sandbox';
import {
  CATALOG,
  CLUSTERS,
  readObject,
  RECOMMENDATIONS,
  resetWorld,
} from '../support/sandbox';
import { openMeshTab, signInAs } from '../support/signIn';

test.beforeEach(resetWorld);

/** What people wrote: without the portal's own annotations and what the server owns. */
function written({ metadata, spec }: KubernetesObject) {
  const annotations = Object.fromEntries(
    Object.entries(metadata.annotations ?? {}).filter(
      ([key]) => !key.startsWith('istio-portal.dev/'),
    ),
  );
  return { spec, labels: metadata.labels ?? {}, annotations };
}

async function shiftAndRevert(
  page: Page,
  options: { component: string; weights: Record<string, number> },
) {
  await openMeshTab(page, options.component);
  const dialog = await openShiftDialog(page);
  await typeWeights(dialog, options.weights);
  await dialog
    .getByRole('textbox', { name: 'Reason' })
    .fill('Trying the second version');
  await applyAndFollow(dialog);
  await dialog.getByRole('button', { name: 'Close' }).first().click();
  await openMeshTab(page, options.component, '/changes');
  await page.getByRole('button', { name: 'Revert', exact: true }).click();
  const revert = page.getByRole('dialog');
  await revert
    .getByRole('textbox', { name: 'Reason' })
    .fill('Back to where it was');
  await revert.getByRole('button', { name: /^Revert/ }).click();
  await expect(revert.getByText('Applied in')).toBeVisible();
}

test('a hand-written VirtualService is itself again after shift and revert', async ({
  page,
}) => {
  const before = await Promise.all(
    CLUSTERS.map(cluster => readObject(cluster, CATALOG)),
  );
  await signInAs(page, 'Mira Kovac');
  await shiftAndRevert(page, {
    component: 'catalog',
    weights: { v1: 90, v2: 10 },
  });
  const after = await Promise.all(
    CLUSTERS.map(cluster => readObject(cluster, CATALOG)),
  );
  expect(after.map(written)).toEqual(before.map(written));
});

test('an HTTPRoute is shifted and reverted the same way', async ({ page }) => {
  const before = await readObject('prod-eu', RECOMMENDATIONS);
  await signInAs(page, 'Mira Kovac');
  await shiftAndRevert(page, {
    component: 'recommendations',
    weights: { 'recommendations-v1': 55, 'recommendations-v2': 45 },
  });
  expect(written(await readObject('prod-eu', RECOMMENDATIONS))).toEqual(
    written(before),
  );
});
