import { axe, complaints, noHorizontalScroll } from './support/checks';
import { confirm, expectProblems, field, heading, linkFromMail, onward } from './support/people';
import { beSignedIn, expectEnded, fillInSignIn, upload } from './support/portal';
import { expect, type Page, test } from './support/test';

// Who cannot get in: others in each project, since all share one database.
const known: Record<string, { last: string; ids: string; net: string }> = {
  'desktop-js': { last: 'Hollowell', ids: '87', net: '203.0.113' },
  'desktop-no-js': { last: 'Marchbanks', ids: '88', net: '198.51.100' },
};
const own = () => known[test.info().project.name];
const address = (first: string) => `${first}.${own().last}@health.example`.toLowerCase();
const [chosen, anew] = ['saddle-lantern-73', 'walnut-harbour-29'];
// No two people are given the same.
const givenTo = (first: string) => `given-for-once-${first.length}8`;

const wayIn = (page: Page) => page.getByRole('main').getByRole('link', { name: 'Forgotten your password, or locked out?' });

/** Asks for a link by the page, as the address is typed. */
async function askForLink(page: Page, typed: string) {
  await page.goto('/sign-in');
  await wayIn(page).click();
  await expect(heading(page)).toHaveText('Get back into your account');
  await field(page, 'Email address').fill(typed);
  await page.getByRole('button', { name: 'Email me a link' }).click();
}

/** Waits until the latest letter to somebody is about this. */
async function expectLetter(page: Page, to: string, subject: string) {
  await expect(async () => {
    await page.goto('/mail');
    const latest = page.getByRole('row').filter({ hasText: to }).first();
    await expect(latest).toContainText(subject, { timeout: 1_000 });
  }).toPass({ timeout: 30_000 });
}

/** Takes an account up with the password that a file gave it. */
async function takeUp(page: Page, first: string) {
  await page.goto('/sign-in');
  await fillInSignIn(page, address(first.toLowerCase()), givenTo(first));
  await field(page, 'New password').fill(chosen);
  await page.getByRole('button', { name: 'Choose password and continue' }).click();
  await expect(heading(page)).toHaveText(`Hello, ${first}`);
}

test.describe.configure({ mode: 'serial' });

test.beforeAll(async ({ browser }) => {
  const page = await browser.newPage();
  await beSignedIn(page, 'Ben');
  const rows = [
    ['LocalID', 'ODSCode', 'FirstName', 'LastName', 'JobTitle', 'Password'],
    [`${own().ids}01`, 'RIV02', 'Odette', own().last, 'Porter', givenTo('Odette')],
    [`${own().ids}02`, 'RIV02', 'Leander', own().last, 'Office manager', givenTo('Leander')],
  ];
  await upload(page, 'newcomers.csv', rows.map((row) => row.join(',') + '\n').join(''));
  await page.getByRole('button', { name: 'Apply 2 changes' }).click();
  await expectEnded(page, '2 accounts created');
  for (const first of ['Odette', 'Leander']) {
    await page.context().clearCookies();
    await takeUp(page, first);
  }
  await beSignedIn(page, 'Priya');
  await page.goto('/administrators/new');
  await field(page, 'Email address').fill(address('leander'));
  await field(page, 'Local Administrator').check();
  await page.getByLabel('For which organisation?').selectOption('RIV02');
  await page.getByLabel('Why do they need it?').fill('Runs the office');
  await onward(page).click();
  await confirm(page, 'Give role', 'Role given');
  await page.close();
});

test('Whoever has forgotten their password chooses another by a link to their own mailbox', async ({ page }) => {
  const heard = complaints(page);
  await askForLink(page, ' ');
  await expectProblems(page, { 'Email address': 'Enter your email address.' });
  await axe(page);
  await noHorizontalScroll(page);
  // An address that nobody has is told the same.
  await field(page, 'Email address').fill('nobody.at-all@health.example');
  await page.getByRole('button', { name: 'Email me a link' }).click();
  await expect(heading(page)).toHaveText('Check your email');
  const told = await page.getByRole('main').innerText();
  await axe(page);
  await noHorizontalScroll(page);
  await askForLink(page, `Odette.${own().last}@Health.Example`);
  await expect(heading(page)).toHaveText('Check your email');
  expect(await page.getByRole('main').innerText()).toBe(told);

  const link = await linkFromMail(page, address('odette'));
  await expect(heading(page)).toHaveText('Choose a new password');
  await page.getByRole('main').getByRole('link', { name: link }).click();
  await expect(heading(page)).toHaveText('Choose a new password, Odette');
  await axe(page);
  await noHorizontalScroll(page);
  await field(page, 'Password').fill(anew);
  await page.getByRole('button', { name: 'Choose password and sign in' }).click();
  await expect(heading(page)).toHaveText('Hello, Odette');

  expect((await page.goto(link))?.status()).toBe(404);
  await page.getByRole('link', { name: 'Ask for a new link by email' }).click();
  await expect(heading(page)).toHaveText('Get back into your account');
  await expectLetter(page, address('odette'), 'Your password was changed');
  await page.context().clearCookies();
  await page.goto('/sign-in');
  await fillInSignIn(page, address('odette'), chosen);
  await expect(page.getByRole('alert')).toContainText('The email address or the password is not right.');
  await fillInSignIn(page, address('odette'), anew);
  await expect(heading(page)).toHaveText('Hello, Odette');
  expect(heard.filter((line) => !line.includes('422') && !line.includes('404'))).toEqual([]);
});

test('A Local Administrator who is locked out at seven gets back in alone', async ({ page, browser, request }) => {
  // At work Leander is signed in; elsewhere strangers try passwords, each from a network of their own.
  const work = await browser.newPage({ javaScriptEnabled: test.info().project.use.javaScriptEnabled });
  await work.goto('/sign-in');
  await fillInSignIn(work, address('leander'), chosen);
  await expect(heading(work)).toHaveText('Hello, Leander');
  for (let number = 1; number <= 10; number++) {
    const answer = await request.post('/sign-in', {
      form: { address: address('leander'), password: `guess-number-${number}` },
      headers: { 'X-Forwarded-For': `${own().net}.${number}` },
    });
    expect(answer.status()).toBe(422);
  }
  await expectLetter(page, address('leander'), 'Your account is locked');
  await page.goto('/people');
  await fillInSignIn(page, address('leander'), chosen);
  await expect(page.getByRole('alert')).toContainText('Too many attempts have failed.');
  // What was under way at work goes on.
  await work.goto('/people');
  await expect(heading(work)).toHaveText('People');

  await askForLink(page, address('leander'));
  await expect(heading(page)).toHaveText('Check your email');
  await expectLetter(page, address('leander'), 'Unlock your account');
  const link = await linkFromMail(page, address('leander'));
  await axe(page);
  await page.getByRole('main').getByRole('link', { name: link }).click();
  await expect(heading(page)).toHaveText('Unlock your account, Leander');
  await axe(page);
  await noHorizontalScroll(page);
  await page.getByRole('button', { name: 'Unlock account and keep my password' }).click();
  await expect(heading(page)).toHaveText('Sign in');
  await expect(page.getByRole('main')).toContainText('Your account is unlocked. Sign in with your password.');
  await axe(page);
  await fillInSignIn(page, address('leander'), chosen);
  await expect(heading(page)).toHaveText('Hello, Leander');
  await page.goto('/people');
  await expect(heading(page)).toHaveText('People');
  await work.goto('/');
  await expect(heading(work)).toHaveText('Hello, Leander');
  await work.close();
});
