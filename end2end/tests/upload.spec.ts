import { read, records } from './support/csv';
import { axe } from './support/checks';
import { download, expectEnded, expectTotals, send, signInByForm } from './support/portal';
import { mend, practice } from './support/practice';
import { expect, type Page, test } from './support/test';

// The main journey: each test goes on where the one before it ended, in one browser, as its person does.
test.describe.configure({ mode: 'serial' });

test.describe('A staff list with five mistakes', () => {
  const fileName = 'staff list.csv';
  let file: ReturnType<typeof practice>;
  let page: Page;
  let submission: string;
  let problemFile: string;

  /** The row of the review that stands where the shipped file has this local ID. */
  const row = (localId: string) => page.locator(`#row-${file.number(localId)}`);
  const address = (first: string, last: string) => `${first}.${last}${file.surname}@health.example`.toLowerCase();

  test.beforeAll(async ({ browser }) => {
    file = practice(test.info().project.name);
    page = await browser.newPage();
  });
  test.afterAll(() => page.close());

  test('is sent by following the links from the first page', { tag: '@script' }, async () => {
    await signInByForm(page, 'Ben');
    await axe(page);
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Uploads' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Uploads');
    await axe(page);
    await page.getByRole('link', { name: 'Upload a file' }).click();
    await expect(page).toHaveTitle('Upload a file – Staffbook');
    await axe(page);
    await send(page, fileName, file.text);
    await expect(page.getByRole('heading', { level: 1 })).toContainText(fileName);
    await expect(page.getByRole('heading', { name: '5 rows have problems' })).toBeVisible();
    submission = new URL(page.url()).pathname;
  });

  test('is counted row by row before anything is changed', async () => {
    await expectTotals(page, '5 with problems', '30 to create', '12 to update', '3 no change');
    await expect(page.locator('.app-rows > li')).toHaveCount(50);
    await axe(page);
  });

  test('shows each mistake in its cell, with what to do about it', async () => {
    await page.getByRole('link', { name: '5 with problems' }).click();
    await expect(page.getByRole('heading', { name: 'Rows with problems' })).toBeVisible();
    await expect(page.locator('.app-rows > li')).toHaveCount(5);
    const said: [string, string, string, string][] = [
      ['4101', 'K', 'Mobile: “01632 960555” is not a UK mobile number.', 'Enter eleven digits that begin with 07'],
      ['4102', 'B', 'ODSCode: You do not manage an organisation with the code “RVI”.', 'Enter the code of an organisation'],
      ['4103', 'G', 'LastName: Last name is missing.', 'Enter the last name.'],
      ['4104', 'L', 'ClinicalSpecialty: “Cardiolgy” is not in the list for clinical specialty.', 'Did you mean “Cardiology”?'],
    ];
    for (const [localId, column, message, hint] of said) {
      await expect(row(localId)).toContainText(`${column}${file.number(localId)}, ${message} ${hint}`);
    }
    await expect(row('1041')).toContainText('Marek Maddern is disabled. If the person is back');
    await axe(page);
  });

  test('shows what each change makes of what was there', async () => {
    await page.getByRole('link', { name: '12 to update' }).click();
    await expect(page.locator('.app-rows > li')).toHaveCount(12);
    const change = row('1020').locator('.app-changes > div');
    await expect(change).toHaveCount(1);
    await expect(change.getByRole('deletion')).toHaveText(file.before('1020').Mobile);
    await expect(change.getByRole('insertion')).toHaveText(file.row('1020').Mobile);
    const cleared = row('1016').locator('.app-changes > div').filter({ hasText: 'Department' });
    await expect(cleared.getByRole('deletion')).toHaveText(file.before('1016').Department);
    await expect(cleared.getByRole('insertion')).toHaveText('nothing');
    await axe(page);
    await page.getByRole('link', { name: '30 to create' }).click();
    await expect(row('4024')).toContainText(address('Kezia', 'Tavener'));
    await page.getByRole('link', { name: 'Show all rows' }).click();
    await expect(page.locator('.app-rows > li')).toHaveCount(50);
  });

  test('is applied but for its mistakes by one button, and the page goes on by itself', { tag: '@script' }, async () => {
    await page.getByRole('button', { name: 'Apply 42 changes' }).click();
    await expectEnded(page, '30 accounts created, 12 accounts updated, 5 rows rejected.');
    expect(new URL(page.url()).pathname).toBe(submission);
    await expectTotals(page, '5 rejected', '30 created', '12 updated', '3 no change');
    await axe(page);
  });

  test('leads from each new account to its page', async () => {
    await expect(row('4002')).toContainText('Created');
    await expect(row('4002')).toContainText(address('Zoe', 'Harcastle'));
    await expect(row('4011')).toContainText(address('Carys', 'ORourke'));
    await row('4002').getByRole('link').first().click();
    await expect(page.getByRole('heading', { level: 1 })).toContainText(`Zoë Harcastle${file.surname}`);
    await expect(page.locator('main')).toContainText('Account created');
    await axe(page);
    await page.goBack();
  });

  test('comes back as a result file with what became of each row', async () => {
    const result = await download(page, page.getByRole('link', { name: 'Download the result file' }));
    expect(result.name).toBe('staff list-result.csv');
    const rows = records(read(result.text));
    expect(Object.keys(rows[0])).toEqual([...file.headings, 'Result']);
    expect(rows).toHaveLength(50);
    const said = (start: string) => rows.filter(({ Result }) => Result.startsWith(start)).length;
    expect([said('Created '), said('Updated: '), said('No changes needed.'), said('Rejected. ')]).toEqual([30, 12, 3, 5]);
    const { Result } = rows[file.number('4024') - 2];
    expect(Result).toBe(`Created ${address('Kezia', 'Tavener')}.`);
  });

  test('gives the rejected rows back in a problem file', async () => {
    const problems = await download(page, page.getByRole('link', { name: 'Download the problem file' }));
    expect(problems.name).toBe('staff list-problems.csv');
    const rows = records(read(problems.text));
    expect(Object.keys(rows[0])).toEqual([...file.headings, 'Problems']);
    expect(rows).toHaveLength(5);
    const misspelt = rows.find((row) => row.ClinicalSpecialty === 'Cardiolgy');
    expect(misspelt?.Problems).toContain('Did you mean “Cardiology”?');
    problemFile = problems.text;
  });

  test('is mended in the problem file, which is sent from the same page', async () => {
    await send(page, 'staff list-problems.csv', mend(problemFile, file.surname));
    await expectTotals(page, '1 with problems', '4 to create', '0 to update', '0 no change');
    await page.getByRole('button', { name: 'Apply 4 changes' }).click();
    await expectEnded(page, '4 accounts created, 0 accounts updated, 1 row rejected.');
    const created = page.locator('.app-row').filter({ hasText: 'Created' });
    await expect(created).toHaveCount(4);
    await expect(created.filter({ hasText: address('Kezia', 'Trevanion') })).toBeVisible();
    await axe(page);
  });

  test('changes nothing when it is sent a second time', async () => {
    await page.getByRole('link', { name: 'Uploads' }).first().click();
    await page.getByRole('link', { name: 'Upload a file' }).click();
    await send(page, fileName, file.text);
    // The row without a last name finds the account that the mended file made, and keeps its name.
    await expectTotals(page, '4 with problems', '0 to create', '0 to update', '46 no change');
    await expect(page.getByRole('button', { name: /^Apply/ })).toHaveCount(0);
    await axe(page);
    await page.getByRole('button', { name: 'Discard' }).click();
    await expect(page.getByRole('heading', { name: 'Discarded' })).toBeVisible();
    await axe(page);
  });
});
