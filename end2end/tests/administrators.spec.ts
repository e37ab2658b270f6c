import { axe, complaints, noHorizontalScroll } from './support/checks';
import { confirm, expectProblems, field, goOn, heading, onward, plan } from './support/people';
import { beSignedIn, expectEnded, type Persona, personas, signIn, signInByForm, staffList } from './support/portal';
import { type APIRequestContext, expect, type Page, test } from './support/test';

// Who becomes a Connector: somebody else in each project.
const connectors: Record<string, { first: Persona; name: string }> = {
  'desktop-js': { first: 'Hamid', name: 'Hamid Noorzai' },
  'desktop-no-js': { first: 'Aled', name: 'Aled Pritchard' },
};
const connector = () => connectors[test.info().project.name];

const main = (page: Page) => page.getByRole('main');

/** What a program with this token is answered, over HTTP and without a browser. */
async function asks(request: APIRequestContext, token: string): Promise<number> {
  const answer = await request.get('/api/v1/me', { headers: { Authorization: `Bearer ${token}` } });
  return answer.status();
}

test.describe('Roles', () => {
  test('are seen by those who manage them, and given by those who may', async ({ page }) => {
    const heard = complaints(page);
    await signIn(page, 'Aled');
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Administrators' }).click();
    await expect(heading(page)).toHaveText('Administrators');
    await expect(main(page).getByRole('link', { name: 'Give a role' })).toHaveCount(0);
    await expect(main(page)).not.toContainText('Ashcombe');
    await expect(main(page).getByRole('link', { name: /^Revoke/ })).toHaveCount(0);
    await axe(page);
    await noHorizontalScroll(page);
    expect((await page.goto('/administrators/new'))?.status()).toBe(403);

    await signIn(page, 'Hamid');
    await expect(page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Administrators' })).toHaveCount(0);
    expect((await page.goto('/administrators'))?.status()).toBe(403);
    expect(heard.filter((line) => !line.includes('403'))).toEqual([]);
  });
});

/** Sends a file as a program does, and waits until it is applied or waits for somebody. */
async function sends(request: APIRequestContext, token: string, data: string): Promise<{ id: string; state: string }> {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'text/csv' };
  let answer = await request.post('/api/v1/submissions', { headers, data });
  expect(answer.status()).toBe(202);
  const { id } = await answer.json();
  await expect(async () => {
    answer = await request.get(`/api/v1/submissions/${id}`, { headers });
    expect(['applied', 'held']).toContain((await answer.json()).state);
  }).toPass({ timeout: 60_000 });
  return answer.json();
}

/** What a program sends is held where it makes many, listed, and undone; in the end nobody is left of it. */
async function machinesAreChecked(page: Page, request: APIRequestContext, token: string, name: string) {
  // No two are taken for one person: each has another beginning of the last name, each project another first name.
  const first = name === 'Hamid Noorzai' ? 'Kerensa' : 'Morwenna';
  const local = (index: number) => `${token.slice(4, 10)}${index}`;
  const last = (index: number) =>
    `${String.fromCharCode(65 + Math.floor(index / 10))}${String.fromCharCode(97 + (index % 10))}trevose`;
  const all = Array.from({ length: 60 }, (_, index) => index);
  const people = staffList(...all.map((index) => `${local(index)},RIV,${first},${last(index)},`));
  const created = await sends(request, token, people);
  expect(created.state).toBe('held');

  await page.goto('/');
  const waiting = page.getByRole('region', { name: /waits? for you/ });
  await axe(page);
  await noHorizontalScroll(page);
  await waiting.getByRole('link', { name: `From ${name}` }).click();
  await expect(main(page)).toContainText('they wait for you');
  await expect(main(page)).toContainText('This file creates 60 accounts');
  await axe(page);
  await noHorizontalScroll(page);
  await main(page).getByLabel('This file creates 60 accounts').fill('59');
  await main(page).getByRole('button', { name: 'Apply 60 changes' }).click();
  await expect(main(page)).toContainText('Type the number that you see above the field.');
  await main(page).getByLabel('This file creates 60 accounts').fill('60');
  await main(page).getByRole('button', { name: 'Apply 60 changes' }).click();
  await expectEnded(page, '60 accounts created');

  await page.goto('/uploads');
  await main(page).getByRole('link', { name: 'Sent by connectors' }).click();
  await axe(page);
  await noHorizontalScroll(page);
  await page.getByRole('row').filter({ hasText: created.id }).getByRole('link').click();
  await expectEnded(page, '60 accounts created');
  await main(page).getByRole('button', { name: 'Undo this submission' }).click();
  await main(page).getByLabel('This undo changes 60 accounts').fill('60', { timeout: 60_000 });
  await main(page).getByRole('button', { name: 'Reverse 60 rows' }).click();
  await expect(page.locator('.nhsuk-panel').getByRole('heading', { name: 'Undone' })).toBeVisible({ timeout: 60_000 });
}

