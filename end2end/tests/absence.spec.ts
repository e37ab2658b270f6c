import { axe, noHorizontalScroll } from './support/checks';
import { confirm, expectChange, field, goOn, heading, newAccount, onward, openAccount, plan, standing } from './support/people';
import { beSignedIn } from './support/portal';
import { expect, type Locator, type Page, test } from './support/test';

// Who is away, and who is new: others in each project, and people whom no other file touches.
const known: Record<string, { id: string; name: string; last: string }> = {
  'desktop-js': { id: '3002', name: 'Yusuf Nkemelu', last: 'Thistledown' },
  'desktop-no-js': { id: '3016', name: 'Zoë Quayle', last: 'Merriweather' },
};
const one = () => known[test.info().project.name];

/** A day by its distance from today, as pages write it and as it is typed. */
function dayAhead(days: number) {
  const date = new Date(Date.now() + days * 86_400_000);
  const part = (options: Intl.DateTimeFormatOptions) => date.toLocaleDateString('en-GB', { ...options, timeZone: 'Europe/London' });
  const typed = { day: part({ day: 'numeric' }), month: part({ month: 'numeric' }), year: part({ year: 'numeric' }) };
  return { ...typed, written: `${typed.day} ${part({ month: 'long' })} ${typed.year}` };
}

const group = (page: Page, name: string) => page.getByRole('group', { name, exact: true });

async function fillIn(date: Locator, { day, month, year }: { day: string; month: string; year: string }) {
  await date.getByLabel('Day', { exact: true }).fill(day);
  await date.getByLabel('Month', { exact: true }).fill(month);
  await date.getByLabel('Year', { exact: true }).fill(year);
}

test.beforeEach(({ page }) => beSignedIn(page, 'Ben'));

test('An absence is planned with its days and a reason, changed, and taken back', async ({ page }) => {
  const { id, name } = one();
  const [from, back, later] = [dayAhead(20), dayAhead(60), dayAhead(90)];
  await openAccount(page, id);
  const account = page.url();
  await standing(page).getByRole('link', { name: 'Disable', exact: true }).click();
  await expect(heading(page)).toHaveText(`Disable ${name}`);
  await axe(page);
  await noHorizontalScroll(page);
  await onward(page).click();
  await expect(page.getByRole('alert').getByRole('link')).toHaveText(['Choose when the account should be disabled.', 'Enter the reason.']);
  await axe(page);

  await field(page, 'On a later date').check();
  await fillIn(group(page, 'First day of absence'), from);
  await fillIn(group(page, 'When are they back? (optional)'), dayAhead(19));
  await field(page, 'Reason').fill('parental leave');
  await onward(page).click();
  const odd = 'The day of return is not after the first day of the absence. Enter a later day of return, or leave it empty.';
  await expect(page.getByRole('alert').getByRole('link')).toHaveText(odd);
  await expect(field(page, 'Reason')).toHaveValue('parental leave');
  await fillIn(group(page, 'When are they back? (optional)'), back);
  await goOn(page, onward(page), `Disable ${name} from ${from.written}`);
  await expectChange(page, 'Absence', 'nothing', `from ${from.written}, back on ${back.written}`);
  await expectChange(page, 'Reason', 'nothing', 'parental leave');
  await expect(plan(page)).toContainText(`On ${from.written} the account is disabled: nobody can sign in to it`);
  await axe(page);
  await noHorizontalScroll(page);
  await confirm(page, 'Save the absence', 'Absence saved');

  await page.goto(account);
  await expect(page.getByRole('heading', { name: /^Status / })).toHaveText('Status Active');
  await expect(standing(page)).toContainText(`Absence planned: disabled from ${from.written}, back on ${back.written}.`);
  await expect(standing(page)).toContainText('Reason: parental leave');
  await expect(page.locator('.app-timeline__what').first()).toContainText('Reason: parental leave');
  await axe(page);
  await page.goto('/people/upcoming?days=30');
  const due = page.locator('.app-upcoming__item').filter({ hasText: name }).filter({ hasText: 'Disabled' });
  await expect(due).toContainText('Disabled: this is the first day of their absence.');
  await page.goto(`/directory?words=${encodeURIComponent(name)}`);
  await expect(page.getByRole('main')).not.toContainText('parental leave');

  await page.goto(account);
  await standing(page).getByRole('link', { name: 'Change the absence' }).click();
  await expect(group(page, 'First day of absence').getByLabel('Day', { exact: true })).toHaveValue(from.day);
  await expect(field(page, 'Reason')).toHaveValue('parental leave');
  await fillIn(group(page, 'When are they back? (optional)'), later);
  await goOn(page, onward(page), `Disable ${name} from ${from.written}`);
  const days = (until: { written: string }) => `from ${from.written}, back on ${until.written}`;
  await expectChange(page, 'Absence', days(back), days(later));
  await confirm(page, 'Save the absence', 'Absence saved');

  await page.goto(account);
  const takeBack = standing(page).getByRole('button', { name: 'Cancel the absence' });
  await goOn(page, takeBack, `Cancel the planned absence of ${name}`);
  await confirm(page, 'Cancel the absence', 'Absence cancelled');
  await page.goto(account);
  await expect(standing(page)).not.toContainText('Absence planned');
});

test('Somebody new has a first and a last day: the link is sent then, or at once', async ({ page }) => {
  const { last } = one();
  const [first, end] = [dayAhead(14), dayAhead(100)];
  await newAccount(page, 'Odalys', last);
  await fillIn(group(page, 'First day (optional)'), first);
  await fillIn(group(page, 'Last working day (optional)'), dayAhead(10));
  await axe(page);
  await onward(page).click();
  await expect(page.getByRole('alert').getByRole('link')).toHaveText(
    'The last working day is not after the first day. Enter a later last working day, or an earlier first day.',
  );
  await expect(group(page, 'First day (optional)').getByLabel('Day', { exact: true })).toHaveValue(first.day);
  await fillIn(group(page, 'Last working day (optional)'), end);
  await goOn(page, onward(page), `Create Odalys ${last}`);
  await expect(plan(page)).toContainText(`An activation link is sent to the new email address on ${first.written}.`);
  await expect(plan(page)).toContainText(`They leave on ${end.written}.`);
  await axe(page);
  await confirm(page, 'Create account', 'Account created');
  await expect(page.getByRole('main')).not.toContainText('/start/');

  await openAccount(page, `Odalys ${last}`);
  await expect(standing(page)).toContainText(`Activation link will be sent on ${first.written}.`);
  await expect(standing(page)).toContainText(`Leaves on ${end.written}.`);
  await axe(page);

  const second = dayAhead(21);
  await page.getByRole('link', { name: 'Change details' }).click();
  await expect(group(page, 'First day').getByLabel('Day', { exact: true })).toHaveValue(first.day);
  await fillIn(group(page, 'First day'), second);
  await axe(page);
  await goOn(page, onward(page), `Change Odalys ${last}`);
  await expectChange(page, 'First day', first.written, second.written);
  await expect(plan(page)).toContainText(`The activation link is sent on ${second.written}.`);
  await confirm(page, 'Save changes', 'Changes saved');
  await openAccount(page, `Odalys ${last}`);
  await expect(standing(page)).toContainText(`Activation link will be sent on ${second.written}.`);
  await goOn(page, standing(page).getByRole('button', { name: 'Send now' }), `Send Odalys ${last} the activation link now`);
  await confirm(page, 'Send the link', 'Activation link given out');
  await openAccount(page, `Odalys ${last}`);
  await expect(standing(page)).not.toContainText('Activation link will be sent');
});
