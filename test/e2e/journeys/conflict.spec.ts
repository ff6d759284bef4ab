import { expect, test, type Browser } from '@playwright/test';
import { openShiftDialog, typeWeights } from '../support/dialog';
import { readObject, resetWorld, REVIEWS } from '../support/sandbox';
import { keepScreenshot } from '../support/screenshot';
import { openMeshTab, signInAs } from '../support/signIn';

test.beforeEach(resetWorld);

/** Two people with the same dialog open, both about to apply something else. */
async function openTwoDialogs(browser: Browser) {
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
  const apply = {
    mine: mine.getByRole('button', { name: 'Apply', exact: true }),
    theirs: theirs.getByRole('button', { name: 'Apply', exact: true }),
  };
  await expect(apply.mine).toBeEnabled();
  await expect(apply.theirs).toBeEnabled();
  return {
    first,
    second,
    mine,
    theirs,
    apply,
    noticed: mine.getByText('Somebody else changed VirtualService'),
    close: () => Promise.all([first.close(), second.close()]),
  };
}

test('of two people changing the same route the second is told by the answer, and nothing is lost', async ({
  browser,
}) => {
  const { first, second, mine, theirs, apply, noticed, close } =
    await openTwoDialogs(browser);
  // The page of the second one learns nothing of the cluster any more: the server has to notice.
  await first.route('**/api/istio/v1/entities/**', route => route.abort());
  await apply.theirs.click();
  await expect(theirs.getByText('Applied in')).toBeVisible();

  await apply.mine.click();
  await expect(noticed).toBeVisible();
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
  await apply.mine.click();
  await expect(mine.getByText('Applied in')).toBeVisible();

  // What the first one did lies under it now: taking it back would lose the second one's.
  await openMeshTab(second, 'reviews', '/changes');
  await second
    .getByRole('link', { name: /v3 from 0 to 20 %/ })
    .first()
    .click();
  await expect(
    second.getByText(
      /^Revert is off: VirtualService catalog\/reviews .*was changed again since/,
    ),
  ).toBeVisible();
  await expect(
    second.getByRole('button', { name: 'Revert', exact: true }),
  ).toBeDisabled();
  await keepScreenshot(second, 'revert-refused');
  await close();
});

test('an open dialog tells by itself that somebody else changed the route', async ({
  browser,
}) => {
  const { mine, theirs, apply, noticed, close } = await openTwoDialogs(browser);
  await apply.theirs.click();
  await expect(theirs.getByText('Applied in')).toBeVisible();

  await expect(noticed).toBeVisible();
  await expect(apply.mine).toBeDisabled();
  await mine.getByRole('button', { name: /new preview/i }).click();
  await expect(apply.mine).toBeEnabled();
  await close();
});
