import { axe, noHorizontalScroll } from './support/checks';
import { field, linkFromMail } from './support/people';
import { beSignedIn, download, expectEnded, upload } from './support/portal';
import { expect, type Page, test } from './support/test';

// Who is new: others in each project, because all share one database.
const known: Record<string, { last: string; localId: string }> = {
  'desktop-js': { last: 'Trescothick', localId: 'QX7711' },
  'desktop-no-js': { last: 'Umfreville', localId: 'QX7722' },
};
const own = () => known[test.info().project.name];
const address = (first: string) => `${first}.${own().last}@health.example`.toLowerCase();

const main = (page: Page) => page.getByRole('main');
const entries = (page: Page) => page.locator('.app-directory__name');
const detail = (page: Page, name: string) =>
  page.locator('.nhsuk-summary-list__row').filter({ has: page.getByText(name, { exact: true }) });

async function lookUp(page: Page, words: string) {
  await page.goto('/directory');
  await field(page, 'Search the directory').fill(words);
  await page.getByRole('button', { name: 'Search' }).click();
  await expect(field(page, 'Search the directory')).toHaveValue(words.trim());
}

/** A card's lines, those that were folded put together again. */
function read(card: string): string[] {
  expect(card.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  expect(card.split('\r\n').every((line) => Buffer.byteLength(line) <= 75)).toBe(true);
  return card.replaceAll('\r\n ', '').trimEnd().split('\r\n');
}

test.describe('The directory', () => {
  // Each test goes on where the one before it ended, in one browser.
  test.describe.configure({ mode: 'serial' });
  let page: Page;

  test.beforeAll(async ({ browser }) => {
    page = await browser.newPage();
    await beSignedIn(page, 'Ben');
    const rows = [
      `${own().localId},RIV,Wilfred,${own().last},07700 900471,yes,01632 960471,Porter`,
      `,RIV,Winifred,${own().last},,no,,Clerk`,
    ];
    const file = ['LocalID,ODSCode,FirstName,LastName,Mobile,HideMobile,Telephone,JobTitle', ...rows].join('\n');
    await upload(page, 'two porters.csv', file);
    await main(page).getByRole('button', { name: 'Apply 2 changes' }).click();
    await expectEnded(page, '2 accounts created');
  });
  test.afterAll(() => page.close());

  test('lists somebody new only once they have taken their account up', async () => {
    await lookUp(page, own().last);
    await expect(main(page)).toContainText('No people found.');
    await page.context().clearCookies();
    await page.goto(await linkFromMail(page, address('Wilfred')));
    await field(page, 'Password').fill('copper-lantern-meadow');
    await field(page, 'I accept the use policy').check();
    await page.getByRole('button', { name: 'Choose password and sign in' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Hello, Wilfred');
    await lookUp(page, own().last);
    await expect(entries(page)).toHaveText([`Wilfred ${own().last}`]);
  });

  test('is for everybody, also without any role: colleagues of all organisations, by parts of a name or address', async () => {
    const ways = page.getByRole('navigation', { name: 'Main' }).getByRole('link');
    await expect(ways).toHaveText(['Home', 'Directory']);
    for (const path of ['/people', '/people/actions', '/uploads', '/offers', '/people/upcoming']) {
      expect.soft((await page.request.get(path)).status(), path).toBe(403);
    }
    await expect(page.getByRole('contentinfo').getByRole('link', { name: 'What a file must look like' })).toHaveCount(0);
    for (const words of ['ashcombe', 'GWEN ash', 'gwen.ashcombe@health', '  ashcombe   gwen ']) {
      await lookUp(page, words);
      await expect(entries(page)).toHaveText(['Gwen Ashcombe']);
    }
    const entry = page.locator('.app-directory__item');
    await expect(entry).toContainText('Administrator, Support services');
    await expect(entry).toContainText('Mill Lane Surgery');
    await expect(entry.getByRole('link', { name: '01632 960294' })).toHaveAttribute('href', 'tel:+441632960294');
    await lookUp(page, 'zoe rahimi');
    await expect(entries(page)).toHaveText(['Zoë Rahimi']);
    await axe(page);
    await noHorizontalScroll(page);
  });

  test('lists contacts too, marked as such, and nobody who cannot be written to', async () => {
    await lookUp(page, 'bellweather seren');
    await expect(entries(page)).toHaveText(['Seren Bellweather Contact']);
    await lookUp(page, 'maddern');
    await expect(main(page)).toContainText('No people found. Check the spelling, or use part of a name, email address, telephone number, job title, unit or site.');
    await lookUp(page, 'winifred');
    await expect(entries(page).filter({ hasText: own().last })).toHaveCount(0);
  });

  test('asks for at least two letters, and for more where many are found', async () => {
    for (const words of ['a', '%', '__', ' . ']) {
      await lookUp(page, words);
      await expect(page.getByRole('status')).toHaveText('Enter at least two letters or digits.');
      await expect(entries(page)).toHaveCount(0);
    }
    await lookUp(page, 'health.example');
    await expect(page.getByRole('status')).toHaveText('The first 50 people. Enter more words to find others.');
    await expect(entries(page)).toHaveCount(50);
  });

  test('has an entry for each, to be saved to an address book', async () => {
    await lookUp(page, 'ashcombe');
    await entries(page).getByRole('link').click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Directory Gwen Ashcombe');
    await expect(detail(page, 'Organisation')).toContainText('Mill Lane Surgery');
    await expect(detail(page, 'Mobile').getByRole('link')).toHaveAttribute('href', 'tel:+447700900726');
    await expect(detail(page, 'Local unique ID')).toHaveCount(0);
    await expect(detail(page, 'Quota')).toHaveCount(0);
    await axe(page);
    await noHorizontalScroll(page);
    // The way back leads to what was found.
    await main(page).getByRole('link', { name: 'Directory' }).click();
    await expect(entries(page)).toHaveText(['Gwen Ashcombe']);
    await expect(field(page, 'Search the directory')).toHaveValue('ashcombe');
    await entries(page).getByRole('link').click();
    const { name, text } = await download(page, page.getByRole('link', { name: 'Save to an address book (vCard)' }));
    expect(name).toBe('Gwen Ashcombe.vcf');
    const lines = read(text);
    expect([lines.at(0), lines.at(1), lines.at(-1)]).toEqual(['BEGIN:VCARD', 'VERSION:4.0', 'END:VCARD']);
    for (const line of [
      'FN:Gwen Ashcombe',
      'N:Ashcombe;Gwen;;Mrs;',
      'ORG:Mill Lane Surgery;Support services',
      'TITLE:Administrator',
      'EMAIL;TYPE=work:gwen.ashcombe@health.example',
      'TEL;VALUE=uri;TYPE="work,voice":tel:+441632960294',
      'TEL;VALUE=uri;TYPE="work,cell":tel:+447700900726',
    ]) {
      expect.soft(lines).toContain(line);
    }
  });
});
