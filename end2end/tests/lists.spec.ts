import { axe, noHorizontalScroll } from './support/checks';
import { read, records } from './support/csv';
import { field, openAccount, standing } from './support/people';
import { beSignedIn, download, expectEnded, staffList, upload } from './support/portal';
import { expect, type Page, test } from './support/test';

// Whom each project changes: people of the children's hospital of whom no other test knows, and newcomers of its own.
interface Own {
  surname: string;
  disabled: string[];
  active: string;
  leavers: { words: string; names: string[] };
}
const owns: Record<string, Own> = {
  'desktop-js': {
    surname: 'Pascoe',
    disabled: ['Merryn Coldwell', 'Maeve Greenhalgh'],
    active: 'Perrin Abernathy',
    leavers: { words: 'Wolstenholme', names: ['Wolstenholme, Edda', 'Wolstenholme, Seren'] },
  },
  'desktop-no-js': {
    surname: 'Quenby',
    disabled: ['Delphine Larkspur', 'Chidi Tavener'],
    active: 'Hector Garside',
    leavers: { words: 'Fernsby', names: ['Fernsby, Daphne', 'Fernsby, Farida', 'Fernsby, Hana'] },
  },
};
const own = () => owns[test.info().project.name];

const main = (page: Page) => page.getByRole('main');
const heading = (page: Page) => page.getByRole('heading', { level: 1 });
const onward = (page: Page) => main(page).getByRole('button', { name: 'Continue' });
const names = (page: Page) => page.locator('.app-people__name');
const headings = (page: Page) => page.getByRole('columnheader');
const lines = (page: Page) => page.locator('.app-people tbody tr');
const column = (page: Page, label: string) => page.locator(`.app-people td[data-label="${label}"]`);
const tick = (page: Page, name: string) => page.getByRole('checkbox', { name: `Select ${name}` });
const act = (page: Page) => field(page, 'What should be done?');
const arrangement = (page: Page) => page.locator('summary').filter({ hasText: 'Status, last sign-in, order and columns' });

/** Says what should be done with those who were chosen, and goes on. */
async function choose(page: Page, what: string) {
  await act(page).selectOption(what);
  await onward(page).click();
}

/** Creates newcomers of this project by a file, who wait to take their accounts up; gives back the upload's path. */
async function createNewcomers(page: Page, ...firsts: string[]): Promise<string> {
  await upload(page, 'newcomers.csv', staffList(...firsts.map((first) => `,RIV01,${first},${own().surname},`)));
  await main(page).getByRole('button', { name: /^Apply/ }).click();
  await expectEnded(page, `${firsts.length} account`);
  return new URL(page.url()).pathname;
}

