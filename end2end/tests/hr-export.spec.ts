import { axe, noHorizontalScroll } from './support/checks';
import { beSignedIn, expectEnded, expectTotals, upload } from './support/portal';
import { expect, type Page, test } from './support/test';
import { type Value, workbook } from './support/workbook';

// The export of a personnel system, as nobody has prepared it for the portal: its own headings, a title above them, the
// usual mistakes. Each project, and each try, has people and a heading of its own, because both are remembered.
const MANY = 300;
const firsts = ['Morag', 'Delyth', 'Tamsin', 'Osian', 'Ruaridh', 'Blessing', 'Kwame', 'Aoife', 'Jolanta', 'Imran', 'Petra', 'Lowri'];

const own = () => `${test.info().project.name} ${test.info().retry}`;
const number = () => test.info().retry * 1_000;

/** A surname that is like nobody's, behind all others in lists. */
function surname(person: number): string {
  const letter = (part: number) => 'abcdefghijklmnopqrstuvwxyz'[Math.floor(person / 26 ** part) % 26];
  return `Zy${`${letter(0)}${letter(1)}${letter(2)}`.repeat(2)}`;
}

/** One quarter's staff, by the headings of the personnel system; `repaired` has none of the mistakes. */
function staff(headings: string[], title: Value[][], repaired: boolean): Buffer {
  const rows: Value[][] = [...title, headings];
  for (let place = 0; place < MANY; place += 1) {
    const person = number() + place;
    const [first, last] = [firsts[place % firsts.length], surname(person)];
    const code = `${own().replaceAll(/[^a-z0-9]/g, '')}-${person}`;
    const ward = ['District Nursing Team', 'Health Visiting', 'Staff bank'][place % 3];
    const post = repaired && place < 10 ? 'Community sister' : 'Community nurse';
    const row: Value[] = [code, last, first, '', post, 'Riverside Community Services', ward, '', mobile(place), '01/04/2024', 45_120 + place, ''];
    if (!repaired) mistake(row, place);
    rows.push(row);
    // A line that somebody has left free.
    if (place === 140) rows.push([]);
  }
  if (!repaired) rows.push(['Total', `${MANY}`]);
  return workbook([repaired ? 'Quarter 2' : 'Sheet1', rows]);
}

/** The same number in many ways of writing: as text, and as a spreadsheet keeps it that has eaten the zero. */
function mobile(place: number): Value {
  const last = String(place).padStart(3, '0');
  return [`07700 900${last}`, 7_700_900_000 + place, `+44 (0)7700 900${last}`, undefined][place % 4];
}

/** What people get wrong; six rows cannot be used. */
function mistake(row: Value[], place: number) {
  if (place === 20) row[1] = `  ${row[1]} `;
  if (place === 21) row[5] = 'RIVERSIDE  community services';
  if (place === 24) row[6] = 'district nursing team ';
  if (place === 30) row[8] = '0770';
  if (place === 41) row[0] = 'twice';
  if (place === 42) row[0] = 'twice';
  if (place === 50) row[1] = '';
  if (place === 60) row[7] = 'somebody@home.example';
}

const headings = () => [
  'Assignment No',
  'Surname',
  'Forename',
  'Preferred Name',
  'Position Title',
  'Org',
  'Ward',
  'Work Email',
  'Mobile No',
  'Start Date',
  'Cost Centre',
  own(),
];

const column = (page: Page, letter: string) => page.getByLabel(new RegExp(`^What column ${letter}, `)).locator('option:checked');

