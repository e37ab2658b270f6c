import { axe, noHorizontalScroll } from './support/checks';
import { beSignedIn, download, expectEnded, expectTotals, staffList, upload } from './support/portal';
import { read, records } from './support/csv';
import { expect, type Page, test } from './support/test';

const card = (page: Page, row: number) => page.locator(`#row-${row}`);
const own = () => test.info().project.name.replace(/[^a-z]/g, '');

test('Single rows are skipped and included, and stay so until they are applied', async ({ page }) => {
  const family = `Skipwell-${own()}`;
  await beSignedIn(page, 'Ben');
  const twin = `sk${own()}-1,RIV,Ada,${family},07700 900001`;
  await upload(page, 'skipping.csv', staffList(twin, twin, `sk${own()}-2,RIV,Bea,${family},`, `sk${own()}-3,RIV,Cay,${family},0770`));
  await expectTotals(page, '3 with problems', '1 to create', '0 to update', '0 no change');
  const main = page.getByRole('main');

  // One of two equal rows: the other has no problem any more.
  await expect(card(page, 3)).toContainText('is also in row 2.');
  await card(page, 3).getByRole('button', { name: 'Skip this row' }).click();
  await expect(main.getByRole('status')).toHaveText('Row 3 is skipped.');
  await expectTotals(page, '1 with problems', '2 to create', '0 to update', '0 no change', '1 skipped');
  await card(page, 4).getByRole('button', { name: 'Skip this row' }).click();
  await expectTotals(page, '1 with problems', '1 to create', '0 to update', '0 no change', '2 skipped');
  await axe(page);
  await noHorizontalScroll(page);

  // Only those, and one of them is included again.
  await main.getByRole('link', { name: '2 skipped' }).click();
  await expect(page.getByRole('heading', { name: 'Skipped rows' })).toBeVisible();
  await expect(page.locator('.app-rows > li')).toHaveCount(2);
  await card(page, 4).getByRole('button', { name: 'Include this row' }).click();
  await expect(main.getByRole('status')).toContainText(`Row 4 was checked again. It creates an account for Bea ${family}.`);
  await expectTotals(page, '1 with problems', '2 to create', '0 to update', '0 no change', '1 skipped');

  await expect(main).toContainText('1 row with problems will be rejected, 1 row skipped.');
  await main.getByRole('button', { name: 'Apply 2 changes' }).click();
  await expectEnded(page, '2 accounts created, 0 accounts updated, 1 row rejected, 1 row skipped.');
  await expect(card(page, 3)).toContainText('Skipped');
  const result = await download(page, page.getByRole('link', { name: 'Download the result file' }));
  const said = records(read(result.text)).map((row) => row.Result);
  expect(said[1]).toBe('Skipped: you chose not to apply this row.');
  expect(said[3]).toMatch(/^Rejected\. /);
});

test('Possible duplicates are answered one by one, each in its own way', async ({ page }) => {
  const family = `Twinwood-${own()}`;
  const people = ['Ida', 'Jon', 'Kay'].map((first, n) => `${first},${family},07700 90010${n}`);
  await beSignedIn(page, 'Ben');
  await upload(page, 'first.csv', staffList(...people.map((person, n) => `tw${own()}-${n},RIV,${person}`)));
  const main = page.getByRole('main');
  await main.getByRole('button', { name: /^Apply/ }).click();
  await expectEnded(page, '3 accounts created');

  await upload(page, 'second.csv', staffList(...people.map((person) => `,RIV,${person}`)));
  await expectTotals(page, '0 with problems', '3 to create', '0 to update', '0 no change', '3 to decide');
  await main.getByRole('link', { name: 'Look at 3 rows' }).click();
  await expect(card(page, 2)).toContainText(`If it is the same person, enter the local ID tw${own()}-0 in this row.`);
  await axe(page);
  await noHorizontalScroll(page);
  await card(page, 2).getByRole('button', { name: 'Skip this row' }).click();
  await card(page, 3).getByRole('button', { name: 'Include this row' }).click();
  await expectTotals(page, '0 with problems', '2 to create', '0 to update', '0 no change', '1 skipped', '1 to decide');
  await card(page, 4).getByRole('button', { name: `This is Kay ${family}, local ID tw${own()}-2` }).click();
  await expectTotals(page, '0 with problems', '1 to create', '0 to update', '1 no change', '1 skipped');
  await main.getByRole('link', { name: 'Show all rows' }).click();
  await expect(card(page, 3)).toContainText('You chose to include this row.');

  // Nothing is asked of them all.
  await main.getByRole('button', { name: 'Apply 1 change' }).click();
  await expectEnded(page, '1 account created, 0 accounts updated, 0 rows rejected, 1 row skipped.');
});