test.describe('A list of people', () => {
  test.beforeEach(({ page }) => beSignedIn(page, 'Ben'));

  test('shows the columns that one chooses', async ({ page }) => {
    await page.goto('/people');
    await expect(headings(page)).toHaveText(['Select', 'Name', 'Organisation', 'Job title', 'Local unique ID', 'Status'].map(begins));
    await arrangement(page).click();
    const columns = page.getByRole('group', { name: 'Columns' });
    for (const [name, checked] of [['Job title', false], ['Local unique ID', false], ['Organisational unit', true], ['Telephone', true]] as const) {
      await columns.getByRole('checkbox', { name, exact: true }).setChecked(checked);
    }
    await axe(page);
    await page.getByRole('button', { name: 'Apply' }).click();
    await expect(headings(page)).toHaveText(['Select', 'Name', 'Organisation', 'Organisational unit', 'Telephone', 'Status'].map(begins));
    await page.goto(page.url() + '&words=2004');
    await expect(lines(page)).toContainText(['Rahimi, Zoë']);
    await expect(column(page, 'Organisational unit')).toHaveText('Paediatrics');
    await expect(column(page, 'Telephone')).toHaveText('01632 960671');
    await axe(page);
    await noHorizontalScroll(page);
  });

  test('is sorted by a heading, and the other way round by the same', async ({ page }) => {
    await page.goto('/people?organisation=RIV02&status=Active');
    const sortBy = (label: string) => page.getByRole('columnheader', { name: label }).getByRole('link').click();
    await sortBy('Local unique ID');
    await expect(page.getByRole('columnheader', { name: 'Local unique ID' })).toHaveAttribute('aria-sort', 'ascending');
    const ids = await column(page, 'Local unique ID').allInnerTexts();
    expect(ids).toEqual([...ids].sort());
    expect(ids.length).toBeGreaterThan(10);
    await sortBy('Local unique ID');
    await expect(page.getByRole('columnheader', { name: 'Local unique ID' })).toHaveAttribute('aria-sort', 'descending');
    await expect(column(page, 'Local unique ID')).toHaveText([...ids].reverse());
    await expect(field(page, 'Organisation').first()).toHaveValue('RIV02');
    await sortBy('Name');
    await expect(page.getByRole('columnheader', { name: 'Name' })).toHaveAttribute('aria-sort', 'ascending');
    await expect(names(page).first()).toHaveText('Adeyemi, Adaeze');
  });

  test('shows several statuses at once, and nobody else', async ({ page }) => {
    await page.goto('/people?organisation=RIV');
    await arrangement(page).click();
    const statuses = page.getByRole('group', { name: 'Only people with the status' });
    for (const status of ['Disabled', 'Leaver', 'Locked']) await statuses.getByRole('checkbox', { name: status }).check();
    await page.getByRole('button', { name: 'Apply' }).click();
    for (const name of ['Maddern, Marek', 'Dunmore, Dermot']) await expect(names(page).filter({ hasText: name })).toBeVisible();
    for (const status of await column(page, 'Status').allInnerTexts()) expect(['Disabled', 'Leaver', 'Locked']).toContain(status);
    await expect(statuses.getByRole('checkbox', { name: 'Leaver' })).toBeChecked();
  });

  test('goes on page by page in its order, each person once', async ({ page }) => {
    await page.goto('/people?status=Active&sort=job-title&order=descending&columns=job-title');
    const all = Number(/^\d+/.exec(await page.locator('caption').innerText())![0]);
    const seen: string[] = [];
    const titles: string[] = [];
    for (;;) {
      seen.push(...(await names(page).evaluateAll((links) => links.map((link) => link.getAttribute('href')!))));
      titles.push(...(await column(page, 'Job title').allInnerTexts()));
      const next = page.getByRole('link', { name: 'Next page' });
      if ((await next.count()) === 0) break;
      await next.click();
      await expect(page.getByRole('link', { name: 'First page' })).toBeVisible();
      await expect(page).toHaveURL(/[?&]after=/);
    }
    // Somebody else may be at work in these moments.
    expect(Math.abs(seen.length - all)).toBeLessThan(5);
    expect(seen.length).toBeGreaterThan(80);
    expect(new Set(seen).size).toBe(seen.length);
    expect(titles).toEqual([...titles].sort().reverse());
  });

  test('is found again by its address, with all that was chosen', async ({ page }) => {
    await page.goto('/people');
    await arrangement(page).click();
    await page.getByRole('searchbox').fill('zoë');
    await field(page, 'Organisation').first().selectOption('Riverside Children’s Hospital (RIV01)');
    await page.getByRole('group', { name: 'Only people with the status' }).getByRole('checkbox', { name: 'Active', exact: true }).check();
    await field(page, 'Sort by').selectOption('Job title');
    await field(page, 'Reverse order').check();
    await page.getByRole('group', { name: 'Columns' }).getByRole('checkbox', { name: 'Department' }).check();
    await page.getByRole('button', { name: 'Apply' }).click();
    await expect(names(page)).toHaveText(['Rahimi, Zoë']);
    await expect(main(page)).toContainText('Bookmark this page to come back to this search.');
    const address = page.url();
    await page.goto('/');
    await page.goto(address);
    await expect(names(page)).toHaveText(['Rahimi, Zoë']);
    await expect(page.getByRole('searchbox')).toHaveValue('zoë');
    await expect(field(page, 'Organisation').first()).toHaveValue('RIV01');
    await expect(page.getByRole('checkbox', { name: 'Active', exact: true })).toBeChecked();
    await expect(field(page, 'Sort by')).toHaveValue('job-title');
    await expect(field(page, 'Reverse order')).toBeChecked();
    await expect(headings(page)).toContainText(['Department']);
  });
});

