import { expect, test } from '@playwright/test';
import { callApi } from '../support/api';
import {
  CATALOG_EDITORS,
  CLUSTERS,
  patchObject,
  readObject,
  resetWorld,
  REVIEWS,
} from '../support/sandbox';
import { keepScreenshot } from '../support/screenshot';
import { openMeshTab, signInAs } from '../support/signIn';

test.beforeEach(resetWorld);

test('who may not change sees everything but the button; a direct call is refused and recorded', async ({
  page,
}) => {
  await signInAs(page, 'Vera Lind');
  await openMeshTab(page, 'reviews');
  await expect(page.getByText(/Healthy:/).first()).toBeVisible();
  await expect(page.getByText('Traffic split')).toBeVisible();
  await expect(
    page.getByRole('button', { name: /Shift traffic|Actions/ }),
  ).toHaveCount(0);
  await keepScreenshot(page, 'viewer');

  const reason = `Try of a viewer at ${Date.now()}`;
  const intent = {
    type: 'shiftTraffic',
    params: {
      clusters: ['prod-eu'],
      namespace: 'catalog',
      service: 'reviews',
      route: {
        kind: 'VirtualService',
        namespace: 'catalog',
        name: 'reviews',
        fieldPath: 'http[0]',
      },
      weights: [
        { key: 'v1', weight: 0 },
        { key: 'v2', weight: 100 },
        { key: 'v3', weight: 0 },
      ],
    },
  };
  const response = await callApi('vera.lind', '/v1/changes', {
    entityRef: 'component:default/reviews',
    intent,
    reason,
    planHash: '0'.repeat(64),
  });
  expect(response.status).toBe(403);
  const { spec } = await readObject('prod-eu', REVIEWS);
  expect(spec.http?.[0].route[0].weight).toBe(80);

  await page.evaluate(() => window.sessionStorage.clear());
  await signInAs(page, 'Mira Kovac');
  await openMeshTab(page, 'reviews', '/changes');
  await expect(
    page.getByText('Denied').filter({ visible: true }).first(),
  ).toBeVisible();
  await expect(page.getByText(reason)).toBeVisible();
});

test('an owner whom the clusters refuse sees why before any form opens', async ({
  page,
}) => {
  for (const cluster of CLUSTERS) {
    await patchObject(cluster, CATALOG_EDITORS, [
      { op: 'replace', path: '/subjects', value: [] },
    ]);
  }
  await signInAs(page, 'Mira Kovac');
  // A component whose access nobody asked for before.
  await openMeshTab(page, 'search');
  const actions = page.getByRole('button', {
    name: 'Actions',
    exact: true,
  });
  await expect(actions).toBeEnabled();
  await actions.hover();
  await expect(
    page.getByText(/mira\.kovac may not create VirtualService catalog\/search/),
  ).toBeVisible();
  await expect(actions).toBeDisabled();
  await expect(page.getByRole('button', { name: 'Shift traffic' })).toHaveCount(
    0,
  );
  await keepScreenshot(page, 'refused-by-cluster');
});

test('nobody gets in without a token', async ({ request }) => {
  for (const path of [
    '/v1/clusters',
    '/v1/components',
    '/v1/changes',
    '/v1/events',
    '/v1/entities/component/default/reviews/mesh',
  ]) {
    const response = await request.get(`/api/istio${path}`);
    expect(response.status(), path).toBe(401);
  }
});
