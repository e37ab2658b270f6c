import { axe, noHorizontalScroll } from './support/checks';
import { read, records } from './support/csv';
import { confirm, expectChange, field, goOn, openAccount, standing } from './support/people';
import { beSignedIn, download, expectEnded, staffList, upload } from './support/portal';
import { expect, type Page, test } from './support/test';

// Whom each project is about: somebody new, and somebody of the children's hospital of whom no other test knows.
const known: Record<string, { last: string; leaver: string; leaverId: string }> = {
  'desktop-js': { last: 'Yelverton', leaver: 'Lowri Chaudhry', leaverId: '2012' },
  'desktop-no-js': { last: 'Zennor', leaver: 'Keir Holloway', leaverId: '2019' },
};
const own = () => known[test.info().project.name];

const main = (page: Page) => page.getByRole('main');
const onward = (page: Page) => main(page).getByRole('button', { name: 'Continue' });
const items = (page: Page) => page.locator('.app-timeline__item');
const what = (page: Page) => page.locator('.app-timeline__what');

/** Creates somebody by a file and changes their job title by the form; their page is open then. */
async function makeHistory(page: Page, first: string, title: string): Promise<string> {
  await upload(page, 'somebody new.csv', staffList(`,RIV01,${first},${own().last},07700 900481`));
  await main(page).getByRole('button', { name: 'Apply 1 change' }).click();
  await expectEnded(page, '1 account created');
  await openAccount(page, `${first} ${own().last}`);
  const path = new URL(page.url()).pathname;
  await page.getByRole('link', { name: 'Change details' }).click();
  await field(page, 'Job title').fill(title);
  await goOn(page, onward(page), `Change ${first} ${own().last}`);
  await confirm(page, 'Save changes', 'Changes saved');
  await page.goto(path);
  return path;
}

/** The moment that an entry tells is of the last minutes. */
async function expectOfToday(entry: ReturnType<typeof items>) {
  const told = new Date((await entry.locator('time').getAttribute('datetime'))!);
  expect(Math.abs(Date.now() - told.getTime())).toBeLessThan(5 * 60 * 1000);
  const day = told.toLocaleDateString('en-GB', { timeZone: 'Europe/London', day: 'numeric', month: 'long', year: 'numeric' });
  await expect(entry.locator('time')).toContainText(day);
}

test('One person’s history tells in sentences what changed, from what to what, by whom and when', async ({ page }) => {
  await beSignedIn(page, 'Ben');
  await makeHistory(page, 'Orinda', 'Matron');
  await expect(what(page)).toHaveText(['Job title changed', 'Account created']);
  const [latest, first] = [items(page).first(), items(page).last()];
  await expect(latest.getByRole('deletion')).toHaveText('nothing');
  await expect(latest.getByRole('insertion')).toHaveText('Matron');
  await expect(latest).toContainText('By Ben Cartwright, on a form');
  await expectOfToday(latest);
  await expect(first).toContainText(/By Ben Cartwright, portal upload, row 2 of \w{10}/);
  await first.locator('summary').click();
  await expect(first).toContainText('07700 900481');
  await axe(page);
  await latest.getByRole('link', { name: 'on a form' }).click();
  await expect(page.locator('.nhsuk-panel')).toContainText('Changes saved');
  await expectChange(page, 'Job title', 'nothing', 'Matron');
});

