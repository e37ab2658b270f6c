import { axe } from './support/checks';
import { beSignedIn, fillInSignIn, personas, signIn, staffList, upload } from './support/portal';
import { type APIResponse, expect, test } from './support/test';

// As a browser says of the portal's own pages.
const own = { 'sec-fetch-site': 'same-origin' };

/** The answer is the page for what is not there, and names what the helpdesk finds it by. */
async function expectNotFound(answer: APIResponse) {
  expect(answer.status(), answer.url()).toBe(404);
  expect(await answer.text()).toContain('Page not found');
  expect(await answer.text()).toMatch(/Reference for your helpdesk: (<!.*?>)*[0-9A-F]{8}/);
}

test.describe('An upload of the trust’s administrator', () => {
  let submission: string;

  test.beforeAll(async ({ browser }) => {
    const page = await browser.newPage();
    await beSignedIn(page, 'Ben');
    await upload(page, 'only for the trust.csv', staffList('1023,RIV,,,07700 900777'));
    await expect(page.getByRole('button', { name: 'Apply 1 change' })).toBeVisible();
    submission = new URL(page.url()).pathname;
    await page.close();
  });

  test('is not there for the administrator of a surgery: not its page, its files, or its buttons', async ({ page }) => {
    await beSignedIn(page, 'Gwen');
    for (const part of ['', '?show=problem', '/result.csv', '/problems.csv']) {
      await expectNotFound(await page.request.get(submission + part));
    }
    for (const part of ['/confirmation', '/refusal']) {
      await expectNotFound(await page.request.post(submission + part, { form: { seen: '0' }, headers: own }));
    }
    expect((await page.request.get(`${submission}/progress`)).status()).toBe(404);
    await page.goto(submission);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Page not found');
    await expect(page.getByText(/Reference for your helpdesk: [0-9A-F]{8}$/)).toBeVisible();
    await page.goto('/uploads');
    await expect(page.locator('main')).not.toContainText('only for the trust.csv');
    await page.goto('/');
    await expect(page.locator('main')).not.toContainText('only for the trust.csv');
  });
});

test('The administrator of a surgery sees its people and nobody else', async ({ page }) => {
  await signIn(page, 'Gwen');
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'People' }).click();
  const lines = page.getByRole('table').locator('tbody tr');
  // Those of the seeds, and whoever another journey has taken in at the moment.
  await expect.poll(() => lines.filter({ hasText: 'Mill Lane' }).count()).toBeGreaterThanOrEqual(14);
  await expect(lines.filter({ hasNotText: 'Mill Lane' })).toHaveCount(0);
  await expect(page.getByLabel('Organisation').locator('option')).toHaveText(['All organisations you manage', 'Mill Lane Surgery (G7H8J)']);
  for (const query of ['words=cartwright', 'organisation=RIV', 'kind=contacts&organisation=RIV']) {
    await page.goto(`/people?${query}`);
    await expect(page.getByText(/^No people found/)).toBeVisible();
  }
  const suggested = (words: string) => page.request.post('/api/find-people', { form: { words }, headers: own });
  expect(await (await suggested('cartwright')).json()).toEqual([]);
  expect(await (await suggested('ashcombe')).json()).toHaveLength(1);
});

test('No way in the header leads the helpdesk to a page that it may not see', async ({ page }) => {
  await signIn(page, 'Hamid');
  const ways = await page.getByRole('navigation', { name: 'Main' }).getByRole('link').all();
  for (const path of await Promise.all(ways.map((way) => way.getAttribute('href')))) {
    expect.soft((await page.request.get(path!)).status(), path!).toBe(200);
  }
});

test.describe('Somebody who has not signed in', () => {
  test('is sent to sign in, and then on to the page they wanted', async ({ page }) => {
    await page.goto('/people?words=zo%C3%AB&organisation=RIV');
    await expect(page).toHaveURL(/\/sign-in\?next=/);
    await expect(page.getByRole('navigation', { name: 'Main' })).toHaveCount(0);
    await fillInSignIn(page, personas.Ben);
    await expect(page).toHaveURL('/people?words=zo%C3%AB&organisation=RIV');
    await expect(page.getByLabel('Search accounts')).toHaveValue('zoë');
  });

  test('is still sent on after a slip of the pen', async ({ page }) => {
    await page.goto('/uploads/formats');
    await fillInSignIn(page, personas.Ben, 'not it');
    await fillInSignIn(page, personas.Ben);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('What a file must look like');
  });

  test('is told at each field what is missing', async ({ page }) => {
    await page.goto('/sign-in');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('alert').getByRole('link')).toHaveText(['Enter your email address.', 'Enter your password.']);
    await page.getByRole('link', { name: 'Enter your password.' }).click();
    await expect(page.getByLabel('Password')).toBeFocused();
    await expect(page.getByLabel('Password')).toHaveAccessibleDescription('Error: Enter your password.');
    await axe(page);
  });
});
