import { axe, noHorizontalScroll } from './support/checks';
import { confirm, expectChange, expectProblems, field, goOn, heading, onward, openAccount, plan, standing } from './support/people';
import { beSignedIn } from './support/portal';
import { expect, type Page, test } from './support/test';

interface Person {
  id: string;
  name: string;
}

// Whose life takes a turn: others in each project, and people whom no other file touches.
const known: Record<string, Record<'disabled' | 'deleted' | 'leaver' | 'notice' | 'transferred', Person>> = {
  'desktop-js': {
    disabled: { id: '3010', name: 'Emeka Whitlock' },
    deleted: { id: '1024', name: 'Daphne O’Rourke' },
    leaver: { id: '1035', name: 'Farida Umar' },
    notice: { id: '3006', name: 'Ines Westerby' },
    transferred: { id: '1025', name: 'Tegan Ní-Dhomhnaill' },
  },
  'desktop-no-js': {
    disabled: { id: '3011', name: 'Ines Whitlock' },
    deleted: { id: '1064', name: 'Wren Saltmarsh' },
    leaver: { id: '1004', name: 'Lowri Umar' },
    notice: { id: '3008', name: 'Edda Oyelaran' },
    transferred: { id: '1038', name: 'Fintan Ní-Dhomhnaill' },
  },
};
const one = (whose: keyof (typeof known)[string]) => known[test.info().project.name][whose];

/** A day by its distance from today, as pages write it and as it is typed. */
function dayAhead(days: number) {
  const date = new Date(Date.now() + days * 86_400_000);
  const part = (options: Intl.DateTimeFormatOptions) => date.toLocaleDateString('en-GB', { ...options, timeZone: 'Europe/London' });
  const typed = { day: part({ day: 'numeric' }), month: part({ month: 'numeric' }), year: part({ year: 'numeric' }) };
  return { ...typed, written: `${typed.day} ${part({ month: 'long' })} ${typed.year}` };
}

const action = (page: Page, name: string) => standing(page).getByRole('button', { name, exact: true });
const status = (page: Page) => page.getByRole('heading', { name: /^Status / });
const happened = (page: Page) => page.locator('.app-timeline__what').first();

async function fillInDate(page: Page, date: { day: string; month: string; year: string }) {
  await field(page, 'On a later date').check();
  await field(page, 'Day').fill(date.day);
  await field(page, 'Month').fill(date.month);
  await field(page, 'Year').fill(date.year);
}

/** Asks on the account's page for it to be disabled from today. */
async function disable(page: Page, name: string) {
  await standing(page).getByRole('link', { name: 'Disable', exact: true }).click();
  await field(page, 'Today').check();
  await field(page, 'Reason').fill('a long leave');
  await goOn(page, onward(page), `Disable ${name}`);
}

