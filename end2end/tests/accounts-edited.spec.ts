import { axe, noHorizontalScroll } from './support/checks';
import { confirm, expectChange, expectProblems, field, goOn, heading, newAccount, onward, openAccount, plan } from './support/people';
import { beSignedIn } from './support/portal';
import { expect, type Page, test } from './support/test';

// Who is changed, and their local IDs: others in each project, since all share one database.
const known: Record<string, { last: string; ids: string }> = {
  'desktop-js': { last: 'Ravensworth', ids: '73' },
  'desktop-no-js': { last: 'Tillinghast', ids: '74' },
};
const own = () => known[test.info().project.name];
const localId = (place: number) => `${own().ids}0${place}`;
const address = (first: string) => `${first}.${own().last}@health.example`.toLowerCase();

/** Creates somebody in the children's hospital, and gives back where their page is. */
async function created(page: Page, first: string, place: number, details: Record<string, string>): Promise<string> {
  await newAccount(page, first, own().last);
  await field(page, 'Local unique ID').fill(localId(place));
  for (const [label, text] of Object.entries(details)) await field(page, label).fill(text);
  await goOn(page, onward(page), `Create ${first} ${own().last}`);
  await confirm(page, 'Create account', 'Account created');
  await openAccount(page, localId(place));
  return new URL(page.url()).pathname;
}

test.describe('Somebody here', () => {
  test.describe.configure({ mode: 'serial' });
  let page: Page;
  let account: string;

  const name = () => `Euphemia ${own().last}`;
  const edit = async (page: Page) => {
    await page.goto(account);
    await page.getByRole('link', { name: 'Change details' }).click();
    await expect(heading(page)).toHaveText(`Change ${name()}`);
  };

  test.beforeAll(async ({ browser }) => {
    page = await browser.newPage();
    await beSignedIn(page, 'Ben');
    account = await created(page, 'Euphemia', 1, { 'Job title': 'Porter', Department: 'Estates' });
  });
  test.afterAll(() => page.close());

  test('is changed after each detail was shown, from what to what', async () => {
    await edit(page);
    await axe(page);
    await noHorizontalScroll(page);
    await expect(field(page, `Keep ${address('euphemia')}`)).toBeChecked();
    await field(page, 'Job title').fill('Head porter');
    await field(page, 'Department').fill('');
    await field(page, 'Telephone').fill('01632 960777');
    await goOn(page, onward(page), `Change ${name()}`);
    await expect(plan(page).locator('.app-changes > div')).toHaveCount(3);
    await expectChange(page, 'Job title', 'Porter', 'Head porter');
    await expectChange(page, 'Department', 'Estates', 'nothing');
    await expectChange(page, 'Telephone', 'nothing', '01632 960777');
    await axe(page);
    await noHorizontalScroll(page);
    await confirm(page, 'Save changes', 'Changes saved');
    await axe(page);
    await page.getByRole('main').getByRole('link', { name: `Open ${name()}` }).click();
    await expect(page.locator('.nhsuk-summary-list__row').filter({ hasText: 'Job title' })).toContainText('Head porter');
    await expect(page.locator('.nhsuk-summary-list__row').filter({ hasText: 'Department' })).toHaveCount(0);
  });

  test('stays as they are when nothing was changed, and the page says so', async () => {
    await edit(page);
    await onward(page).click();
    await expect(heading(page)).toHaveText(`Account ${name()}`);
    await expect(page.getByText('No changes needed: these details are already saved.')).toBeVisible();
    await axe(page);
  });

  test('is answered at the field where a change is wrong, and the rest is kept', async () => {
    await edit(page);
    await field(page, 'Last name').fill('');
    await field(page, 'Job title').fill('Porter in chief');
    await onward(page).click();
    await expectProblems(page, {
      'Last name':
        'Last name is missing. Enter the last name. For somebody with only one name, enter that name as both first and last name.',
    });
    await expect(field(page, 'Job title')).toHaveValue('Porter in chief');
    await axe(page);
  });

  test('takes another name, and keeps the address unless another is chosen, which leaves the old one an alias', { tag: '@script' }, async ({ javaScriptEnabled }) => {
    const married = `${own().last}-Brook`;
    const another = `euphemia.${married}@health.example`.toLowerCase();
    await edit(page);
    await field(page, 'Last name').fill(married);
    // With JavaScript the addresses that the new name would have are offered at once.
    if (javaScriptEnabled !== false) await expect(field(page, another)).toBeVisible();
    await goOn(page, onward(page), `Change ${name()}`);
    // The display name follows the name; the address does not by itself.
    await expectChange(page, 'Last name', own().last, married);
    await expectChange(
      page,
      'Display name',
      `${own().last.toUpperCase()}, Euphemia (Riverside Children’s)`,
      `${married.toUpperCase()}, Euphemia (Riverside Children’s)`,
    );
    await expect(plan(page).locator('.app-changes > div')).toHaveCount(2);
    await page.getByRole('link', { name: 'Change', exact: true }).click();
    await expect(field(page, 'Last name')).toHaveValue(married);
    await expect(field(page, `Keep ${address('euphemia')}`)).toBeChecked();
    await field(page, another).check();
    await goOn(page, onward(page), `Change ${name()}`);
    await expectChange(page, 'Email address', address('euphemia'), another);
    await confirm(page, 'Save changes', 'Changes saved');
    await page.goto(account);
    const known = page.locator('.nhsuk-summary-list__row');
    await expect(known.filter({ hasText: 'Email address' })).toContainText(another);
    await expect(known.filter({ hasText: 'Earlier addresses' })).toContainText(address('euphemia'));
    // Whoever knows only the earlier one finds them, and sees why.
    await page.goto(`/people?words=${address('euphemia')}`);
    await expect(page.locator('.app-people__address')).toHaveText(`${another} (earlier ${address('euphemia')})`);
  });
});

