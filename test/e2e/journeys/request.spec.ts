import { expect, test } from '@playwright/test';
import { expectAccessible } from '../support/accessibility';
import { resetWorld } from '../support/sandbox';
import { keepScreenshot } from '../support/screenshot';
import { openMeshTab, signInAs } from '../support/signIn';

test.beforeAll(resetWorld);

for (const colorScheme of ['light', 'dark'] as const) {
  test(`an owner finds out why a request goes to v2, ${colorScheme}`, async ({
    browser,
  }) => {
    const context = await browser.newContext({ colorScheme });
    const page = await context.newPage();
    await signInAs(page, 'Mira Kovac');
    await openMeshTab(page, 'catalog', '/traffic');
    const card = page.getByRole('region', {
      name: 'Where would this request go?',
    });

    // A plain request, as proposed: it takes the last rule.
    await card.getByRole('button', { name: 'Ask' }).click();
    await expect(card.getByText(/^Goes to v1 on port \d+\.$/)).toBeVisible();
    await expect(
      card.getByText('Rule 1 “preview” does not match'),
    ).toBeVisible();

    // The request of the person who complains: one header more.
    await card.getByRole('button', { name: 'Add a header' }).click();
    await card.getByRole('textbox', { name: 'Header 1' }).fill('x-preview');
    await card.getByRole('textbox', { name: 'Value 1' }).fill('v2');
    await card.getByRole('button', { name: 'Ask' }).click();
    await expect(card.getByText(/^Goes to v2 on port \d+\.$/)).toBeVisible();
    await expect(card.getByText('Rule 1 “preview” matches')).toBeVisible();
    await expect(card.getByText('spec.http[0].match[0]').first()).toBeVisible();

    // The address is the question: somebody else opens it and reads the same.
    await expect(page).toHaveURL(/header=x-preview/);
    await page.reload();
    await expect(card.getByText(/^Goes to v2 on port \d+\.$/)).toBeVisible();

    const resilience = page.getByRole('region', {
      name: 'Resilience in force',
    });
    await expect(
      resilience.getByRole('row', { name: /Connect timeout.*10 s/ }),
    ).toBeVisible();
    await card.scrollIntoViewIfNeeded();
    await keepScreenshot(page, `request-${colorScheme}`);
    await expectAccessible(page);
    await context.close();
  });
}
