import { expectVisibleFocus } from './support/checks';
import { tabTo } from './support/keyboard';
import { beSignedIn, expectEnded, expectTotals, password, personas, staffList } from './support/portal';
import { expect, test } from './support/test';

test('A staff list is uploaded and applied by the keyboard alone', { tag: '@script' }, async ({ page }) => {
  const last = test.info().project.name === 'desktop-js' ? 'Keyes' : 'Tabberer';
  await page.goto('/sign-in');
  await tabTo(page, page.getByLabel('Email address'));
  await page.keyboard.type(personas.Priya);
  await tabTo(page, page.getByLabel('Password'));
  await page.keyboard.type(password);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Hello, Priya');

  await tabTo(page, page.getByRole('link', { name: 'Upload a file' }));
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByLabel('Staff list'));
  // The dialogue that chooses a file belongs to the operating system, not to the page.
  const rows = staffList(`,RIV,Peregrine,${last},`, ',RIV,Priya,Ramanathan,', `,RIV,Mistaken,${last},12`);
  await page.getByLabel('Staff list').setInputFiles({ name: 'keys.csv', mimeType: 'text/csv', buffer: Buffer.from(rows) });
  await tabTo(page, page.getByRole('button', { name: 'Upload and check' }));
  await page.keyboard.press('Space');
  await expectTotals(page, '1 with problems', '2 to create', '0 to update', '0 no change', '1 to decide');

  await tabTo(page, page.getByRole('radio', { name: /^Skip them all/ }));
  await page.keyboard.press('Space');
  await tabTo(page, page.getByRole('button', { name: 'Apply' }));
  await page.keyboard.press('Enter');
  await expectEnded(page, '1 account created, 0 accounts updated, 1 row rejected, 1 row skipped.');
});

test('The rows of a review are filtered by the keyboard', async ({ page }) => {
  await beSignedIn(page, 'Ben');
  await page.goto('/uploads');
  const waiting = page.getByRole('link', { name: 'three-people.csv' });
  // Other tests upload, too; the oldest are on the last page.
  while (!(await waiting.isVisible())) await page.getByRole('link', { name: 'Next page' }).click();
  await waiting.click();
  await tabTo(page, page.getByRole('link', { name: /to create$/ }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Rows that create an account' })).toBeVisible();
  await tabTo(page, page.locator('summary').filter({ hasText: 'Details' }).first());
  await page.keyboard.press('Enter');
  await expect(page.locator('details[open]')).toHaveCount(1);
});

test('The first stop skips what every page begins with', async ({ page }) => {
  await beSignedIn(page, 'Ben');
  for (const path of ['/', '/uploads', '/people']) {
    await page.goto(path);
    await page.keyboard.press('Tab');
    const skip = page.getByRole('link', { name: 'Skip to main content' });
    await expect(skip).toBeFocused();
    await expect(skip).toBeInViewport();
    await expectVisibleFocus(page);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await expect(page.locator('main :focus')).toHaveCount(1);
  }
});

test('The menu of one’s account opens and signs out by the keyboard', async ({ page }) => {
  await page.goto('/sign-in');
  await page.getByLabel('Email address').fill(personas.Una);
  await page.getByLabel('Password').fill(password);
  await page.keyboard.press('Enter');
  await tabTo(page, page.locator('summary').filter({ hasText: 'Una Mossley' }));
  await page.keyboard.press('Space');
  await tabTo(page, page.getByRole('button', { name: 'Sign out' }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in');
});
