import { axe, complaints, noHorizontalScroll } from './support/checks';
import { expectProblems, field, heading } from './support/people';
import { beSignedIn, expectEnded, staffList, upload } from './support/portal';
import { expect, type Page, test } from './support/test';

// New people of each project's own, since all share one database.
const known: Record<string, { last: string; ids: string }> = {
  'desktop-js': { last: 'Fothergill', ids: '65' },
  'desktop-no-js': { last: 'Ollerenshaw', ids: '66' },
};
const own = () => known[test.info().project.name];
const address = (first: string) => `${first}.${own().last}@health.example`.toLowerCase();
const chosen = 'velvet-anchor-58';

let submission: string;
let codes: string[];

/** Enters an email address and a code on the page that the sign-in page leads to. */
async function enterCode(page: Page, first: string, code: string) {
  await page.goto('/sign-in');
  await page.getByRole('link', { name: 'Activate your account with a code' }).click();
  await expect(heading(page)).toHaveText('Activate your account');
  await field(page, 'Email address').fill(address(first));
  await field(page, 'Code').fill(code);
  await page.getByRole('button', { name: 'Continue' }).click();
}

test.describe.configure({ mode: 'serial' });

test.beforeAll(async ({ browser }) => {
  const page = await browser.newPage();
  await beSignedIn(page, 'Ben');
  const rows = [`${own().ids}01,RIV02,Imogen,${own().last},`, `${own().ids}02,RIV02,Lucasta,${own().last},`];
  await upload(page, 'newcomers.csv', staffList(...rows));
  await page.getByRole('button', { name: 'Apply 2 changes' }).click();
  await expectEnded(page, '2 accounts created');
  submission = new URL(page.url()).pathname;
  await page.close();
});

test('New people of an upload are given slips to print', async ({ page }) => {
  const heard = complaints(page);
  await beSignedIn(page, 'Ben');
  await page.goto(submission);
  await page.getByRole('link', { name: 'Give out activation links' }).click();
  await expect(heading(page)).toContainText('Activation links');
  await expect(page.getByText('2 people created by this upload have not activated their accounts.')).toBeVisible();
  await axe(page);
  await noHorizontalScroll(page);
  await page.getByRole('button', { name: 'Show 2 links to print' }).click();
  await expect(heading(page)).toContainText('Activation links to print');
  const slip = page.getByRole('region', { name: `Imogen ${own().last}` });
  await expect(slip).toContainText(address('imogen'));
  await expect(slip).toContainText(/\/start\/\S{20,}/);
  codes = await page.locator('.app-slip__code').allInnerTexts();
  expect(codes).toEqual([expect.stringMatching(/^\d{3} \d{3} \d{3}$/), expect.stringMatching(/^\d{3} \d{3} \d{3}$/)]);
  await axe(page);
  await noHorizontalScroll(page);
  // On paper only the slips are left.
  await page.emulateMedia({ media: 'print' });
  await expect(heading(page)).toBeHidden();
  await expect(slip).toBeVisible();
  await page.emulateMedia({ media: 'screen' });

  await page.goto(`${submission}/activation`);
  await expect(page.getByRole('heading', { name: 'Links were given out before' })).toBeVisible();
  await expect(page.getByRole('main')).not.toContainText('/start/');
  await axe(page);
  expect(heard).toEqual([]);
});

test('Somebody activates their account by a code that is read out to them', async ({ page }) => {
  await page.goto('/activate');
  await page.getByRole('button', { name: 'Continue' }).click();
  await expectProblems(page, { 'Email address': 'Enter your email address.', Code: 'Enter the 9 digits of your code.' });
  await axe(page);
  await noHorizontalScroll(page);
  await enterCode(page, 'imogen', codes[0].replaceAll(' ', '-'));
  await expect(heading(page)).toHaveText('Welcome, Imogen');
  await field(page, 'Password').fill(chosen);
  await field(page, 'I accept the use policy').check();
  await page.getByRole('button', { name: 'Choose password and sign in' }).click();
  await expect(heading(page)).toHaveText('Hello, Imogen');
});
