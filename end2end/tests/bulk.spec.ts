import { expect, type Page, test } from '@playwright/test';

import { axe, noHorizontalScroll } from './support/checks';
import { field, openAccount, standing } from './support/people';
import { signIn } from './support/portal';

// Two people of the community services in each project, of whom no other test knows.
const known: Record<string, { id: string; name: string; address: string }[]> = {
  'desktop-js': [
    { id: '3004', name: 'Nadia Harcastle', address: 'nadia.harcastle@health.example' },
    { id: '3007', name: 'Chidi Dunmore', address: 'chidi.dunmore@health.example' },
  ],
  'desktop-no-js': [
    { id: '3009', name: 'Callum Northcott', address: 'callum.northcott@health.example' },
    { id: '3013', name: 'Rhian Carrow', address: 'rhian.carrow@health.example' },
  ],
};
const two = () => known[test.info().project.name];

const main = (page: Page) => page.getByRole('main');
const heading = (page: Page) => page.getByRole('heading', { level: 1 });
const onward = (page: Page) => main(page).getByRole('button', { name: 'Continue' });
const panel = (page: Page) => page.locator('.nhsuk-panel');
const row = (page: Page, name: string) => page.locator('.app-row').filter({ hasText: name });
const undo = (page: Page) => page.getByRole('region', { name: 'Undo this change' });

/** Ticks the two in the list, and goes on with what should be done. */
async function choose(page: Page, what: string) {
  await page.goto('/people?organisation=RIV02');
  for (const { name } of two()) await page.getByRole('checkbox', { name: `Select ${name}` }).check();
  await field(page, 'What should be done?').selectOption(what);
  await onward(page).click();
}

/** Asks for what was done to be undone, looks at it, and confirms. */
async function takeBack(page: Page) {
  await undo(page).getByRole('button', { name: 'Undo this change' }).click();
  await expect(page.getByRole('heading', { name: '2 accounts can be reversed' })).toBeVisible({ timeout: 30_000 });
  await axe(page);
  await noHorizontalScroll(page);
  await main(page).getByRole('button', { name: 'Reverse 2 accounts' }).click();
  await expect(panel(page)).toContainText('2 accounts reversed, 0 kept, 0 not reversed.', { timeout: 60_000 });
  await axe(page);
}

test.describe('What was done to several accounts', () => {
  test.describe.configure({ mode: 'serial' });
  test.beforeEach(({ page }) => signIn(page, 'Ben'));

  test('is undone: leavers come back', async ({ page }) => {
    await choose(page, 'Mark as leaver');
    await field(page, 'Today').check();
    await onward(page).click();
    await expect(heading(page)).toHaveText('Check before it is done Mark 2 accounts as leavers');
    for (const { name, address } of two()) {
      await expect(row(page, name)).toContainText(address);
      await expect(row(page, name).locator('.nhsuk-tag')).toHaveText('Mark as leaver');
    }
    await axe(page);
    await main(page).getByRole('button', { name: 'Mark 2 accounts as leavers' }).click();
    await expect(panel(page)).toContainText('2 people changed.');
    await expect(undo(page)).toContainText('You can undo it until');
    await expect(undo(page)).toContainText('Roles and API tokens that ended do not come back');
    const done = new URL(page.url()).pathname;
    await axe(page);
    await noHorizontalScroll(page);
    await takeBack(page);
    await openAccount(page, two()[0].id);
    await expect(standing(page)).toContainText('Active');
    await page.goto(done);
    await expect(undo(page)).toContainText('Ben Cartwright undid it on');
  });

  test('may be a detail, chosen with its value, and undone', async ({ page }) => {
    await choose(page, 'Change a detail');
    await expect(heading(page)).toHaveText('Change a detail for 2 accounts');
    await onward(page).click();
    await expect(page.getByRole('alert').getByRole('link')).toHaveText('Choose the detail that you want to change.');
    await axe(page);
    await field(page, 'Which detail do you want to change?').selectOption('Job title');
    await onward(page).click();
    await expect(heading(page)).toHaveText('Change job title for 2 accounts');
    await onward(page).click();
    await expect(page.getByRole('alert').getByRole('link')).toHaveText('Enter the job title.');
    await axe(page);
    await field(page, 'New job title').fill('Community coordinator');
    await onward(page).click();
    await expect(heading(page)).toHaveText('Check before it is done Change job title for 2 accounts');
    await expect(row(page, two()[0].name).getByRole('insertion')).toHaveText('Community coordinator');
    await axe(page);
    await noHorizontalScroll(page);
    await page.getByRole('link', { name: 'Change', exact: true }).click();
    await expect(field(page, 'New job title')).toHaveValue('Community coordinator');
    await onward(page).click();
    await main(page).getByRole('button', { name: 'Change job title for 2 accounts' }).click();
    await expect(panel(page)).toContainText('2 people changed.');
    await takeBack(page);
    await openAccount(page, two()[1].id);
    await expect(main(page)).not.toContainText('Job title Community coordinator');
  });

  test('needs the number where it is very many', async ({ page }) => {
    await page.goto('/people?organisation=RIV');
    await page.getByRole('radio', { name: /^All [\d,]+ accounts of this search$/ }).check();
    await field(page, 'What should be done?').selectOption('Change a detail');
    await onward(page).click();
    await field(page, 'Which detail do you want to change?').selectOption('Department');
    await onward(page).click();
    await field(page, 'New department').fill('All of the trust');
    await onward(page).click();
    const number = page.getByLabel(/^This changes [\d,]+ accounts of the organisations below. Is that right\?$/);
    await expect(number).toBeVisible({ timeout: 30_000 });
    await axe(page);
    await noHorizontalScroll(page);
    await main(page).getByRole('button', { name: /^Change department for [\d,]+ accounts/ }).click();
    await expect(page.getByRole('alert').getByRole('link')).toHaveText(
      'Enter how many accounts this changes: the number above the field.',
    );
    await axe(page);
    // Others work with these people.
    await main(page).getByRole('button', { name: 'Do not do it' }).click();
    await expect(main(page)).toContainText('Nothing was changed.');
  });
});
