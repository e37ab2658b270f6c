import { axe, noHorizontalScroll } from './support/checks';
import { confirm, expectProblems, field, goOn, heading, newAccount, onward, openAccount, plan } from './support/people';
import { beSignedIn } from './support/portal';
import { expect, type Page, test } from './support/test';

// Who is created, and under which local ID: others in each project, since all share one database.
const known: Record<string, { last: string; ids: string }> = {
  'desktop-js': { last: 'Quillfeather', ids: '71' },
  'desktop-no-js': { last: 'Sunderwick', ids: '72' },
};
const own = () => known[test.info().project.name];
const localId = (place: number) => `${own().ids}0${place}`;
const address = (first: string, behind = '') => `${first}.${own().last}${behind}@health.example`.toLowerCase();

async function expectAccounts(page: Page, words: string, count: number) {
  await page.goto(`/people?words=${encodeURIComponent(words)}`);
  await expect(page.locator('.app-people__name')).toHaveCount(count);
}

test.describe('A new account', () => {
  test.beforeEach(({ page }) => beSignedIn(page, 'Ben'));

  test('is asked for by its organisation first, which must be chosen', async ({ page }) => {
    await page.goto('/');
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'People' }).click();
    await page.getByRole('link', { name: 'Create account' }).click();
    await expect(heading(page)).toHaveText('Create an account Which organisation?');
    await axe(page);
    await noHorizontalScroll(page);
    await onward(page).click();
    await expect(page).toHaveTitle('Error: Which organisation? – Create an account – Staffbook');
    await page.getByRole('alert').getByRole('link', { name: 'Choose the organisation.' }).click();
    await expect(field(page, 'Riverside Hospitals Trust (RIV)')).toBeFocused();
    await axe(page);
    // The closed one is not offered.
    await expect(page.getByRole('radio')).toHaveCount(3);
    await field(page, 'Riverside Children’s Hospital (RIV01)').check();
    await onward(page).click();
    await expect(heading(page)).toHaveText('Create an account');
    await expect(page.locator('main')).toContainText('Riverside Children’s Hospital (RIV01)');
    await expect(field(page, 'Organisational unit').locator('option')).toHaveText(['None', 'Paediatrics', 'Paediatrics / Outpatients']);
    await axe(page);
    await noHorizontalScroll(page);
  });

  test('of an organisation that is closed or somebody else’s is not begun', async ({ page }) => {
    for (const [code, said] of [
      ['RIV09', 'Riverside Day Centre is closed. Choose the organisation that the person works for now.'],
      ['G7H8J', 'You do not manage an organisation with the code “G7H8J”. Enter the code of an organisation that you manage.'],
    ]) {
      await page.goto(`/accounts/new?organisation=${code}`);
      await expect(page.getByRole('alert').getByRole('link')).toHaveText(said);
      await expect(field(page, 'First name')).toHaveCount(0);
    }
  });

  test('with wrong values is answered with a link to each field, and nothing typed is lost', { tag: '@script' }, async ({ page }) => {
    await newAccount(page, '', own().last);
    const typed: [string, string][] = [
      ['Title', 'Dr'],
      ['Middle initials', 'Q. R.'],
      ['Display name', 'The new one'],
      ['The other address', 'ada@elsewhere.example'],
      ['Local unique ID', '2'],
      ['Job title', 'Physiotherapist'],
      ['Department', 'Wards “7” & <8>'],
      ['Telephone', '12'],
      ['Mobile', '01632 960123'],
      ['Pager', '01632 960124'],
      ['Fax', '01632 960125'],
      ['Web page', 'not a page'],
      ['Notes', 'First line\nsecond line'],
      ['Quota', '500'],
    ];
    await field(page, 'Another address').check();
    for (const [label, text] of typed) await field(page, label).fill(text);
    await field(page, 'Site').selectOption('Children’s Hospital (RIVC)');
    await field(page, 'Organisational unit').selectOption('Paediatrics / Outpatients');
    await field(page, 'Keep the mobile number out of the address book').check();
    await page.locator('summary').filter({ hasText: 'Work area' }).click();
    for (const area of ['Wards', 'Outpatients']) await field(page, area).check();
    await onward(page).click();

    await expect(page).toHaveTitle('Error: Create an account – Staffbook');
    await axe(page);
    await noHorizontalScroll(page);
    await expectProblems(page, {
      'First name':
        'First name is missing. Enter the first name. For somebody with only one name, enter that name as both first and last name.',
      'The other address':
        '“ada@elsewhere.example” is not an address at health.example. Enter another one, or choose one that is made from the name.',
      'Local unique ID': 'Local unique ID “2” belongs to Ben Cartwright. Enter the person’s own local ID.',
      Telephone:
        '“12” is not a telephone number: it has only 2 digits.' +
        ' Enter it like 01632 960123, 01632 960123 ext 4512 or +33 1 23 45 67 89.',
      Mobile: '“01632 960123” is not a UK mobile number. Enter eleven digits that begin with 07, like 07700 900123.',
      'Web page': '“not a page” is not the address of a web page. Copy it from where your browser shows the page’s address.',
      Quota: '“500” is not a mailbox size. Enter a whole number of gigabytes from 1 to 100.',
    });
    for (const [label, text] of typed) await expect.soft(field(page, label), label).toHaveValue(text);
    await expect(field(page, 'Last name')).toHaveValue(own().last);
    await expect(field(page, 'Another address')).toBeChecked();
    await expect(field(page, 'Site')).toHaveValue('RIVC');
    await expect(field(page, 'Organisational unit')).toHaveValue('Paediatrics / Outpatients');
    await expect(field(page, 'Keep the mobile number out of the address book')).toBeChecked();
    await expect(field(page, 'Wards')).toBeChecked();
    await expect(field(page, 'Outpatients')).toBeChecked();
    await expect(page.locator('main')).toContainText('Riverside Children’s Hospital (RIV01)');
  });

  test('shows while one types what is made from the name, and what is wrong', { tag: '@script-only' }, async ({ page }) => {
    await newAccount(page, 'Ottoline', own().last);
    await expect(page.getByRole('status').filter({ hasText: 'display name' })).toHaveText(
      `Left empty, the display name becomes ${own().last.toUpperCase()}, Ottoline (Riverside Children’s).`,
    );
    await expect(field(page, 'Make it from the name')).toHaveAccessibleDescription(address('ottoline'));
    await field(page, 'Mobile').fill('01632 960123');
    await field(page, 'Mobile').blur();
    await expect(field(page, 'Mobile')).toHaveAccessibleDescription(/Error:\s+“01632 960123” is not a UK mobile number\./);
    await axe(page);
    await field(page, 'Mobile').fill('07700 900123');
    await field(page, 'Mobile').blur();
    await expect(field(page, 'Mobile')).toHaveAccessibleDescription('A UK mobile number.');
    // What is typed as another address is what is chosen.
    await field(page, 'The other address').fill(address('lina'));
    await expect(field(page, 'Another address')).toBeChecked();
  });

  test('is sent by a slow press, too: what is said of the last field does not take the button away', { tag: '@script-only' }, async ({ page }) => {
    await page.clock.install();
    await newAccount(page, 'Philippa', own().last);
    await field(page, 'Quota').fill('500');
    await onward(page).scrollIntoViewIfNeeded();
    const button = (await onward(page).boundingBox())!;
    await page.mouse.move(button.x + button.width / 2, button.y + 8);
    await page.mouse.down();
    // As long as somebody may take whose hand is not steady.
    await page.clock.runFor(1_000);
    await page.mouse.up();
    await expect(page).toHaveTitle('Error: Create an account – Staffbook');
  });
});

