import { axe, noHorizontalScroll } from './support/checks';
import { field } from './support/people';
import { beSignedIn, expectEnded, expectTotals, staffList, upload } from './support/portal';
import { expect, test } from './support/test';

test('What was changed by hand stays, unless its sender has the file overwrite it', async ({ page }) => {
  const own = `e${test.info().project.name.replace(/[^a-z]/g, '')}`;
  const row = `${own},RIV,Hattie,Handley-${own},07700 900001`;
  await beSignedIn(page, 'Ben');
  const main = page.getByRole('main');
  await upload(page, 'first.csv', staffList(row));
  await main.getByRole('button', { name: /^Apply/ }).click();
  await expectEnded(page, '1 account created');
  await main.getByRole('link', { name: `Hattie Handley-${own}` }).click();
  await main.getByRole('link', { name: 'Change details' }).click();
  await field(page, 'Mobile').fill('07700 900002');
  await page.getByRole('button', { name: 'Continue' }).click();
  await main.getByRole('button', { name: 'Save changes' }).click();
  await expect(main).toContainText('07700 900002');

  await upload(page, 'second.csv', staffList(row));
  await expectTotals(page, '0 with problems', '0 to create', '0 to update', '1 no change');
  await expect(main).toContainText('In 1 row the file has the value from before a change by hand.');
  await main.getByRole('link', { name: 'Show these rows' }).click();
  await expect(main.locator('.app-hand-edit')).toContainText('Mobile was changed by hand on');
  await expect(main.locator('.app-hand-edit')).toContainText('by Ben Cartwright, and stays “07700 900002”. The file says “07700 900001”, as before.');
  await axe(page);
  await noHorizontalScroll(page);
  await main.getByRole('button', { name: 'Use what the file says for Mobile in row 2' }).click();
  await expectTotals(page, '0 with problems', '0 to create', '1 to update', '0 no change');
  await expect(main.getByRole('status')).toContainText('Row 2 was checked again. It changes the account of Hattie');
  await main.getByRole('link', { name: 'Show all rows' }).click();
  await main.getByRole('button', { name: 'Keep Mobile as it was changed by hand in row 2' }).click();
  await expectTotals(page, '0 with problems', '0 to create', '0 to update', '1 no change');
});
