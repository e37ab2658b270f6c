import { axe, noHorizontalScroll } from './support/checks';
import { expectProblems, field, heading, linkFromMail } from './support/people';
import { beSignedIn, expectEnded, fillInSignIn, upload } from './support/portal';
import { expect, type Page, test } from './support/test';

// Who takes an account up: others in each project, since all share one database.
const known: Record<string, { last: string; ids: string }> = {
  'desktop-js': { last: 'Yarborough', ids: '75' },
  'desktop-no-js': { last: 'Wharfedale', ids: '76' },
};
const own = () => known[test.info().project.name];
const address = (first: string) => `${first}.${own().last}@health.example`.toLowerCase();

const oneTime = 'given-for-once-5';
const [chosen, changed] = ['marble-otter-91', 'copper-heron-62'];

const choose = (page: Page) => page.getByRole('button', { name: 'Choose password and sign in' });

async function signOut(page: Page, name: string) {
  await page.locator('summary').filter({ hasText: name }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(heading(page)).toHaveText('Sign in');
}

// Each test goes on where the one before it ended, in one browser, as its person does.
test.describe.configure({ mode: 'serial' });

let page: Page;

test.beforeAll(async ({ browser }) => {
  const ben = await browser.newPage();
  await beSignedIn(ben, 'Ben');
  const rows = [
    ['LocalID', 'ODSCode', 'FirstName', 'LastName', 'JobTitle', 'Password'],
    [`${own().ids}01`, 'RIV01', 'Isolde', own().last, 'Porter', ''],
    [`${own().ids}02`, 'RIV01', 'Jocasta', own().last, 'Porter', oneTime],
  ];
  await upload(ben, 'newcomers.csv', rows.map((row) => row.join(',') + '\n').join(''));
  await ben.getByRole('button', { name: 'Apply 2 changes' }).click();
  await expectEnded(ben, '2 accounts created');
  await ben.close();
  page = await browser.newPage();
});
test.afterAll(() => page.close());

test.describe('Somebody new', () => {
  let link: string;

  test('finds a one-time link in a letter, and is welcomed by name', { tag: '@script' }, async () => {
    link = await linkFromMail(page, address('isolde'));
    await expect(heading(page)).toHaveText('Activate your account');
    await axe(page);
    await noHorizontalScroll(page);
    await page.getByRole('main').getByRole('link', { name: link }).click();
    await expect(heading(page)).toHaveText('Welcome, Isolde');
    await expect(page.locator('.nhsuk-summary-list__row').filter({ hasText: 'Sign in with' })).toContainText(address('isolde'));
    await expect(page.locator('.nhsuk-summary-list__row').filter({ hasText: 'Organisation' })).toContainText(
      'Riverside Children’s Hospital',
    );
    await axe(page);
    await noHorizontalScroll(page);
    // Whoever holds the link is not signed in yet.
    await expect(page.getByRole('navigation', { name: 'Main' })).toHaveCount(0);
    expect((await page.request.get('/me', { maxRedirects: 0 })).status()).toBe(303);
  });

  test('is told in words why a password is too weak', async () => {
    const weak: [string, string][] = [
      ['', 'Enter a new password.'],
      ['Isolde-is-in-4', 'The password contains your name. Use one without it.'],
    ];
    await expect(page.locator('#password-rules')).not.toContainText('last 4 passwords');
    await field(page, 'I accept the use policy').check();
    for (const [password, problem] of weak) {
      await field(page, 'Password').fill(password);
      await choose(page).click();
      await expectProblems(page, { Password: problem });
      // What was typed never comes back; what was ticked does.
      await expect(field(page, 'Password')).toHaveValue('');
      await expect(field(page, 'I accept the use policy')).toBeChecked();
    }
    await axe(page);
    await noHorizontalScroll(page);
  });

  test('must accept the use policy', { tag: '@script' }, async () => {
    await expect(page.getByRole('region', { name: 'Use policy' }).getByRole('listitem')).toHaveCount(7);
    await field(page, 'I accept the use policy').uncheck();
    await field(page, 'Password').fill(chosen);
    await choose(page).click();
    await expectProblems(page, { 'I accept the use policy': 'Accept the use policy to continue.' });
    await axe(page);
  });

  test('is signed in by choosing a password', { tag: '@script' }, async () => {
    await field(page, 'I accept the use policy').check();
    await field(page, 'Password').fill(chosen);
    await choose(page).click();
    await expect(heading(page)).toHaveText('Hello, Isolde');
    await axe(page);
    await noHorizontalScroll(page);
  });

  test('finds that the link works once', async () => {
    expect((await page.goto(link))?.status()).toBe(404);
    await expect(heading(page)).toHaveText('This link no longer works');
    await axe(page);
    await noHorizontalScroll(page);
  });

  test('signs out, and in again with the password', async () => {
    await page.goto('/');
    await signOut(page, `Isolde ${own().last}`);
    await fillInSignIn(page, address('isolde'), chosen);
    await expect(heading(page)).toHaveText('Hello, Isolde');
  });
});

test.describe('One’s own record', () => {
  const kept = (detail: string) =>
    page.locator('.nhsuk-summary-list__row').filter({ has: page.getByText(detail, { exact: true }) });

  test('shows what the organisation keeps, but offers only one’s own details to be changed', { tag: '@script' }, async () => {
    await page.locator('summary').filter({ hasText: `Isolde ${own().last}` }).click();
    await page.getByRole('link', { name: 'Your record' }).first().click();
    await expect(heading(page)).toHaveText('Your record');
    await expect(kept('Job title')).toContainText('Porter');
    await expect(kept('Organisation')).toContainText('Riverside Children’s Hospital (RIV01)');
    for (const label of ['Job title', 'First name', 'Last name', 'Department', 'Local unique ID']) {
      await expect(page.getByRole('textbox', { name: label })).toHaveCount(0);
    }
    await expect(page.getByText('You have no role.')).toBeVisible();
    await expect(page.getByRole('link', { name: 'ben.cartwright@health.example' })).toBeVisible();
    await axe(page);
    await noHorizontalScroll(page);
  });

  test('takes a wrong number back to its field, and keeps what was typed', { tag: '@script' }, async () => {
    await field(page, 'Telephone').fill('01632 960444');
    await field(page, 'Mobile').fill('01632 960444');
    await field(page, 'Notes').fill('Mondays to Wednesdays');
    await page.getByRole('button', { name: 'Save your details' }).click();
    await expectProblems(page, {
      Mobile: '“01632 960444” is not a UK mobile number. Enter eleven digits that begin with 07, like 07700 900123.',
    });
    await expect(field(page, 'Telephone')).toHaveValue('01632 960444');
    await expect(field(page, 'Notes')).toHaveValue('Mondays to Wednesdays');
    await axe(page);
    await noHorizontalScroll(page);
  });

  test('has another telephone number at once', { tag: '@script' }, async () => {
    await field(page, 'Mobile').fill('07700 900444');
    await field(page, 'Keep my mobile number out of the directory').check();
    await page.getByRole('button', { name: 'Save your details' }).click();
    await expect(page.getByRole('alert')).toContainText('Your details are saved.');
    await expect(field(page, 'Telephone')).toHaveValue('+441632960444');
    await expect(field(page, 'Mobile')).toHaveValue('+447700900444');
    await expect(field(page, 'Keep my mobile number out of the directory')).toBeChecked();
    await axe(page);
    await noHorizontalScroll(page);
    await page.getByRole('button', { name: 'Save your details' }).click();
    await expect(page.getByText('Nothing was changed.')).toBeVisible();
    await axe(page);
  });

  test('is not saved over what one’s administrator changed meanwhile', async ({ browser }) => {
    await field(page, 'Telephone').fill('01632 960446');
    const ben = await browser.newPage();
    await beSignedIn(ben, 'Ben');
    await upload(ben, 'faxes.csv', `LocalID,ODSCode,FirstName,LastName,Fax\n${own().ids}01,RIV01,,,01632 960447\n`);
    await ben.getByRole('button', { name: 'Apply 1 change' }).click();
    await expectEnded(ben, '1 account updated');
    await ben.close();
    await page.getByRole('button', { name: 'Save your details' }).click();
    await expect(page.getByRole('alert')).toContainText('Your record has changed since you opened this page.');
    await expect(page.locator('main')).toContainText('Fax is now “01632 960447” (Ben Cartwright, ');
    await expect(field(page, 'Fax')).toHaveValue('+441632960447');
    await expect(field(page, 'Telephone')).toHaveValue('01632 960446');
    await axe(page);
    await noHorizontalScroll(page);
    await page.getByRole('button', { name: 'Save your details' }).click();
    await expect(page.getByRole('alert')).toContainText('Your details are saved.');
    await expect(field(page, 'Fax')).toHaveValue('+441632960447');
    await expect(field(page, 'Telephone')).toHaveValue('+441632960446');
  });
});

test.describe('One’s password', () => {
  const press = () => page.getByRole('button', { name: 'Change password' }).click();

  test('is not changed without the right present one, and not to one used before', async () => {
    await page.getByRole('link', { name: 'Change your password' }).click();
    await expect(heading(page)).toHaveText('Change your password');
    await axe(page);
    await noHorizontalScroll(page);
    await press();
    await expectProblems(page, { 'Current password': 'Enter your current password.', 'New password': 'Enter a new password.' });
    await axe(page);
    await field(page, 'Current password').fill('not-the-present-1');
    await field(page, 'New password').fill(changed);
    await press();
    await expectProblems(page, { 'Current password': 'The current password is not right. Enter it again.' });
    await expect(field(page, 'Current password')).toHaveValue('');
    await field(page, 'Current password').fill(chosen);
    await field(page, 'New password').fill(chosen);
    await press();
    await expectProblems(page, {
      'New password': 'You have used this password before. Choose one that is not among your last 4.',
    });
    await noHorizontalScroll(page);
  });

  test('is changed, which signs one out everywhere else', async ({ browser }) => {
    const elsewhere = await browser.newPage();
    await elsewhere.goto('/sign-in');
    await fillInSignIn(elsewhere, address('isolde'), chosen);
    await expect(heading(elsewhere)).toHaveText('Hello, Isolde');
    await field(page, 'Current password').fill(chosen);
    await field(page, 'New password').fill(changed);
    await press();
    await expect(page.getByRole('alert')).toContainText('Your password is changed.');
    await expect(heading(page)).toHaveText('Your record');
    await axe(page);
    await elsewhere.goto('/me');
    await expect(heading(elsewhere)).toHaveText('Sign in');
    await fillInSignIn(elsewhere, address('isolde'), chosen);
    await expect(elsewhere.getByRole('alert')).toContainText('The email address or the password is not right.');
    await fillInSignIn(elsewhere, address('isolde'), changed);
    await expect(heading(elsewhere)).toHaveText('Your record');
    await elsewhere.close();
  });

  test('is measured while one types, and can be shown', { tag: '@script-only' }, async () => {
    await page.goto('/me/password');
    const words: [string, string][] = [
      ['teapot-77', 'Too short: 3 more characters'],
      ['teapot lantern', 'Good'],
      ['isolde-lantern-9', 'Contains your name'],
      ['password1234', 'Little more than a word that many people use'],
      ['aaaaaaaaaaaa', 'The same few characters over and over'],
      ['abcdefgh12345678', 'Follows the alphabet, the digits or the keyboard'],
      ['Staffbook2026!', 'Mostly a name that others know'],
      ['Riverside-2026', 'Mostly a name that others know'],
      ['lantern-9087', 'Long enough; a few more characters make it better'],
      ['teapot-lantern-9', 'Very good'],
    ];
    for (const [password, said] of words) {
      await field(page, 'New password').fill(password);
      await expect(page.locator('.app-password__words')).toHaveText(said);
    }
    // It is read out once one pauses.
    await expect(page.getByRole('status')).toHaveText('Very good');
    await axe(page);
    await expect(field(page, 'New password')).toHaveAttribute('type', 'password');
    await page.getByRole('button', { name: 'Show password' }).click();
    await expect(field(page, 'New password')).toHaveAttribute('type', 'text');
    await expect(field(page, 'New password')).toHaveValue('teapot-lantern-9');
    await page.getByRole('button', { name: 'Hide password' }).click();
    await expect(field(page, 'New password')).toHaveAttribute('type', 'password');
    await noHorizontalScroll(page);
  });
});

test.describe('A one-time password from a file', () => {
  test('opens nothing but the choice of another', async () => {
    await page.context().clearCookies();
    await page.goto('/sign-in');
    await fillInSignIn(page, address('jocasta'), oneTime);
    await expect(heading(page)).toHaveText('Choose a new password');
    await expect(page.locator('main')).toContainText('You signed in with a one-time password.');
    await expect(page.getByRole('navigation', { name: 'Main' })).toHaveCount(0);
    await axe(page);
    await noHorizontalScroll(page);
    for (const path of ['/', '/me', '/directory']) {
      await page.goto(path);
      await expect(heading(page)).toHaveText('Choose a new password');
    }
  });

  test('is left for a password of one’s own, which is another', async () => {
    await field(page, 'New password').fill(oneTime);
    await page.getByRole('button', { name: 'Choose password and continue' }).click();
    await expectProblems(page, {
      'New password': 'You have used this password before. Choose one that is not among your last 4.',
    });
    await axe(page);
    await field(page, 'New password').fill(chosen);
    await page.getByRole('button', { name: 'Choose password and continue' }).click();
    await expect(heading(page)).toHaveText('Hello, Jocasta');
    await signOut(page, `Jocasta ${own().last}`);
    await fillInSignIn(page, address('jocasta'), oneTime);
    await expect(page.getByRole('alert')).toContainText('The email address or the password is not right.');
    await fillInSignIn(page, address('jocasta'), chosen);
    await expect(heading(page)).toHaveText('Hello, Jocasta');
  });
});
