import { axe, noHorizontalScroll } from './support/checks';
import { confirm, expectChange, expectProblems, field, goOn, heading, onward, openAccount, plan, standing } from './support/people';
import { beSignedIn } from './support/portal';
import { expect, type Page, test } from './support/test';

// Who goes to the surgery and comes back: somebody else in each project, whom no other file touches.
const known: Record<string, { id: string; name: string; address: string }> = {
  'desktop-js': { id: '1010', name: 'Keir Tavener', address: 'keir.tavener@health.example' },
  'desktop-no-js': { id: '1002', name: 'Hector Trelawny', address: 'hector.trelawny@health.example' },
};
const one = () => known[test.info().project.name];

/** Marks the account whose page is open as leaver. */
async function markAsLeaver(page: Page) {
  await standing(page).getByRole('link', { name: 'Mark as leaver' }).click();
  await field(page, 'Today').check();
  await goOn(page, onward(page), `Mark ${one().name} as leaver`);
  await confirm(page, 'Mark as leaver', 'Marked as leaver');
}

test.describe('Somebody who joins', () => {
  test('is taken in from another organisation, which sees them no more, and is let go again', async ({ page }) => {
    const { id, name, address } = one();
    await beSignedIn(page, 'Ben');
    await openAccount(page, id);
    const account = page.url();
    await markAsLeaver(page);

    await beSignedIn(page, 'Gwen');
    expect((await page.request.get(account)).status()).toBe(404);
    await page.goto('/joiners/new');
    await field(page, 'Email address').fill(address);
    await field(page, 'Site').selectOption('Weir Street Branch (MILL2)');
    await field(page, 'Local unique ID').fill(`7${id}`);
    await expect(field(page, 'Job title')).toHaveAccessibleDescription('Leave it empty to keep what they have.');
    await field(page, 'Job title').fill('Practice nurse');
    await goOn(page, onward(page), `Take in ${address}`);
    await expect(plan(page)).toContainText('Practice nurse');
    await expect(plan(page).getByRole('heading', { name: 'Stays as it was' })).toBeVisible();
    await expect(plan(page)).toContainText('They lose the local unique ID that they had there.');
    await page.getByRole('link', { name: 'Change', exact: true }).click();
    // Only now that the exact address was a leaver’s is it shown what they are.
    await expect(field(page, 'Job title')).toHaveValue('Practice nurse');
    await expect(field(page, 'Job title')).toHaveAccessibleDescription(/^As it was: .+\. Leave it empty to keep that/);
    await expect(field(page, 'Email address')).toHaveValue(address);
    await expect(field(page, 'Site')).toHaveValue('MILL2');
    await expect(field(page, 'Local unique ID')).toHaveValue(`7${id}`);
    await goOn(page, onward(page), `Take in ${address}`);
    await expectChange(page, 'Organisation', 'Riverside Hospitals Trust (RIV)', 'Mill Lane Surgery (G7H8J)');
    await expect(plan(page)).toContainText(name);
    await expect(plan(page)).toContainText('The account is active from then on.');
    // What the trust kept of them is not the surgery's to see.
    await expect(plan(page).getByRole('deletion')).toHaveCount(1);
    await axe(page);
    await noHorizontalScroll(page);
    await confirm(page, 'Take in', 'Taken in');
    await axe(page);
    await page.getByRole('main').getByRole('link', { name: `Open ${name}` }).click();
    await expect(page.getByRole('heading', { name: /^Status / })).toHaveText('Status Active');
    await expect(page.locator('.nhsuk-summary-list__row').filter({ hasText: 'Email address' })).toContainText(address);
    await expect(page.locator('.nhsuk-summary-list__row').filter({ hasText: 'Local unique ID' })).toContainText(`7${id}`);
    await axe(page);
    await markAsLeaver(page);

    await beSignedIn(page, 'Ben');
    expect((await page.request.get(account)).status()).toBe(404);
    await page.goto('/people');
    await page.getByRole('link', { name: 'Take in a leaver' }).click();
    await field(page, 'Which organisation do they join?').selectOption('RIV');
    await axe(page);
    await onward(page).click();
    await expect(page.getByText('They join Riverside Hospitals Trust (RIV)')).toBeVisible();
    await field(page, 'Email address').fill(address);
    await field(page, 'Organisational unit').selectOption('Surgery');
    await field(page, 'Local unique ID').fill(id);
    await goOn(page, onward(page), `Take in ${address}`);
    await expectChange(page, 'Organisation', 'Mill Lane Surgery (G7H8J)', 'Riverside Hospitals Trust (RIV)');
    await confirm(page, 'Take in', 'Taken in');
    await openAccount(page, id);
    expect(page.url()).toBe(account);
    await expect(page.locator('.app-timeline__what').first()).toContainText(/taken in|joined/i);
  });

  test('is not asked about before an organisation is chosen, which the page says', async ({ page }) => {
    await beSignedIn(page, 'Ben');
    await page.goto('/joiners/new');
    await onward(page).click();
    await expectProblems(page, { 'Which organisation do they join?': 'Choose an organisation.' });
    await axe(page);
  });
});