test.describe('Somebody new', () => {
  // Each test goes on where the one before it ended, in one browser, as the person who creates does.
  test.describe.configure({ mode: 'serial' });
  let page: Page;
  let check: string;

  test.beforeAll(async ({ browser }) => {
    // A context of its own, in which a second window can be opened.
    page = await (await browser.newContext()).newPage();
    await beSignedIn(page, 'Ben');
  });
  test.afterAll(() => page.context().close());

  test('is shown with everything that was typed, before anything is done', async () => {
    await newAccount(page, 'Ada', own().last);
    await field(page, 'Local unique ID').fill(localId(1));
    await field(page, 'Job title').fill('Porter');
    await field(page, 'Mobile').fill('07700 900321');
    await page.locator('summary').filter({ hasText: 'Role' }).click();
    await field(page, 'Nurse').check();
    await goOn(page, onward(page), `Create Ada ${own().last}`);
    check = new URL(page.url()).pathname;
    await expect(plan(page)).toContainText(address('ada'));
    await expect(plan(page)).toContainText('Riverside Children’s Hospital (RIV01)');
    const given = plan(page).locator('.app-changes > div');
    await expect(given.filter({ hasText: 'Mobile' })).toContainText('07700 900321');
    await expect(given.filter({ hasText: 'Display name' })).toContainText(
      `${own().last.toUpperCase()}, Ada (Riverside Children’s)`,
    );
    await expect(plan(page)).toContainText('An activation link is sent to the new email address.');
    await axe(page);
    await noHorizontalScroll(page);
    await expectAccounts(page, localId(1), 0);
  });

  test('is changed once more by “Change”, which keeps the answers', async () => {
    // Beside each answer there is the way back to its field.
    await page.goto(check);
    await page.getByRole('link', { name: 'Change Mobile' }).click();
    await expect(field(page, 'Mobile')).toBeFocused();
    await expect(field(page, 'Mobile')).toHaveValue('07700 900321');
    await page.goto(check);
    await page.getByRole('link', { name: 'Change', exact: true }).click();
    await expect(heading(page)).toHaveText('Create an account');
    await expect(field(page, 'First name')).toHaveValue('Ada');
    await expect(field(page, 'Local unique ID')).toHaveValue(localId(1));
    await expect(field(page, 'Mobile')).toHaveValue('07700 900321');
    await expect(field(page, 'Nurse')).toBeChecked();
    // The server knows the name by now, with or without JavaScript.
    await expect(field(page, 'Make it from the name')).toHaveAccessibleDescription(address('ada'));
    await field(page, 'Job title').fill('Head porter');
    await goOn(page, onward(page), `Create Ada ${own().last}`);
    await expect(plan(page).locator('.app-changes > div').filter({ hasText: 'Job title' })).toContainText('Head porter');
    // What was asked for first is withdrawn.
    await page.goto(check);
    await expect(page.getByText('Nothing was changed.')).toBeVisible();
    await page.goBack();
  });

  test('is created by one button, and their one-time link is shown this once', async () => {
    await confirm(page, 'Create account', 'Account created');
    await expect(page.locator('.nhsuk-panel')).toContainText(`Ada ${own().last}, ${address('ada')}`);
    const once = page.getByRole('region', { name: `Give Ada ${own().last} this link, if the email does not reach them` });
    await expect(once).toContainText(/\/start\/\S{20,}/);
    await expect(once).toContainText('and is shown only now.');
    await axe(page);
    await noHorizontalScroll(page);
  });

  test('is not created twice by loading the page again, and the link is gone', async () => {
    await page.reload();
    await expect(heading(page)).toContainText('This change has already been applied');
    await expect(page.locator('main')).not.toContainText('/start/');
    await page.getByRole('link', { name: 'See what was done' }).click();
    await expect(page.locator('.nhsuk-panel')).toContainText('Account created');
    await expect(page.locator('main')).not.toContainText('/start/');
    await expectAccounts(page, localId(1), 1);
  });

  test('is not created twice by the back button, or from a window that is still open', async () => {
    await newAccount(page, 'Bettina', own().last);
    await field(page, 'Local unique ID').fill(localId(2));
    await goOn(page, onward(page), `Create Bettina ${own().last}`);
    const other = await page.context().newPage();
    await other.goto(page.url());
    await confirm(page, 'Create account', 'Account created');
    await page.goBack();
    await expect(page.locator('.nhsuk-panel')).toContainText('Account created');
    await expect(page.getByRole('button', { name: 'Create account' })).toHaveCount(0);
    await other.getByRole('main').getByRole('button', { name: 'Create account', exact: true }).click();
    await expect(heading(other)).toContainText('This change has already been applied');
    for (const shown of [page, other]) await expect(shown.locator('main')).not.toContainText('/start/');
    await other.close();
    await expectAccounts(page, localId(2), 1);
    await expectAccounts(page, `Bettina ${own().last}`, 1);
  });

  test('has a page that says what to do until they take the account up', async () => {
    await openAccount(page, localId(1));
    await expect(page.getByRole('region', { name: 'Status Pending' })).toContainText('the person has not activated it yet.');
    await expect(page.locator('.app-timeline__what')).toContainText(['Account created']);
    await axe(page);
    await noHorizontalScroll(page);
    const again = page.getByRole('button', { name: 'Send the activation link again' });
    await goOn(page, again, `Send Ada ${own().last} the activation link again`);
    await expect(plan(page)).toContainText('Earlier links stop working.');
    await confirm(page, 'Send the link', 'Activation link given out');
    await expect(page.locator('main')).toContainText('/start/');
    await axe(page);
  });

  test('who looks like somebody here is asked about, with a way to the other', async () => {
    await newAccount(page, 'Ada', own().last);
    await field(page, 'Local unique ID').fill(localId(3));
    await goOn(page, onward(page), `Create Ada ${own().last}`);
    const alike = page.getByRole('region', { name: 'Is it the same person?' });
    await expect(alike).toContainText(`Ada ${own().last}, local ID ${localId(1)}, is already here.`);
    await expect(page.getByRole('button', { name: 'Create account' })).toHaveCount(0);
    await axe(page);
    await noHorizontalScroll(page);
    await alike.getByRole('link', { name: `Open Ada ${own().last}` }).click();
    await expect(heading(page)).toHaveText(`Account Ada ${own().last}`);
    await page.goBack();
    await confirm(page, 'Create anyway', 'Account created');
    await expect(page.locator('.nhsuk-panel')).toContainText(address('ada', '2'));
  });

  test('is given another of the addresses that are made from the name, where one chooses it', async () => {
    await newAccount(page, 'Clemency', own().last);
    await field(page, 'Local unique ID').fill(localId(4));
    // Without JavaScript the addresses are made once the server knows the name.
    await goOn(page, onward(page), `Create Clemency ${own().last}`);
    await page.getByRole('link', { name: 'Change', exact: true }).click();
    const offered = page.getByRole('group', { name: 'Email address' }).getByRole('radio');
    await expect(offered.first()).toBeChecked();
    const second = (await offered.nth(1).getAttribute('value'))!;
    expect(second).toMatch(/@health\.example$/);
    expect(second).not.toBe(address('clemency'));
    await offered.nth(1).check();
    await goOn(page, onward(page), `Create Clemency ${own().last}`);
    await expect(plan(page)).toContainText(second);
    await confirm(page, 'Create account', 'Account created');
    await expect(page.locator('.nhsuk-panel')).toContainText(second);
  });

  test('is not given an address that somebody has', async () => {
    await newAccount(page, 'Drusilla', own().last);
    await field(page, 'Another address').check();
    await field(page, 'The other address').fill(address('ada'));
    await onward(page).click();
    await expectProblems(page, {
      'The other address': `“${address('ada')}” is already taken. Enter another one, or choose one that is made from the name.`,
    });
    await expect(field(page, 'Make it from the name')).toHaveAccessibleDescription(address('drusilla'));
  });
});
