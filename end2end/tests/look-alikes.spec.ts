import { axe } from './support/checks';
import { beSignedIn, download, expectEnded, expectTotals, staffList, upload } from './support/portal';
import { read, records } from './support/csv';
import { expect, type Page, test } from './support/test';

// Whom the first row looks like: somebody else in each project, because creating them makes one more to look like.
const known: Record<string, { first: string; last: string; localId: string }> = {
  'desktop-js': { first: 'Ben', last: 'Cartwright', localId: '2' },
  'desktop-no-js': { first: 'Hamid', last: 'Noorzai', localId: '3' },
};

test.describe('Possible duplicates', () => {
  const person = () => known[test.info().project.name];
  const suffix = () => (test.info().project.name === 'desktop-js' ? '' : 'worth');

  /** A row like somebody here, two rows like each other, one like nobody, and one with a mistake. */
  const file = (newcomer: string) =>
    staffList(
      `,RIV,${person().first},${person().last},`,
      `,RIV,Tabitha,${newcomer}${suffix()},`,
      `,RIV,Tabytha,${newcomer}${suffix()},`,
      `,RIV,Oswin,${newcomer}${suffix()},`,
      `,RIV,Mistaken,${newcomer}${suffix()},12`,
    );
  const question = (page: Page) =>
    page.getByRole('group', { name: '2 rows need a decision: what should be done?' });
  const leaveOut = (page: Page) => question(page).getByRole('radio', { name: 'Skip them all; I will check who they are' });
  const create = (page: Page) => question(page).getByRole('radio', { name: 'Include them all; I have checked' });

  test.beforeEach(async ({ page }) => beSignedIn(page, 'Ben'));

  test('are asked about, each with whom it looks like, and nothing is chosen beforehand', async ({ page }) => {
    const { first, last, localId } = person();
    await upload(page, 'newcomers.csv', file('Asked'));
    await expectTotals(page, '1 with problems', '4 to create', '0 to update', '0 no change', '2 to decide');
    await expect(leaveOut(page)).not.toBeChecked();
    await expect(create(page)).not.toBeChecked();
    await expect(leaveOut(page)).toHaveAccessibleDescription('2 changes will be applied, 1 row with problems will be rejected, 2 rows skipped');
    await expect(create(page)).toHaveAccessibleDescription('4 changes will be applied, 1 row with problems will be rejected');
    await axe(page);
    await question(page).getByRole('link', { name: 'Look at 2 rows' }).click();
    await expect(page.getByRole('heading', { name: 'Rows that need a decision' })).toBeVisible();
    await expect(page.locator('.app-rows > li')).toHaveCount(2);
    await expect(page.locator('#row-2')).toContainText(`${first} ${last}, local ID ${localId}, is already here.`);
    await expect(page.locator('#row-2')).toContainText(`If it is the same person, enter the local ID ${localId} in this row.`);
    await expect(page.locator('#row-4')).toContainText('in row 3 looks like the same person.');
  });

  test('are not applied without an answer: the question is linked to above', async ({ page }) => {
    await upload(page, 'newcomers.csv', file('Unanswered'));
    await page.getByRole('button', { name: 'Apply' }).click();
    await expect(page).toHaveTitle(/^Error: /);
    const summary = page.getByRole('alert');
    await summary.getByRole('link', { name: 'Choose what to do with rows that need a decision.' }).click();
    await expect(leaveOut(page)).toBeFocused();
    await expectTotals(page, '1 with problems', '4 to create', '0 to update', '0 no change', '2 to decide');
  });

  test('are skipped on one’s word, and come back in the problem file', async ({ page }) => {
    await upload(page, 'newcomers.csv', file('Omitted'));
    await leaveOut(page).check();
    await page.getByRole('button', { name: 'Apply' }).click();
    await expectEnded(page, '2 accounts created, 0 accounts updated, 1 row rejected, 2 rows skipped.');
    await expect(page.locator('#row-2')).toContainText('Skipped');
    const problems = await download(page, page.getByRole('link', { name: 'Download the problem file' }));
    const rows = records(read(problems.text));
    expect(rows.map((row) => row.FirstName)).toEqual([person().first, 'Tabytha', 'Mistaken']);
    expect(rows[0].Problems).toContain('is already here.');
  });
});