test.describe('An account', () => {
  test.beforeEach(({ page }) => beSignedIn(page, 'Ben'));

  test('is disabled for a long leave, and enabled again', async ({ page }) => {
    const { id, name } = one('disabled');
    await openAccount(page, id);
    await expect(status(page)).toHaveText('Status Active');
    await axe(page);
    await noHorizontalScroll(page);
    await disable(page, name);
    await expectChange(page, 'Status', 'Active', 'Disabled');
    await expectChange(page, 'Reason', 'nothing', 'a long leave');
    await expect(plan(page)).toContainText('Nobody can sign in to it, and sessions and tokens end.');
    await axe(page);
    await noHorizontalScroll(page);
    await confirm(page, 'Disable account', 'Account disabled');
    await axe(page);
    await page.getByRole('main').getByRole('link', { name: `Open ${name}` }).click();
    await expect(status(page)).toHaveText('Status Disabled');
    await expect(standing(page)).toContainText(/Will be deleted on \d+ \w+ \d{4} unless it is enabled before then\./);
    await expect(happened(page)).toContainText('disabled');
    await axe(page);
    await goOn(page, action(page, 'Enable'), `Enable ${name}`);
    await expectChange(page, 'Status', 'Disabled', 'Active');
    await confirm(page, 'Enable account', 'Account enabled');
    await openAccount(page, id);
    await expect(status(page)).toHaveText('Status Active');
  });

  test('is deleted, and restored as long as that can be done', async ({ page }) => {
    const { id, name } = one('deleted');
    await openAccount(page, id);
    await goOn(page, action(page, 'Delete'), `Delete ${name}`);
    await expectChange(page, 'Status', 'Active', 'Deleted');
    await expect(plan(page)).toContainText('It can be restored for 30 days; then it is permanently deleted.');
    await axe(page);
    await confirm(page, 'Delete account', 'Account deleted');
    await page.goto(`/people?words=${id}`);
    await expect(page.getByRole('main')).toContainText('1 deleted account matches.');
    await page.getByRole('link', { name: 'Show deleted accounts' }).click();
    await expect(page.locator('.app-people__name')).toHaveCount(1);
    await openAccount(page, id);
    await expect(standing(page)).toContainText(`Can be restored until ${dayAhead(30).written}; then it is permanently deleted.`);
    await expect(standing(page).getByRole('button')).toHaveText(['Restore']);
    await expect(standing(page).getByRole('link')).toHaveCount(0);
    await axe(page);
    // Nothing else can be done with it, whatever address is typed.
    await page.goto(`${page.url()}/edit`);
    await expect(heading(page)).toHaveText('This account is deleted');
    await axe(page);
    await page.getByRole('main').getByRole('link', { name: `restore ${name}` }).click();
    await goOn(page, action(page, 'Restore'), `Restore ${name}`);
    await expectChange(page, 'Status', 'Deleted', 'Active');
    await confirm(page, 'Restore account', 'Account restored');
    await openAccount(page, id);
    await expect(status(page)).toHaveText('Status Active');
  });

  test('is not touched where one thinks better of it', async ({ page }) => {
    const { id, name } = one('deleted');
    await openAccount(page, id);
    await goOn(page, action(page, 'Delete'), `Delete ${name}`);
    await page.getByRole('button', { name: 'Make no changes' }).click();
    await expect(heading(page)).toHaveText(`Not done Delete ${name}`);
    await expect(page.getByText('Nothing was changed.')).toBeVisible();
    await axe(page);
    await page.getByRole('main').getByRole('link', { name: `Open ${name}` }).click();
    await expect(status(page)).toHaveText('Status Active');
  });

  test('is transferred to another organisation that one manages, and back', async ({ page }) => {
    const { id, name } = one('transferred');
    await openAccount(page, id);
    const account = page.url();
    await standing(page).getByRole('link', { name: 'Transfer to another organisation' }).click();
    await expect(heading(page)).toHaveText(`Transfer ${name}`);
    await axe(page);
    await noHorizontalScroll(page);
    // Neither the one where they are, nor a closed one, nor somebody else's.
    await expect(field(page, 'To which organisation?').locator('option')).toHaveText([
      'Choose an organisation',
      'Riverside Children’s Hospital (RIV01)',
      'Riverside Community Services (RIV02)',
    ]);
    await field(page, 'To which organisation?').selectOption('RIV01');
    await onward(page).click();
    await expect(page.getByText('To Riverside Children’s Hospital (RIV01)')).toBeVisible();
    await axe(page);
    await noHorizontalScroll(page);
    await field(page, 'Site').selectOption('RIVC');
    await field(page, 'Organisational unit').selectOption('Paediatrics');
    await field(page, 'Local unique ID').fill('2');
    await onward(page).click();
    await expectProblems(page, { 'Local unique ID': 'Local unique ID “2” belongs to Ben Cartwright. Enter the person’s own local ID.' });
    await expect(field(page, 'Site')).toHaveValue('RIVC');
    await expect(field(page, 'Organisational unit')).toHaveValue('Paediatrics');
    await axe(page);
    await field(page, 'Local unique ID').fill(`9${id}`);
    await goOn(page, onward(page), `Transfer ${name} to Riverside Children’s Hospital`);
    await expectChange(page, 'Organisation', 'Riverside Hospitals Trust (RIV)', 'Riverside Children’s Hospital (RIV01)');
    await expectChange(page, 'Local unique ID', id, `9${id}`);
    await expect(plan(page)).toContainText('The address and the mailbox stay, and the password if there is one.');
    await axe(page);
    await noHorizontalScroll(page);
    await confirm(page, 'Transfer account', 'Account transferred');

    await page.goto(`${account}/transfer?organisation=RIV`);
    await field(page, 'Local unique ID').fill(id);
    await goOn(page, onward(page), `Transfer ${name} to Riverside Hospitals Trust`);
    await confirm(page, 'Transfer account', 'Account transferred');
  });

  test('keeps the answers of its transfer when “Change” is followed from the check page', async ({ page }) => {
    const { id, name } = one('transferred');
    await openAccount(page, id);
    await page.goto(`${page.url()}/transfer?organisation=RIV01`);
    await field(page, 'Site').selectOption('RIVC');
    await field(page, 'Organisational unit').selectOption('Paediatrics');
    await field(page, 'Local unique ID').fill(`8${id}`);
    await goOn(page, onward(page), `Transfer ${name} to Riverside Children’s Hospital`);
    const first = page.url();
    await page.getByRole('link', { name: 'Change', exact: true }).click();
    await expect(page.getByText('To Riverside Children’s Hospital (RIV01)')).toBeVisible();
    await expect(field(page, 'Site')).toHaveValue('RIVC');
    await expect(field(page, 'Organisational unit')).toHaveValue('Paediatrics');
    await expect(field(page, 'Local unique ID')).toHaveValue(`8${id}`);
    // Another organisation can be chosen; what holds there, too, is still answered.
    await page.getByRole('link', { name: 'Change the organisation' }).click();
    await expect(field(page, 'To which organisation?')).toHaveValue('RIV01');
    await field(page, 'To which organisation?').selectOption('RIV02');
    await onward(page).click();
    await expect(field(page, 'Local unique ID')).toHaveValue(`8${id}`);
    await goOn(page, onward(page), `Transfer ${name} to Riverside Community Services`);
    // What was asked for first is withdrawn.
    await page.goto(first);
    await expect(page.getByText('Nothing was changed.')).toBeVisible();
  });

  test('is transferred nowhere until an organisation is chosen, which the page says', async ({ page }) => {
    await openAccount(page, one('transferred').id);
    await standing(page).getByRole('link', { name: 'Transfer to another organisation' }).click();
    await onward(page).click();
    await expectProblems(page, { 'To which organisation?': 'Choose an organisation.' });
    await axe(page);
  });
});