test.describe('Two people who change one account at a time', () => {
  test('do not overwrite each other: the second sees what moved, detail by detail, and chooses', async ({ page, browser }) => {
    await beSignedIn(page, 'Ben');
    const account = await created(page, 'Fenella', 2, { 'Job title': 'Nurse', Department: 'Wards' });
    await page.goto(`${account}/edit`);
    await field(page, 'Job title').fill('Staff nurse');
    await field(page, 'Department').fill('Paediatrics');
    await field(page, 'Notes').fill('On nights');

    const priya = await browser.newPage();
    await beSignedIn(priya, 'Priya');
    await priya.goto(`${account}/edit`);
    await field(priya, 'Job title').fill('Ward manager');
    await field(priya, 'Department').fill('Day unit');
    await field(priya, 'Fax').fill('01632 960888');
    await goOn(priya, onward(priya), `Change Fenella ${own().last}`);
    await confirm(priya, 'Save changes', 'Changes saved');
    await priya.close();

    await onward(page).click();
    await expect(page).toHaveTitle(`Changed since you opened it: Change Fenella ${own().last} – Staffbook`);
    const told = page.getByRole('alert');
    await expect(told).toContainText('Priya Ramanathan changed 3 details while you were editing. Nothing has been saved yet');
    await expect(told.getByRole('link')).toHaveText(['Job title', 'Department', 'Fax']);
    await axe(page);
    await noHorizontalScroll(page);
    // What only the other one changed is taken; what both changed is asked about; what only I changed stays.
    await expect(field(page, 'Fax')).toHaveValue('+441632960888');
    await expect(field(page, 'Notes')).toHaveValue('On nights');
    await told.getByRole('link', { name: 'Job title' }).click();
    await expect(field(page, 'Job title')).toBeFocused();
    await expect(field(page, 'Job title')).toHaveValue('Staff nurse');
    await expect(field(page, 'Job title')).toHaveAccessibleDescription(/Priya Ramanathan changed this at .*Nurse.*Ward manager/);
    const title = page.getByRole('group', { name: 'You typed “Staff nurse”. Keep it, or take theirs?' });
    await expect(title.getByRole('radio', { name: 'Keep mine: Staff nurse' })).toBeChecked();
    await title.getByRole('radio', { name: 'Take theirs: Ward manager' }).check();
    const department = page.getByRole('group', { name: 'You typed “Paediatrics”. Keep it, or take theirs?' });
    await expect(department.getByRole('radio', { name: 'Keep mine: Paediatrics' })).toBeChecked();
    await goOn(page, onward(page), `Change Fenella ${own().last}`);
    await expect(plan(page).locator('.app-changes > div')).toHaveCount(2);
    await expectChange(page, 'Department', 'Day unit', 'Paediatrics');
    await expectChange(page, 'Notes', 'nothing', 'On nights');
    await confirm(page, 'Save changes', 'Changes saved');
  });

  test('do not overwrite each other on the check page either', async ({ page, browser }) => {
    await beSignedIn(page, 'Ben');
    const account = await created(page, 'Georgiana', 3, {});
    const priya = await browser.newPage();
    await beSignedIn(priya, 'Priya');
    for (const [who, text] of [
      [page, 'Matron'],
      [priya, 'Director'],
    ] as const) {
      await who.goto(`${account}/edit`);
      await field(who, 'Job title').fill(text);
      await goOn(who, onward(who), `Change Georgiana ${own().last}`);
    }
    await confirm(priya, 'Save changes', 'Changes saved');
    await priya.close();
    await page.getByRole('button', { name: 'Save changes' }).click();
    await expect(page.getByText('Somebody else changed something after you opened this, so nothing has been done yet.')).toBeVisible();
    await expectChange(page, 'Job title', 'Director', 'Matron');
    await axe(page);
    await confirm(page, 'Save changes', 'Changes saved');
  });
});
