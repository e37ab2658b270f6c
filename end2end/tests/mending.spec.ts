import { axe, noHorizontalScroll } from './support/checks';
import { beSignedIn, expectEnded, expectTotals, staffList, upload } from './support/portal';
import { expect, type Page, test } from './support/test';

const card = (page: Page, row: number) => page.locator(`#row-${row}`);

/** Opens the form of a row and gives the field of one of its cells. */
async function cell(page: Page, row: number, heading: string) {
  const own = card(page, row);
  if (!(await own.locator('details.app-mend').getAttribute('open').then((open) => open !== null))) {
    await own.locator('summary').click();
  }
  return own.getByLabel(heading, { exact: true });
}

test('Cells with problems are mended in the page, in one row or in all with the same problem', async ({ page }) => {
  const own = `m${test.info().project.name.replace(/[^a-z]/g, '')}`;
  const family = `Mendham-${own}`;
  await beSignedIn(page, 'Ben');
  const rows = ['Ada', 'Bea', 'Cay'].map((first, n) => `${own}-${n},RIV,${first},${family},ask her`);
  await upload(page, 'mending.csv', staffList(...rows, `${own}-9,RIV,Dot,${family},0770`));
  const main = page.getByRole('main');
  await expectTotals(page, '4 with problems', '0 to create', '0 to update', '0 no change');

  // Still wrong: the form is open, with what was typed.
  await (await cell(page, 5, 'Mobile')).fill('07700 900');
  await card(page, 5).getByRole('button', { name: 'Check row 5 again' }).click();
  await expect(main.getByRole('status')).toContainText('Row 5 was checked again. It still has a problem.');
  await expect(page).toHaveTitle(/^Error: mending\.csv/);
  await expect(page.getByRole('alert').getByRole('link', { name: /^Row 5, Mobile: / })).toHaveAttribute('href', '#row-5-mobile');
  await expect(card(page, 5).getByLabel('Mobile', { exact: true })).toHaveValue('07700 900');
  await expect(card(page, 5)).toContainText('In the file: “0770”.');
  await expect(card(page, 5).getByLabel('Mobile', { exact: true })).toHaveAccessibleDescription(/Error:/);
  await axe(page);
  await noHorizontalScroll(page);
  await card(page, 5).getByRole('button', { name: 'Check row 5 again' }).click();
  await expect(main.getByRole('status')).toContainText('Nothing has changed yet in row 5. It still has a problem.');

  await (await cell(page, 5, 'Mobile')).fill('07700 900999');
  await card(page, 5).getByRole('button', { name: 'Check row 5 again' }).click();
  await expect(main.getByRole('status')).toHaveText(`Row 5 was checked again. It creates an account for Dot ${family}.`);
  await expectTotals(page, '3 with problems', '1 to create', '0 to update', '0 no change');
  await expect(card(page, 5)).toContainText('Mobile was fixed. In the file: “0770”.');

  // One press for all that say the same, from the rows with problems, and back to them.
  await main.getByRole('link', { name: '3 with problems' }).click();
  await (await cell(page, 2, 'Mobile')).fill('');
  await card(page, 2).getByLabel('Use the same value in the other 2 rows with “ask her” in this cell').check();
  await axe(page);
  await card(page, 2).getByRole('button', { name: 'Check row 2 again' }).click();
  await expect(main.getByRole('status')).toContainText(`Row 2 was checked again. It creates an account for Ada ${family}. 2 other rows got the same value.`);
  await expect(main).toContainText('No rows found.');
  await expectTotals(page, '0 with problems', '4 to create', '0 to update', '0 no change');

  await main.getByRole('button', { name: /^Apply/ }).click();
  await expectEnded(page, '4 accounts created, 0 accounts updated, 0 rows rejected.');
});

test('All cells of a row can be mended on a page of its own', async ({ page }) => {
  const own = `w${test.info().project.name.replace(/[^a-z]/g, '')}`;
  await beSignedIn(page, 'Ben');
  await upload(page, 'whole-row.csv', staffList(`${own}-1,RVI,Edie,Mendwell,0770`));
  await card(page, 2).locator('summary').click();
  await card(page, 2).getByRole('link', { name: 'All cells of row 2' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('whole-row.csv Fix row 2');
  await axe(page);
  await noHorizontalScroll(page);
  await expect(page.getByLabel('FirstName')).toHaveValue('Edie');
  await page.getByLabel('ODSCode').fill('RIV');
  await page.getByLabel('Mobile').fill('07700 900998');
  await page.getByLabel('FirstName').fill('Edith');
  await page.getByRole('button', { name: 'Check this row again' }).click();
  await expect(page.getByRole('main').getByRole('status')).toHaveText('Row 2 was checked again. It creates an account for Edith Mendwell.');
  await expectTotals(page, '0 with problems', '1 to create', '0 to update', '0 no change');
  await page.getByRole('button', { name: 'Discard' }).first().click();
});

test('Who mends a cell in two windows is told what the other has made of it', async ({ page }) => {
  const own = `t${test.info().project.name.replace(/[^a-z]/g, '')}`;
  await beSignedIn(page, 'Ben');
  await upload(page, 'two-windows.csv', staffList(`${own}-1,RIV,Tess,Twinwindow,0770`, `${own}-2,RIV,Tom,Twinwindow,`));
  await expectTotals(page, '1 with problems', '1 to create', '0 to update', '0 no change');
  const other = await page.context().newPage();
  await other.goto(page.url());
  await (await cell(other, 2, 'Mobile')).fill('07700 900111');
  await card(other, 2).getByRole('button', { name: 'Check row 2 again' }).click();
  await expectTotals(other, '0 with problems', '2 to create', '0 to update', '0 no change');
  await other.close();

  await (await cell(page, 2, 'Mobile')).fill('07700 900222');
  await card(page, 2).getByRole('button', { name: 'Check row 2 again' }).click();
  await expect(page.getByRole('alert')).toContainText('Mobile: this was changed to “07700 900111” after you opened the row.');
  await expect(page.getByLabel('Mobile', { exact: true }).first()).toHaveValue('07700 900222');
  await axe(page);
  await noHorizontalScroll(page);
  await page.getByRole('button', { name: /^Check (row 2|this row) again$/ }).click();
  await expect(card(page, 2)).toContainText('07700 900222');
  await page.getByRole('button', { name: 'Discard' }).first().click();
});