test.describe('Something is done with several accounts:', () => {
  test.beforeEach(({ page }) => beSignedIn(page, 'Ben'));

  test('nothing before it is said with whom, and what', async ({ page }) => {
    await page.goto('/people?organisation=RIV01&status=Active');
    await choose(page, 'Disable');
    await expect(page.getByRole('alert').getByRole('link')).toHaveText('Tick the accounts that you mean, or choose all of them.');
    await expect(act(page)).toHaveValue('disable');
    await axe(page);
    await tick(page, 'Zoë Rahimi').check();
    await choose(page, 'Choose');
    await expect(page.getByRole('alert').getByRole('link')).toHaveText('Choose what should be done.');
    await expect(tick(page, 'Zoë Rahimi')).toBeChecked();
    await expect(field(page, 'Organisation').first()).toHaveValue('RIV01');
    await page.goto('/people/actions');
    await expect(heading(page)).toHaveText('Choose accounts first');
  });

  test('those ticked are disabled, after a look at each', async ({ page }) => {
    await page.goto('/people?organisation=RIV01&status=Active');
    for (const name of own().disabled) await tick(page, name).check();
    await choose(page, 'Disable');
    await expect(heading(page)).toHaveText('Disable 2 accounts');
    await axe(page);
    await onward(page).click();
    await expect(page.getByRole('alert').getByRole('link')).toHaveText('Enter the reason.');
    await field(page, 'Reason').fill('the ward is closed');
    await onward(page).click();
    await expect(heading(page)).toHaveText('Check before it is done Disable 2 accounts');
    await expect(page.getByRole('heading', { name: 'You can do this for all 2 people' })).toBeVisible();
    await expect(page.locator('.app-row__name')).toHaveText(own().disabled.toSorted(bySurname));
    await expect(page.locator('.app-row').first()).toContainText('Disable: Active → Disabled');
    const consequences = page.getByRole('region', { name: 'What will happen' });
    await expect(consequences).toContainText('Reason: the ward is closed');
    await expect(consequences.getByRole('listitem')).toHaveText([
      'Disable: 2 accounts, Active → Disabled',
      'Nobody can sign in to these accounts, and anyone who is signed in is signed out.',
      'After 18 months they are deleted, unless they are enabled before then.',
    ]);
    await axe(page);
    await noHorizontalScroll(page);
    await main(page).getByRole('button', { name: 'Disable 2 accounts' }).click();
    await expect(page.locator('.nhsuk-panel')).toContainText('2 people changed.');
    await axe(page);
    await page.getByRole('link', { name: own().disabled[0] }).click();
    await expect(standing(page)).toContainText('Disabled');
    await expect(page.locator('.app-timeline__what').first()).toHaveText('Account disabled: Active → Disabled. Reason: the ward is closed');
  });

  test('those for whom it cannot be done are shown with the reason, and left out', async ({ page }) => {
    const [first] = own().active.split(' ');
    await createNewcomers(page, first);
    const pending = `${first} ${own().surname}`;
    await page.goto(`/people?organisation=RIV01&words=${first}`);
    await tick(page, pending).check();
    await tick(page, own().active).check();
    await choose(page, 'Mark as leaver');
    await field(page, 'Today').check();
    await onward(page).click();
    await expect(page.getByRole('heading', { name: 'You can do this for 1 of 2 people' })).toBeVisible();
    const row = page.locator('.app-row').filter({ hasText: pending });
    await expect(row).toContainText(`${pending} is pending, so “Mark as leaver” is not possible.`);
    await expect(row).toContainText('Open the account’s page to see what you can do now');
    await page.getByRole('link', { name: '1 cannot be done' }).click();
    await expect(page.locator('.app-row__name')).toHaveText([pending]);
    await expect(page.getByRole('heading', { name: 'People you cannot do this for' })).toBeVisible();
    await main(page).getByRole('button', { name: 'Mark 1 account as leaver' }).click();
    await expect(page.locator('.nhsuk-panel')).toContainText('1 person changed, 1 person rejected.');
    await openAccount(page, pending);
    await expect(standing(page)).toContainText('Pending');
  });

  test('all of a page are marked as leavers on a date', async ({ page }) => {
    const { words, names: leavers } = own().leavers;
    const many = leavers.length;
    await page.goto(`/people?organisation=RIV01&words=${words}`);
    await expect(names(page)).toHaveText(leavers);
    await field(page, `All ${many} on this page`).check();
    await choose(page, 'Mark as leaver');
    await expect(heading(page)).toHaveText(`Mark ${many} accounts as leavers`);
    await axe(page);
    await onward(page).click();
    await expect(page.getByRole('alert').getByRole('link')).toHaveText('Choose when they leave.');
    await field(page, 'On a later date').check();
    await leaveOn(page, -1);
    await onward(page).click();
    await expect(page.getByRole('alert').getByRole('link')).toHaveText(
      'The leaving date has passed. Enter a later day, or choose today.',
    );
    await axe(page);
    const day = await leaveOn(page, 12);
    await onward(page).click();
    await expect(heading(page)).toHaveText(`Check before it is done Mark ${many} accounts as leavers on ${day}`);
    await expect(page.locator('.app-row').first()).toContainText(`Leaves on ${day}.`);
    const consequences = page.getByRole('region', { name: 'What will happen' });
    await expect(consequences).toContainText(`Mark as leaver on ${day}: ${many} accounts`);
    await expect(consequences).toContainText('30 days later the accounts are deleted, unless another organisation takes them in.');
    await main(page).getByRole('button', { name: `Mark ${many} accounts as leavers on ${day}` }).click();
    await expect(page.locator('.nhsuk-panel')).toContainText(`${many} people changed.`);
    await page.goto(`/people?organisation=RIV01&words=${words}&columns=status+leaving`);
    await expect(column(page, 'Leaving date')).toHaveText(leavers.map(() => day));
    await expect(column(page, 'Status')).toHaveText(leavers.map(() => 'Active'));
  });

  test('those ticked are taken away as a file, with the columns of the list', async ({ page }) => {
    await page.goto('/people?organisation=RIV01&status=Active&columns=unit&sort=local-id');
    const people = ['Zoë Rahimi', 'Dermot Zaman'];
    for (const name of people) await tick(page, name).check();
    await act(page).selectOption('Download as a CSV file');
    const { name, text } = await download(page, onward(page));
    expect(name).toBe('accounts.csv');
    const exported = records(read(text));
    expect(exported.map((record) => `${record.FirstName} ${record.LastName}`)).toEqual(people);
    expect(exported.map((record) => record.OrganisationalUnit)).toEqual(['Paediatrics', 'Paediatrics']);
  });
});

/** Fills in a leaving date so many days from now, and says it as pages do. */
async function leaveOn(page: Page, days: number): Promise<string> {
  const at = new Date(Date.now() + days * 24 * 60 * 60 * 1000);
  const [day, month, year] = at.toLocaleDateString('en-GB', { timeZone: 'Europe/London' }).split('/');
  await field(page, 'Day').fill(String(Number(day)));
  await field(page, 'Month').fill(month);
  await field(page, 'Year').fill(year);
  return at.toLocaleDateString('en-GB', { timeZone: 'Europe/London', day: 'numeric', month: 'long', year: 'numeric' });
}

const begins = (text: string) => new RegExp(`^${text}`);
const bySurname = (one: string, other: string) => one.split(' ')[1].localeCompare(other.split(' ')[1]);