test('An export of a personnel system goes from upload to applied, and so does the next quarter’s', async ({ page }) => {
  test.slow();
  await beSignedIn(page, 'Ben');
  await upload(page, 'staff in post.xlsx', staff(headings(), [['Staff in post on 31 March 2027'], []], false));
  const main = page.getByRole('main');
  await main.getByRole('link', { name: 'Say what the columns hold' }).click();

  // All that can be known is guessed, below the title.
  await expect(main.getByText('Headings in row 3')).toBeVisible();
  const guessed = {
    A: 'Local unique ID',
    B: 'Last name',
    C: 'First name',
    D: 'Do not read this column',
    E: 'Job title',
    F: 'Organisation',
    G: 'Organisational unit',
    H: 'Email address',
    I: 'Mobile',
    J: 'First day',
    K: 'Do not read this column',
    L: 'Do not read this column',
  };
  for (const [letter, holds] of Object.entries(guessed)) await expect(column(page, letter)).toHaveText(holds);
  const organisations = page.getByRole('table', { name: 'Values in the column for the organisation' });
  await expect(organisations.getByRole('row').filter({ hasText: 'Riverside Community Services' }).first()).toContainText('300');
  const meaning = (text: string) => page.getByLabel(`What “${text}” means`, { exact: true });
  await expect(meaning('Riverside Community Services').locator('option:checked')).toHaveText('Riverside Community Services (RIV02)');
  await expect(meaning('District Nursing Team').locator('option:checked')).toHaveText('District Nursing, RIV02');
  await axe(page);
  await noHorizontalScroll(page);
  await meaning('Staff bank').selectOption('Leave the cell empty');
  await main.getByRole('button', { name: 'Check the file' }).click();

  await expectTotals(page, '6 with problems', '295 to create', '0 to update', '0 no change');
  await expect(main).toContainText('“staff bank” as an empty cell');
  await main.getByRole('button', { name: /^Apply 295 changes/ }).click();
  await expectEnded(page, '295 accounts created, 0 accounts updated');

  // A longer title, other capitals, another sheet: the same columns.
  const title = [['Riverside Community Services'], ['Staff in post on 30 June 2027'], ['Printed by personnel'], []];
  const next = staff(headings().map((heading) => heading.toUpperCase()), title, true);
  await upload(page, 'staff in post, quarter 2.xlsx', next);
  await expectTotals(page, '0 with problems', '5 to create', '10 to update', '285 no change');
  await main.getByRole('button', { name: /^Apply 15 changes/ }).click();
  await expectEnded(page, '5 accounts created, 10 accounts updated');
});

test('The rows of a workbook may be behind its cover, for one organisation that no column names', async ({ page }) => {
  const cover: Value[][] = [['Riverside Hospitals'], ['Joiners of this week']];
  const person = surname(number() + MANY);
  const headings = ['First Name', 'Surname', 'Job', 'Email', 'Mobile', `${own()} joiners`];
  const rows: Value[][] = [headings, ['Morag', person, 'Nurse', '', '07700 900123']];
  await beSignedIn(page, 'Ben');
  await upload(page, 'joiners.xlsx', workbook(['Cover', cover], ['Joiners', rows]));
  const main = page.getByRole('main');
  await main.getByRole('link', { name: 'Say what the columns hold' }).click();
  await main.getByText('Choose another').first().click();
  await page.getByLabel('Sheet with the rows').selectOption('Joiners');
  await main.getByRole('button', { name: 'Show this sheet' }).click();
  await expect(column(page, 'D')).toHaveText('Email address');
  await expect(column(page, 'C')).toHaveText('Job title');
  await main.getByRole('button', { name: 'Check the file' }).click();

  // What is missing is said at its field, and leads there.
  const missing = 'Choose the column that holds the organisation, or one organisation for all rows.';
  await page.getByRole('alert').getByRole('link', { name: missing }).click();
  const all = page.getByLabel('Organisation', { exact: true });
  await expect(all).toBeFocused();
  await expect(all).toHaveAccessibleDescription(new RegExp(`Error:\\s+${missing}`));
  await expect(column(page, 'D')).toHaveText('Email address');
  await axe(page);
  await noHorizontalScroll(page);
  await all.selectOption('Riverside Hospitals Trust (RIV)');
  await main.getByRole('button', { name: 'Check the file' }).click();
  await expectTotals(page, '0 with problems', '1 to create', '0 to update', '0 no change');
  await expect(main).toContainText('Every row has: organisation RIV.');
  await expect(main).toContainText('Only the sheet “Joiners” was read, not the others.');
  await main.getByRole('button', { name: 'Discard' }).click();
});
