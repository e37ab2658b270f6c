import { axe, noHorizontalScroll } from './support/checks';
import { field, openAccount } from './support/people';
import { beSignedIn } from './support/portal';
import { expect, type Page, test } from './support/test';

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
  test.beforeEach(({ page }) => beSignedIn(page, 'Ben'));

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
});
