import { axe, noHorizontalScroll } from './support/checks';
import { beSignedIn, expectTotals, upload } from './support/portal';
import { expect, test } from './support/test';

// Each project, and each try, has headings of its own, because what is said of them is remembered.
const heading = () => `${test.info().project.name} ${test.info().retry}`;
const file = () => {
  const own = heading();
  return `Payroll no,Trust,Forename,Surname,${own},Work phone\n1001,RIV,,,38,\n1003,RIV,,,39,01632960123\n`;
};

test('A file with other headings is used as it is, once somebody says what its columns hold', async ({ page }) => {
  await beSignedIn(page, 'Ben');
  await upload(page, 'payroll.csv', file());
  const main = page.getByRole('main');
  await expect(main.getByRole('heading', { name: 'Say what the columns of this file hold' })).toBeVisible();
  await axe(page);
  await main.getByRole('link', { name: 'Say what the columns hold' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('payroll.csv What the columns hold');
  await axe(page);
  await noHorizontalScroll(page);
  const column = (letter: string) => page.getByLabel(new RegExp(`^What column ${letter}, `));
  await expect(column('A').locator('option:checked')).toHaveText('Local unique ID');
  await expect(column('E').locator('option:checked')).toHaveText('Do not read this column');
  await expect(page.getByRole('row').filter({ hasText: 'Payroll no' })).toContainText('1001, 1003');
  // What is wrong is said, and what was chosen is still there.
  await column('D').selectOption('Do not read this column');
  await column('F').selectOption('Pager');
  await main.getByRole('button', { name: 'Check the file' }).click();
  await expect(page.getByRole('alert')).toContainText('Choose the column that holds the last name.');
  await expect(column('F').locator('option:checked')).toHaveText('Pager');
  await axe(page);
  await column('D').selectOption('Last name');
  await main.getByRole('button', { name: 'Check the file' }).click();
  await expectTotals(page, '0 with problems', '0 to create', '1 to update', '1 no change');
  await expect(main).toContainText('with its own headings');
  await expect(main).toContainText(`The columns are read as your organisation chose. Not read: “${heading()}”.`);
  await axe(page);
  // The answer can be changed as long as nothing is applied, and the next file is read so at once.
  await main.getByRole('link', { name: 'Change what the columns hold' }).click();
  await expect(column('F').locator('option:checked')).toHaveText('Pager');
  await column('F').selectOption('Do not read this column');
  await main.getByRole('button', { name: 'Check the file' }).click();
  await expectTotals(page, '0 with problems', '0 to create', '0 to update', '2 no change');
  await upload(page, 'payroll of the next month.csv', file());
  await expectTotals(page, '0 with problems', '0 to create', '0 to update', '2 no change');
});
test('A new name in a file with known headings is asked about once', async ({ page }) => {
  const file = (organisation: string) => `Payroll no,Trust,Forename,Surname,${heading()} names\n1001,${organisation},,,38\n`;
  await beSignedIn(page, 'Ben');
  await upload(page, 'known headings.csv', file('RIV'));
  const main = page.getByRole('main');
  await main.getByRole('link', { name: 'Say what the columns hold' }).click();
  await main.getByRole('button', { name: 'Check the file' }).click();
  await expectTotals(page, '0 with problems', '0 to create', '0 to update', '1 no change');

  await upload(page, 'a new name.csv', file('Riverside Hospitals NHS Trust'));
  await expect(main).toContainText('Your file has 1 name that we do not recognise, in the organisation column.');
  await axe(page);
  await main.getByRole('link', { name: 'Say what this name means' }).click();
  const meaning = page.getByLabel('What “Riverside Hospitals NHS Trust” means', { exact: true });
  await expect(meaning.locator('option:checked')).toHaveText('Riverside Hospitals Trust (RIV)');
  await expect(meaning).toHaveAccessibleDescription('Guessed: check this');
  await axe(page);
  await noHorizontalScroll(page);
  await main.getByRole('button', { name: 'Check the file' }).click();
  await expectTotals(page, '0 with problems', '0 to create', '0 to update', '1 no change');
  await expect(main.getByRole('link', { name: 'Say what this name means' })).toHaveCount(0);
  await upload(page, 'the name again.csv', file('RIVERSIDE HOSPITALS NHS TRUST'));
  await expectTotals(page, '0 with problems', '0 to create', '0 to update', '1 no change');
});
