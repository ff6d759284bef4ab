import { expect, test } from '@playwright/test';
import { expectAccessible } from '../support/accessibility';
import { callApi } from '../support/api';
import { readObject, resetWorld, REVIEWS } from '../support/sandbox';
import { keepScreenshot } from '../support/screenshot';
import { signInAs } from '../support/signIn';

// A task waits for traffic, then the portal's page is loaded anew.
test.describe.configure({ timeout: 180_000 });
test.beforeEach(resetWorld);

test('a template shifts traffic as the person who runs it', async ({
  page,
}) => {
  await signInAs(page, 'Mira Kovac');
  await page.goto('/create/templates/default/shift-traffic');
  await expect(
    page.getByRole('heading', { name: 'Shift traffic to a new version' }),
  ).toBeVisible();
  await page
    .getByRole('spinbutton', { name: 'Share of version 2 in percent' })
    .fill('35');
  await page.getByRole('button', { name: 'Next' }).click();
  await page
    .getByRole('textbox', { name: 'Reason' })
    .fill('Next step from a template');
  await page.getByRole('button', { name: 'Review' }).click();
  await keepScreenshot(page, 'template-review');
  await page.getByRole('button', { name: 'Create' }).click();

  const link = page.getByRole('button', { name: 'See the change' });
  await expect(link).toBeVisible({ timeout: 90_000 });
  await keepScreenshot(page, 'template-done');
  const { spec } = await readObject('prod-eu', REVIEWS);
  expect(spec.http?.[0].route.map(({ weight }) => weight)).toEqual([65, 35, 0]);

  // Links of a task open a tab of their own, where the demo asks again who one wants to be.
  const [tab] = await Promise.all([page.waitForEvent('popup'), link.click()]);
  await expect(tab).toHaveURL(/\/mesh\/changes\?change=/);
  await page.goto(tab.url());
  await tab.close();
  await expect(page.getByText('Next step from a template').first()).toBeVisible(
    { timeout: 60_000 },
  );
  await expect(
    page.getByRole('list', { name: 'Steps' }).getByText(/^Seen in traffic: v2/),
  ).toBeVisible();
  await keepScreenshot(page, 'template-change');
  await expectAccessible(page);

  const answer = await callApi('mira.kovac', '/v1/changes?limit=1');
  const { items } = await answer.json();
  expect(items[0]).toMatchObject({
    requestedBy: { entityRef: 'user:default/mira.kovac' },
    reason: 'Next step from a template',
    state: 'verified',
  });
});

test('a template opens a service to one more caller, beside those that may already', async ({
  page,
}) => {
  const path =
    '/apis/security.istio.io/v1/namespaces/payments/authorizationpolicies/allow-callers';
  const before = await readObject('prod-eu', path);
  await signInAs(page, 'Jonas Weber');
  await page.goto('/create/templates/default/open-service');
  await page
    .getByRole('textbox', { name: 'Namespace of the caller' })
    .fill('catalog');
  await page
    .getByRole('textbox', { name: 'Service account of the caller' })
    .fill('ratings');
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('textbox', { name: 'Reason' }).fill('Ratings may pay');
  await page.getByRole('button', { name: 'Review' }).click();
  await page.getByRole('button', { name: 'Create' }).click();
  await expect(
    page.getByRole('button', { name: 'See the change' }),
  ).toBeVisible({ timeout: 90_000 });
  await expect(
    page.getByText('payments: allows catalog/ratings', { exact: true }),
  ).toBeVisible();
  await keepScreenshot(page, 'template-open-service');
  const { spec } = await readObject('prod-eu', path);
  expect(spec).toEqual({
    ...before.spec,
    rules: [
      {
        from: [
          {
            source: {
              principals: [
                'cluster.local/ns/storefront/sa/checkout',
                'cluster.local/ns/storefront/sa/storefront',
                'cluster.local/ns/catalog/sa/ratings',
              ],
            },
          },
        ],
      },
      expect.objectContaining({ to: expect.anything() }),
    ],
  });
});

test('who may not change the component is told so by the template', async ({
  page,
}) => {
  const before = await readObject('prod-eu', REVIEWS);
  await signInAs(page, 'Jonas Weber');
  await page.goto('/create/templates/default/shift-traffic');
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('textbox', { name: 'Reason' }).fill('Not my component');
  await page.getByRole('button', { name: 'Review' }).click();
  await page.getByRole('button', { name: 'Create' }).click();
  await expect(
    page.getByText(/You may not change component:default\/reviews/).first(),
  ).toBeVisible({ timeout: 60_000 });
  expect(await readObject('prod-eu', REVIEWS)).toEqual(before);
});
