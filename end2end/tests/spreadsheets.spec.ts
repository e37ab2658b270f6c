import { readFileSync } from 'node:fs';

import { axe, noHorizontalScroll } from './support/checks';
import { beSignedIn, expectTotals, send, upload } from './support/portal';
import { expect, test } from './support/test';

const staff = () => readFileSync(new URL('files/staff.xlsx', import.meta.url));

test('A spreadsheet is read like a CSV file, and what was guessed or passed over is said', async ({ page }) => {
  await beSignedIn(page, 'Ben');
  await upload(page, 'staff.xlsx', staff());
  await expect(page.getByRole('heading', { level: 1 })).toContainText('staff.xlsx');
  await expectTotals(page, '1 with problems', '2 to create', '0 to update', '0 no change');
  const main = page.getByRole('main');
  await expect(main).toContainText('Only the sheet “Staff” was read, not the other sheets.');
  await expect(main).toContainText('Column A (LocalID) holds numbers. Spreadsheets drop zeros at the front of numbers.');
  // A row keeps the number that it has in the sheet; an ID that is text keeps its zero.
  const row = page.locator('.app-row').filter({ hasText: 'Row 5' });
  await expect(row).toContainText('E5');
  await expect(page.locator('.app-row').filter({ hasText: 'Ann Workbook' })).toContainText('091002');
  await axe(page);
  await noHorizontalScroll(page);
  await main.getByRole('button', { name: 'Discard' }).click();
  await expect(main).toContainText('Nothing has been changed.');
});

test('The very same file is recognised when it comes again', async ({ page }) => {
  await beSignedIn(page, 'Ben');
  const file = `LocalID,ODSCode,FirstName,LastName\n1001,RIV,,\n"${test.info().project.name}",RIV,,\n`;
  await upload(page, 'first.csv', file);
  await expect(page.getByText('uploaded the same file')).toHaveCount(0);
  const first = page.url();
  await page.goto('/uploads/new');
  await send(page, 'under another name.csv', file);
  const said = page.locator('.nhsuk-inset-text').filter({ hasText: 'Ben Cartwright uploaded the same file on' });
  await said.getByRole('link', { name: 'it is still waiting for a decision' }).click();
  await expect(page).toHaveURL(first);
});

test('A file that changes suspiciously many accounts asks for their number', async ({ page }) => {
  await beSignedIn(page, 'Ben');
  const exported = await page.request.get('/people/export.csv?organisation=RIV&status=Active');
  const [headings, ...lines] = (await exported.text()).replace(/^\uFEFF/, '').trim().split('\r\n');
  const names = headings.split(',');
  const place = (name: string) => names.indexOf(name);
  const ids = lines.map((line) => line.split(',')[place('LocalID')]).filter((id) => /^\d{4}$/.test(id));
  const file = ['LocalID,ODSCode,FirstName,LastName,Pager', ...ids.map((id) => `${id},RIV,,,01632960999`)].join('\n');
  await upload(page, 'everybody.csv', `${file}\n`);
  const main = page.getByRole('main');
  const asked = main.getByLabel(/^This file changes \d+ accounts of the organisations below. Is that right\?$/);
  await expect(asked).toBeVisible();
  await axe(page);
  await noHorizontalScroll(page);
  await asked.fill('7');
  await main.getByRole('button', { name: /^Apply/ }).click();
  const summary = page.getByRole('alert');
  await expect(summary.getByRole('link')).toHaveText(
    'Type the number that you see above the field.',
  );
  await axe(page);
  await main.getByRole('button', { name: 'Discard' }).click();
  await expect(main).toContainText('Nothing has been changed.');
});
