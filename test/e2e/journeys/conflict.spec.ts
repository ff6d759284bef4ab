import { expect, test } from '@playwright/test';
import { openShiftDialog, typeWeights } from '../support/dialog';
import { readObject, resetWorld, REVIEWS } from '../support/sandbox';
import { keepScreenshot } from '../support/screenshot';
import { openMeshTab, signInAs } from '../support/signIn';

test.beforeEach(resetWorld);

test('of two people changing the same route the second is told, and nothing is lost', async ({
  browser,
}) => {
  const [first, second] = await Promise.all([
    browser.newPage(),
    browser.newPage(),
  ]);
  await signInAs(first, 'Mira Kovac');
  await signInAs(second, 'Paul Adeyemi');
  await Promise.all([
    openMeshTab(first, 'reviews'),
    openMeshTab(second, 'reviews'),
  ]);
  const [mine, theirs] = [
    await openShiftDialog(first),
    await openShiftDialog(second),
  ];

  await typeWeights(mine, { v1: 70, v2: 30 });
  await mine.getByRole('textbox', { name: 'Reason' }).fill('Next canary step');
  await typeWeights(theirs, { v1: 60, v3: 20 });
  await theirs
    .getByRole('textbox', { name: 'Reason' })
    .fill('First traffic for v3');
  await expect(
    mine.getByRole('button', { name: 'Apply', exact: true }),
  ).toBeEnabled();
  await expect(
    theirs.getByRole('button', { name: 'Apply', exact: true }),
  ).toBeEnabled();
  await theirs.getByRole('button', { name: 'Apply', exact: true }).click();
  await expect(theirs.getByText('Applied in')).toBeVisible();

  // Either the preview noticed before the click, or the click is answered with the conflict.
  const apply = mine.getByRole('button', { name: 'Apply', exact: true });
  if (await apply.isEnabled()) await apply.click();
  await expect(
    mine.getByText(/changed (the|this) route|route changed/i).first(),
  ).toBeVisible();
  await keepScreenshot(first, 'conflict');
  const { spec } = await readObject('prod-eu', REVIEWS);
  expect(spec.http?.[0].route.map(({ weight }) => weight)).toEqual([
    60, 20, 20,
  ]);
  await mine.getByRole('button', { name: /new preview/i }).click();
  await expect(mine.getByRole('textbox', { name: 'Reason' })).toHaveValue(
    'Next canary step',
  );
  await expect(
    mine.getByRole('textbox', { name: 'Weight of v1 in percent' }),
  ).toHaveValue('70');
  await first.close();
  await second.close();
});
