import { axe } from './support/checks';
import { beSignedIn, expectTotals, send, staffList, upload } from './support/portal';
import { expect, test } from './support/test';

test.describe('A file that cannot be read as it is', () => {
  test.beforeEach(async ({ page }) => beSignedIn(page, 'Ben'));

  test('with other headings is answered with those that are missing, those not known, and those found', async ({ page }) => {
    await upload(page, 'phone list.csv', 'Local ID,First name,Shoe size\n1,Jane,38\n');
    await expect(page.getByRole('heading', { name: 'Say what the columns of this file hold' })).toBeVisible();
    const problem = page.locator('.app-problems');
    await expect(problem).toContainText('The headings do not match a file format.');
    await expect(problem).toContainText('Missing: “ODSCode”, “LastName”; not known: “Shoe size”.');
    await expect(problem).not.toContainText('Change the headings');
    await expect(page.getByRole('heading', { name: 'Or change its headings' })).toBeVisible();
    await expect(page.getByText('It is most like the new format. These headings were found:')).toBeVisible();
    await expect(page.locator('main li').filter({ hasText: /^(Local ID|First name|Shoe size)$/ })).toHaveCount(3);
    await expect(page.getByText('Nothing has been changed.')).toBeVisible();
    await expect(page).toHaveTitle('phone list.csv: Columns needed – Staffbook');
  });

  test('with nothing in it still cannot be read', async ({ page }) => {
    await upload(page, 'nothing.csv', '\n');
    await expect(page.getByRole('heading', { name: 'The file cannot be read' })).toBeVisible();
    await expect(page).toHaveTitle('nothing.csv: Cannot be read – Staffbook');
  });

  test('is mended and sent again right there', async ({ page }) => {
    await upload(page, 'phone list.csv', 'Name,Surname,Phone\nJane,Smith,01632 960123\n');
    await expect(page.getByRole('heading', { name: 'Say what the columns of this file hold' })).toBeVisible();
    await send(page, 'mended.csv', staffList('1001,RIV,,,'));
    await expect(page.getByRole('heading', { level: 1 })).toContainText('mended.csv');
    await expectTotals(page, '0 with problems', '0 to create', '0 to update', '1 no change');
  });
});

test('Sending the form without a file is answered above the form, with a link to the field', { tag: '@script' }, async ({ page }) => {
  await beSignedIn(page, 'Ben');
  await page.goto('/uploads/new');
  await page.getByRole('button', { name: 'Upload and check' }).click();
  await expect(page).toHaveTitle('Error: Upload a file – Staffbook');
  const summary = page.getByRole('alert');
  await expect(summary.getByRole('heading')).toHaveText('There is a problem');
  await axe(page);
  await summary.getByRole('link', { name: 'Choose the file that you want to upload.' }).click();
  await expect(page.getByLabel('Staff list')).toBeFocused();
  await expect(page.getByLabel('Staff list')).toHaveAccessibleDescription(/Error:\s+Choose the file/);
  await send(page, 'now chosen.csv', staffList('1001,RIV,,,'));
  await expect(page.getByRole('heading', { level: 1 })).toContainText('now chosen.csv');
});

test('The page about formats explains every heading and hands out samples that can be sent as they are', async ({ page }) => {
  await beSignedIn(page, 'Ben');
  await page.goto('/uploads/new');
  await page.getByRole('main').getByRole('link', { name: 'What a file must look like' }).click();
  for (const format of ['new format', 'old format']) {
    const link = page.getByRole('link', { name: `Download a sample: ${format}` });
    const sample = await page.request.get((await link.getAttribute('href'))!);
    const [headings] = (await sample.text()).replace(/^\uFEFF/, '').split('\r\n');
    const table = page.getByRole('table', { name: `Columns of the ${format}` });
    await expect(table.getByRole('rowheader')).toHaveText(headings.split(','));
  }
});
