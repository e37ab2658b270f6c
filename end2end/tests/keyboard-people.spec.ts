import { tabTo } from './support/keyboard';
import { expectChange, field, heading, plan, standing } from './support/people';
import { signIn } from './support/portal';
import { expect, type Page, test } from './support/test';

// Who is created, and who is transferred where: others in each project, since all share one database.
const known: Record<string, { last: string; localId: string; name: string; from: string; to: string; keys: string }> = {
  'desktop-js': {
    last: 'Ullswater',
    localId: '1040',
    name: 'Merryn Ní-Dhomhnaill',
    from: 'Riverside Hospitals Trust (RIV)',
    to: 'Riverside Children’s Hospital (RIV01)',
    keys: 'Riverside Ch',
  },
  'desktop-no-js': {
    last: 'Vancastle',
    localId: '2008',
    name: 'Rhian Ní-Dhomhnaill',
    from: 'Riverside Children’s Hospital (RIV01)',
    to: 'Riverside Hospitals Trust (RIV)',
    keys: 'Riverside Ho',
  },
};
const own = () => known[test.info().project.name];

/** Comes to a field by the keyboard and types into it. */
async function typeInto(page: Page, label: string, text: string) {
  await tabTo(page, field(page, label));
  await page.keyboard.type(text);
}

/** Comes to the form's button by the keyboard and presses it. */
async function press(page: Page, button = 'Continue') {
  await tabTo(page, page.getByRole('main').getByRole('button', { name: button, exact: true }));
  await page.keyboard.press('Enter');
}

test('Somebody is created by the keyboard alone, after a slip of the pen', { tag: '@script' }, async ({ page, javaScriptEnabled }) => {
  test.slow();
  await signIn(page, 'Priya');
  await tabTo(page, page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'People' }));
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByRole('link', { name: 'Create account' }));
  await page.keyboard.press('Enter');
  await tabTo(page, field(page, 'Riverside Hospitals Trust (RIV)'));
  await page.keyboard.press('ArrowDown');
  await expect(field(page, 'Riverside Children’s Hospital (RIV01)')).toBeChecked();
  await press(page);
  await expect(heading(page)).toHaveText('Create an account');

  await typeInto(page, 'First name', 'Perpetua');
  await typeInto(page, 'Mobile', '0770');
  await press(page);
  // What is wrong is told first: the keyboard is there, and its links are the next stops.
  await expect(page.getByRole('alert')).toBeFocused();
  const problem = page.getByRole('alert').getByRole('link', { name: 'Last name is missing.' });
  await page.keyboard.press('Tab');
  await expect(problem).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(field(page, 'Last name')).toBeFocused();
  await page.keyboard.type(own().last);
  // With JavaScript more addresses are offered once the name is known; the arrows would meet them half-way.
  if (javaScriptEnabled !== false) await expect(page.locator('.app-address__made')).toContainText('perpetua');
  // The group of addresses is one stop; the arrows go through it.
  await tabTo(page, field(page, 'Make it from the name'));
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await expect(field(page, 'Make it from the name')).toBeChecked();
  await tabTo(page, field(page, 'Organisational unit'));
  await page.keyboard.type('Paediatrics / O');
  await expect(field(page, 'Organisational unit')).toHaveValue('Paediatrics / Outpatients');
  await tabTo(page, field(page, 'Mobile'));
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('07700 900555');
  await tabTo(page, page.locator('summary').filter({ hasText: 'Role' }));
  await page.keyboard.press('Enter');
  await tabTo(page, field(page, 'Nurse'));
  await page.keyboard.press('Space');
  await press(page);

  await expect(heading(page)).toHaveText(`Check before it is done Create Perpetua ${own().last}`);
  const given = plan(page).locator('.app-changes > div');
  await expect(given.filter({ hasText: 'Organisational unit' })).toContainText('Paediatrics / Outpatients');
  await expect(given.filter({ hasText: 'Role' })).toContainText('Nurse');
  await press(page, 'Create account');
  await expect(page.locator('.nhsuk-panel')).toContainText('Account created');
});

test('Somebody is found, and transferred to another organisation, by the keyboard alone', async ({ page }) => {
  test.slow();
  const { localId, name, from, to, keys } = own();
  await signIn(page, 'Ben');
  await tabTo(page, page.getByRole('link', { name: 'All people you manage' }));
  await page.keyboard.press('Enter');
  await typeInto(page, 'Search accounts', localId);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/[?&]words=/);
  await tabTo(page, page.locator('.app-people__name'));
  await page.keyboard.press('Enter');
  await expect(heading(page)).toHaveText(`Account ${name}`);
  await tabTo(page, standing(page).getByRole('link', { name: 'Transfer to another organisation' }));
  await page.keyboard.press('Enter');
  await typeInto(page, 'To which organisation?', keys);
  await press(page);
  await expect(page.locator('main')).toContainText(`To ${to}`);
  await typeInto(page, 'Local unique ID', `6${localId}`);
  // Enter in a field sends the form, as everywhere.
  await page.keyboard.press('Enter');
  await expect(heading(page)).toHaveText(`Check before it is done Transfer ${name} to ${to.replace(/ \(.*/, '')}`);
  await expectChange(page, 'Organisation', from, to);
  await press(page, 'Transfer account');
  await expect(page.locator('.nhsuk-panel')).toContainText('Account transferred');
  await tabTo(page, page.getByRole('main').getByRole('link', { name: `Open ${name}` }).first());
});

test('A password is chosen for oneself by the keyboard alone', { tag: '@script' }, async ({ page }) => {
  await signIn(page, 'Aled');
  await tabTo(page, page.locator('summary').filter({ hasText: 'Aled Pritchard' }));
  await page.keyboard.press('Space');
  await tabTo(page, page.getByRole('banner').getByRole('link', { name: 'Your record' }));
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByRole('link', { name: 'Change your password' }));
  await page.keyboard.press('Enter');
  await typeInto(page, 'Current password', 'not-the-present-1');
  await typeInto(page, 'New password', 'copper-heron-62');
  await press(page, 'Change password');
  await expect(page.getByRole('alert')).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(field(page, 'Current password')).toBeFocused();
});