test.describe('Somebody who leaves', () => {
  test.beforeEach(({ page }) => beSignedIn(page, 'Ben'));

  test('today is told what happens, and is no leaver after all', async ({ page }) => {
    const { id, name } = one('leaver');
    await openAccount(page, id);
    await standing(page).getByRole('link', { name: 'Mark as leaver' }).click();
    await expect(heading(page)).toHaveText(`Mark ${name} as leaver`);
    await expect(page.locator('main')).toContainText(`if they leave today, on ${dayAhead(30).written}`);
    await axe(page);
    await noHorizontalScroll(page);
    await field(page, 'Today').check();
    await goOn(page, onward(page), `Mark ${name} as leaver`);
    await expectChange(page, 'Status', 'Active', 'Leaver');
    await expect(plan(page)).toContainText(`They can use the account until ${dayAhead(30).written}.`);
    await axe(page);
    await confirm(page, 'Mark as leaver', 'Marked as leaver');
    await openAccount(page, id);
    await expect(status(page)).toHaveText('Status Leaver');
    await expect(standing(page)).toContainText(`Will be deleted on ${dayAhead(30).written} unless another organisation takes the account in.`);
    await axe(page);
    const account = page.url();
    await page.goto(`${account}/transfer`);
    await expect.soft(page.locator('main')).toContainText(`${name} is a leaver and cannot be transferred.`);
    await axe(page);
    await page.goto(`${account}/leaver`);
    await expect(page.locator('main')).toContainText('is not possible.');
    await page.goto(account);
    await goOn(page, action(page, 'Not a leaver after all'), `${name} is not a leaver after all`);
    await expectChange(page, 'Status', 'Leaver', 'Active');
    await confirm(page, 'Undo the leaving', 'No longer a leaver');
    await openAccount(page, id);
    await expect(status(page)).toHaveText('Status Active');
  });

  test('on a day that is no good is asked about again, with what was typed', async ({ page }) => {
    await openAccount(page, one('notice').id);
    await page.goto(`${page.url()}/leaver`);
    await onward(page).click();
    await page.getByRole('alert').getByRole('link', { name: 'Choose when they leave.' }).click();
    await expect(field(page, 'Today')).toBeFocused();
    const question = page.getByRole('group', { name: 'When do they leave?' });
    await expect.soft(question).toHaveAccessibleDescription(/Error:\s+Choose when they leave\./);
    await axe(page);
    const wrong: [string, string, string, string][] = [
      ['', '', '', 'Leaving date is missing. Enter a day, a month and a year, like 27 3 2027.'],
      ['31', '2', '2027', 'Leaving date: this month has no such day. Enter a day, a month and a year, like 27 3 2027.'],
    ];
    for (const [day, month, year, problem] of wrong) {
      await fillInDate(page, { day, month, year });
      await onward(page).click();
      await expect(page).toHaveTitle(/^Error: Mark /);
      await page.getByRole('alert').getByRole('link', { name: problem }).click();
      await expect(field(page, 'Day')).toBeFocused();
      await expect(page.getByRole('group', { name: 'Leaving date' })).toHaveAccessibleDescription(/Error:/);
      await expect(field(page, 'On a later date')).toBeChecked();
      await expect(field(page, 'Day')).toHaveValue(day);
      await expect(field(page, 'Month')).toHaveValue(month);
      await expect(field(page, 'Year')).toHaveValue(year);
    }
    await field(page, 'Today').check();
    await onward(page).click();
    await page.getByRole('alert').getByRole('link', { name: 'You chose today and entered a day. Choose one.' }).click();
    await expect(field(page, 'Today')).toBeFocused();
    await expect(field(page, 'Day')).toHaveValue('31');
    await axe(page);
    await noHorizontalScroll(page);
  });

  test('on a day ahead goes on as before until then; the day is moved, and taken back', async ({ page }) => {
    const { id, name } = one('notice');
    const [first, second] = [dayAhead(20), dayAhead(40)];
    await openAccount(page, id);
    const account = page.url();
    await standing(page).getByRole('link', { name: 'Mark as leaver' }).click();
    await fillInDate(page, first);
    await goOn(page, onward(page), `${name} leaves on ${first.written}`);
    await expectChange(page, 'Leaving date', 'nothing', first.written);
    await axe(page);
    await confirm(page, 'Set the leaving date', 'Leaving date set');
    await page.goto(account);
    await expect(status(page)).toHaveText('Status Active');
    await expect(standing(page)).toContainText(`Leaves on ${first.written}.`);
    await axe(page);
    await standing(page).getByRole('link', { name: 'Change the leaving date' }).click();
    await expect(field(page, 'On a later date')).toBeChecked();
    await expect(field(page, 'Day')).toHaveValue(first.day);
    await expect(field(page, 'Year')).toHaveValue(first.year);
    await fillInDate(page, second);
    await goOn(page, onward(page), `${name} leaves on ${second.written}`);
    await expectChange(page, 'Leaving date', first.written, second.written);
    await confirm(page, 'Set the leaving date', 'Leaving date set');
    await page.goto(account);
    await goOn(page, action(page, 'Not a leaver after all'), `Cancel the leaving date of ${name}`);
    await expectChange(page, 'Leaving date', second.written, 'nothing');
    await confirm(page, 'Cancel the leaving date', 'Leaving date cancelled');
    await page.goto(account);
    await expect(standing(page)).not.toContainText('Leaves on');
    await expect(standing(page).getByRole('link', { name: 'Mark as leaver' })).toBeVisible();
  });

  test('keeps the day that was typed when “Change” is followed from the check page', async ({ page }) => {
    const { id, name } = one('notice');
    const day = dayAhead(50);
    await openAccount(page, id);
    await page.goto(`${page.url()}/leaver`);
    await fillInDate(page, day);
    await goOn(page, onward(page), `${name} leaves on ${day.written}`);
    await page.getByRole('link', { name: 'Change', exact: true }).click();
    await expect(field(page, 'On a later date')).toBeChecked();
    await expect(field(page, 'Day')).toHaveValue(day.day);
    await expect(field(page, 'Month')).toHaveValue(day.month);
    await expect(field(page, 'Year')).toHaveValue(day.year);
  });
});
