import { expect, test } from '@playwright/test';
import { expectAccessible } from '../support/accessibility';
import { apply, openAction, specsOf, undo } from '../support/intent';
import { resetWorld, REVIEWS } from '../support/sandbox';
import { keepScreenshot } from '../support/screenshot';
import { openMeshTab, signInAs } from '../support/signIn';

test.beforeEach(resetWorld);

const REVIEWS_RULE =
  '/apis/networking.istio.io/v1/namespaces/catalog/destinationrules/reviews';

test('timeouts and retries: from today’s values to seen in traffic and taken back', async ({
  page,
}) => {
  const before = await specsOf(REVIEWS);
  await signInAs(page, 'Mira Kovac');
  await openMeshTab(page, 'reviews', '/traffic');
  const dialog = await openAction(page, 'Timeouts and retries');
  await expect(
    dialog.getByText('Today 3 s, VirtualService catalog/reviews'),
  ).toBeVisible();
  const timeout = dialog.getByRole('textbox', { name: 'Timeout' });
  await timeout.fill('soon');
  await expect(
    dialog.getByText('Timeout must be a duration like 5s').first(),
  ).toBeVisible();
  await timeout.fill('20ms');
  await expect(
    dialog.getByText(
      'Callers wait at most 20 ms: 3 tries of at most 1 s do not fit into it, the last ones may never happen.',
    ),
  ).toBeVisible();
  await expect(
    dialog.getByText('Timeout, primary: 20 ms, until now 3 s.'),
  ).toBeVisible();
  await expect(
    dialog.getByText(/Time limits along the path of calls/),
  ).toBeVisible();
  await keepScreenshot(page, 'timeouts');
  await expectAccessible(page, '[role=dialog]');
  await apply(dialog, 'Better no reviews than a slow page');
  await expect(
    dialog.getByText(/requests ran into the timeout, none did before/).first(),
  ).toBeVisible({ timeout: 90_000 });
  await keepScreenshot(page, 'timeouts-verified');
  await undo(page, dialog);
  expect(await specsOf(REVIEWS)).toEqual(before);
});

test('circuit breaker: limits and ejection applied and taken back', async ({
  page,
}) => {
  const before = await specsOf(REVIEWS_RULE);
  await signInAs(page, 'Mira Kovac');
  await openMeshTab(page, 'reviews', '/traffic');
  const dialog = await openAction(page, 'Circuit breaker');
  await expect(
    dialog.getByText(
      'Today: 200 requests at once, DestinationRule catalog/reviews',
    ),
  ).toBeVisible();
  await dialog
    .getByRole('textbox', { name: 'Connections open at once' })
    .fill('150');
  await dialog
    .getByRole('textbox', { name: 'Failures (5xx) in a row' })
    .fill('4');
  await expect(dialog.getByText(/150 open/).first()).toBeVisible();
  await keepScreenshot(page, 'circuit-breaker');
  await expectAccessible(page, '[role=dialog]');
  await apply(dialog, 'No more than 150 connections per pod');
  await undo(page, dialog);
  expect(await specsOf(REVIEWS_RULE)).toEqual(before);
});