test('An organisation’s history tells of whom each entry is, and leads to them', async ({ page }) => {
  await beSignedIn(page, 'Ben');
  const path = await makeHistory(page, 'Rosalba', 'Play leader');
  await page.goto('/people?organisation=RIV01');
  await page.getByRole('link', { name: 'History of this organisation' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('History RIV01 Riverside Children’s Hospital');
  const entry = items(page).filter({ hasText: `Rosalba ${own().last}` }).first();
  await expect(entry.locator('.app-timeline__what')).toHaveText(`Rosalba ${own().last}: Job title changed`);
  await expect(entry.getByRole('insertion')).toHaveText('Play leader');
  await expect(entry).toContainText('By Ben Cartwright, on a form');
  await expectOfToday(entry);
  await expect(entry.getByRole('link', { name: `Rosalba ${own().last}` })).toHaveAttribute('href', path);
  // The trust's people are another organisation's, though Ben manages both.
  await expect(main(page)).not.toContainText('Priya Ramanathan:');
  await axe(page);
  await noHorizontalScroll(page);
  const { name, text } = await download(page, page.getByRole('link', { name: 'Download the whole history as a CSV file' }));
  expect(name).toBe('history-RIV01.csv');
  const lines = records(read(text));
  expect(lines.find((line) => line.Person === `Rosalba ${own().last}`)).toMatchObject({ Who: 'Ben Cartwright', After: 'Play leader' });
  expect(lines.at(-1)).toMatchObject({ Who: 'Staffbook', What: 'Organisation added' });
});

test('A long history goes on page by page, to the very beginning', async ({ page }) => {
  await beSignedIn(page, 'Priya');
  await page.goto('/organisations/RIV/history');
  await expect(items(page)).toHaveCount(100);
  const next = page.getByRole('link', { name: 'Next page' });
  while (await next.count()) {
    const further = await next.getAttribute('href');
    await next.click();
    await expect(page).toHaveURL((url) => further!.endsWith(url.search));
  }
  await expect(what(page).last()).toHaveText('Organisation added');
  await page.getByRole('link', { name: 'First page' }).click();
  await expect(page).toHaveURL(/\/history$/);
});

test.describe('A history is not there', () => {
  test('for the administrator of another organisation', async ({ page }) => {
    await beSignedIn(page, 'Ben');
    await openAccount(page, '2004');
    const account = new URL(page.url()).pathname;
    await beSignedIn(page, 'Gwen');
    await page.goto('/organisations/G7H8J/history');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('History G7H8J Mill Lane Surgery');
    for (const path of ['/organisations/RIV/history', '/organisations/RIV/history.csv', '/organisations/NONE/history', `${account}/history.csv`]) {
      const answer = await page.request.get(path);
      expect.soft(answer.status(), path).toBe(404);
      expect.soft(await answer.text(), path).toContain('Page not found');
    }
  });

  test('for the helpdesk, and is for the auditor', async ({ page }) => {
    const paths = ['/organisations/RIV01/history', '/organisations/RIV01/history.csv'];
    for (const [persona, reads] of [['Hamid', false], ['Aled', true]] as const) {
      await beSignedIn(page, persona);
      for (const path of paths) expect.soft((await page.request.get(path)).status(), path).toBe(reads ? 200 : 404);
      await page.goto('/people?organisation=RIV01');
      await expect(page.getByRole('link', { name: 'History of this organisation' })).toHaveCount(reads ? 1 : 0);
      await openAccount(page, '2004');
      await expect(page.getByRole('heading', { name: 'History' })).toHaveCount(reads ? 1 : 0);
    }
  });
});

test('What comes by itself is told ahead: a leaver, on their date', async ({ page }) => {
  await beSignedIn(page, 'Ben');
  await openAccount(page, own().leaverId);
  await page.getByRole('link', { name: 'Mark as leaver' }).click();
  await field(page, 'On a later date').check();
  const at = new Date(Date.now() + 20 * 24 * 60 * 60 * 1000);
  const parts = at.toLocaleDateString('en-GB', { timeZone: 'Europe/London' }).split('/');
  for (const [place, part] of ['Day', 'Month', 'Year'].entries()) await field(page, part).fill(parts[place]);
  const day = at.toLocaleDateString('en-GB', { timeZone: 'Europe/London', day: 'numeric', month: 'long', year: 'numeric' });
  await goOn(page, onward(page), `${own().leaver} leaves on ${day}`);
  await expectChange(page, 'Leaving date', 'nothing', day);
  await confirm(page, 'Set the leaving date', 'Leaving date set');

  const leaves = page.getByRole('listitem').filter({ hasText: own().leaver });
  await page.goto('/people');
  await page.getByRole('link', { name: 'Automatic changes' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Automatic changes in the next 30 days');
  const section = page.locator('section').filter({ has: page.getByRole('heading', { name: day, exact: true }) });
  await expect(section.getByRole('listitem').filter({ hasText: own().leaver })).toContainText('Leaves: this is the leaving date.');
  await axe(page);
  await noHorizontalScroll(page);
  await field(page, 'Look ahead').selectOption('7 days');
  await page.getByRole('button', { name: 'Show' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Automatic changes in the next 7 days');
  await expect(leaves).toHaveCount(0);
  await field(page, 'Look ahead').selectOption('90 days');
  await page.getByRole('button', { name: 'Show' }).click();
  // Whoever is a leaver already is deleted when their time is over.
  await expect(page.getByRole('listitem').filter({ hasText: 'Dermot Dunmore' })).toContainText('Deleted: a leaver for 30 days.');
  await leaves.getByRole('link').click();
  await expect(standing(page)).toContainText(`Leaves on ${day}.`);
  await expect(what(page).first()).toHaveText('Leaving date set');
  await expect(items(page).first().getByRole('insertion')).toHaveText(day);

  await beSignedIn(page, 'Gwen');
  await page.goto('/people/upcoming?days=90');
  await expect(main(page)).not.toContainText(own().leaver);
  await beSignedIn(page, 'Hamid');
  expect((await page.request.get('/people/upcoming')).status()).toBe(403);
});
