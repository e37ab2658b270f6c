import { axe, complaints, noHorizontalScroll } from './support/checks';
import { heading } from './support/people';
import { fillInSignIn, personas } from './support/portal';
import { expect, type Page, test } from './support/test';

const byProvider = (page: Page) => page.getByRole('link', { name: 'Sign in with Federation ID' });

/** Signs in at the provider, which is a site of its own. */
async function atProvider(page: Page, name: string) {
  await expect(page.getByRole('heading', { name: 'Sign-in' })).toBeVisible();
  await page.getByPlaceholder('Enter any login').fill(name);
  await page.getByPlaceholder('and password').fill('anything');
  await page.getByRole('button', { name: 'Sign-in' }).click();
}

/** The sign-in page says what went wrong, and leads to where one tries again. */
async function expectTold(page: Page, problem: RegExp) {
  await expect(page).toHaveTitle(/^Error: Sign in/);
  await page.getByRole('alert').getByRole('link', { name: problem }).click();
  await expect(byProvider(page)).toBeFocused();
  await expect(byProvider(page)).toHaveAccessibleDescription(problem);
}

test('One signs in by the provider and is led to where one wanted to go', async ({ page }) => {
  const heard = complaints(page);
  await page.goto('/directory');
  await expect(heading(page)).toHaveText('Sign in');
  await axe(page);
  await noHorizontalScroll(page);
  await byProvider(page).click();
  await atProvider(page, 'ben');
  await expect(heading(page)).toHaveText('Directory');
  await page.goto('/');
  await expect(heading(page)).toHaveText('Hello, Ben');
  // Whoever is signed in there is asked for nothing the next time.
  await page.locator('.app-header__account-name').click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await byProvider(page).click();
  await expect(heading(page)).toHaveText('Hello, Ben');
  // The provider's own page asks for letters from elsewhere, which may be out of reach.
  expect(heard.filter((line) => !line.startsWith('Failed to load resource: net::'))).toEqual([]);
});

test('Whoever has no account is told so in one sentence, and signs in by a password', async ({ page }) => {
  await page.goto('/sign-in?next=/directory');
  await byProvider(page).click();
  await atProvider(page, 'stranger');
  await expectTold(page, /There is no account that you can sign in to in this way/);
  await axe(page);
  await noHorizontalScroll(page);
  await fillInSignIn(page, personas.Ben);
  await expect(heading(page)).toHaveText('Directory');
});

test('Whoever turns back at the provider is not signed in', async ({ page }) => {
  await page.goto('/sign-in');
  await byProvider(page).click();
  await page.getByRole('link', { name: 'Cancel' }).click();
  await expectTold(page, /You were not signed in with Federation ID/);
});

test('Whoever has no authenticator app proves themselves anew by the provider', async ({ page }) => {
  await page.goto('/sign-in');
  await byProvider(page).click();
  await atProvider(page, 'ben');
  await expect(heading(page)).toHaveText('Hello, Ben');
  await page.goto('/sign-in/again?next=/directory');
  await axe(page);
  await byProvider(page).click();
  // They are signed in there, and are asked all the same.
  await atProvider(page, 'ben');
  await expect(heading(page)).toHaveText('Directory');
});