test('a Connector is made, makes a token that works, and is refused at once when it is revoked', async ({
  page,
  browser,
  request,
}) => {
  test.slow();
  const { first, name } = connector();
  await beSignedIn(page, 'Priya');
  await page.goto('/administrators/new');
  await field(page, 'Email address').fill(personas[first]);
  // Only a Connector is asked what it sends through.
  await field(page, 'Audit').check();
  await expect(page.getByLabel('API', { exact: true })).toBeHidden();
  await field(page, 'Connector').check();
  await page.getByLabel('API', { exact: true }).check();
  await page.getByLabel('For which organisation?').selectOption('RIV');
  await page.getByLabel('Why do they need it?').fill('Sends the staff list from payroll');
  await goOn(page, onward(page), `Give ${name} the role Connector of Riverside Hospitals Trust`);
  // Who changes their mind finds every answer again.
  await main(page).getByRole('link', { name: 'Change', exact: true }).click();
  await expect(field(page, 'Connector')).toBeChecked();
  await expect(page.getByLabel('API', { exact: true })).toBeChecked();
  await expect(page.getByLabel('For which organisation?')).toHaveValue('RIV');
  await expect(page.getByLabel('Why do they need it?')).toHaveValue('Sends the staff list from payroll');
  await goOn(page, onward(page), `Give ${name} the role Connector of Riverside Hospitals Trust`);
  await expect(plan(page)).toContainText(`${name} will be able to:`);
  await expect(plan(page)).toContainText('create and change accounts through: API');
  await expect(plan(page)).toContainText('In: Riverside Hospitals Trust (RIV) and 3 organisations below it');
  await axe(page);
  await noHorizontalScroll(page);
  await confirm(page, 'Give role', 'Role given');

  const own = await browser.newPage({ javaScriptEnabled: test.info().project.use.javaScriptEnabled });
  await signInByForm(own, first);
  await own.goto('/me');
  await own.getByRole('link', { name: 'Your API tokens' }).click();
  await axe(own);
  await field(own, 'Name').fill('Payroll');
  await main(own).getByRole('button', { name: 'Make token' }).click();
  const token = await own.getByRole('region', { name: 'Copy your new token now' }).getByLabel('Payroll').inputValue();
  expect(token).toMatch(/^pat_[0-9A-Za-z]{46}$/);
  await axe(own);
  await noHorizontalScroll(own);
  expect(await asks(request, token)).toBe(200);
  await own.goto('/me/tokens');
  await expect(main(own)).toContainText(token.slice(0, 12));
  await expect(own.locator('body')).not.toContainText(token);

  await page.goto('/administrators?role=connector');
  await page.getByRole('row').filter({ hasText: name }).getByRole('link', { name: 'Connector', exact: true }).click();
  await axe(page);
  await noHorizontalScroll(page);

  await machinesAreChecked(page, request, token, name);

  // The token is found by its beginning, and revoked after a question.
  await page.goto('/administrators');
  await main(page).getByRole('link', { name: 'API tokens of connectors' }).click();
  await expect(heading(page)).toHaveText('API tokens');
  await main(page).getByLabel('Start of the token, its name, or the connector').fill(token.slice(0, 12));
  await main(page).getByRole('button', { name: 'Search' }).click();
  await axe(page);
  await noHorizontalScroll(page);
  const row = page.getByRole('row').filter({ hasText: token.slice(0, 12) });
  await expect(row).toContainText(name);
  await row.getByRole('link', { name: /^Revoke/ }).click();
  await axe(page);
  await noHorizontalScroll(page);
  await main(page).getByRole('button', { name: 'Revoke token' }).click();
  await expect(main(page)).toContainText('The token is revoked.');
  expect(await asks(request, token)).toBe(401);

  // The role goes too, and with it the way to tokens.
  await page.goto('/administrators?role=connector');
  await page.getByRole('row').filter({ hasText: name }).getByRole('link', { name: /^Revoke/ }).click();
  await onward(page).click();
  await expectProblems(page, {
    'Why does it end?': 'The reason is missing. Say why in a few words, for people who read the history later.',
  });
  await field(page, 'Why does it end?').fill('Payroll sends it itself now');
  await goOn(page, onward(page), `Revoke ${name}’s role Connector of Riverside Hospitals Trust`);
  await axe(page);
  await confirm(page, 'Revoke role', 'Role revoked');
  await own.goto('/me/tokens');
  await expect(main(own).getByRole('button', { name: 'Make token' })).toHaveCount(0);
  await own.close();
});
