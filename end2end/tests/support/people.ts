import { expect, type Locator, type Page } from '@playwright/test';

/** Finds the one account that these words fit, most surely a local ID, and opens its page. */
export async function openAccount(page: Page, words: string) {
  const statuses = 'Pending+Active+Inactive+Locked+Disabled+Leaver+Deleted';
  await page.goto(`/people?words=${encodeURIComponent(words)}&status=${statuses}`);
  await page.locator('.app-people__name').click();
  await expect(heading(page)).toHaveText(/^Account /);
}

/** A field by the whole of its label, which may say that the field is optional. */
export const field = (page: Page, label: string) =>
  page.getByLabel(new RegExp(`^\\s*${escaped(label)}( \\(optional\\))?\\s*$`));

export const heading = (page: Page) => page.getByRole('heading', { level: 1 });

export const onward = (page: Page) => page.getByRole('main').getByRole('button', { name: 'Continue' });

/** The form for a new account in the children's hospital, with its name. */
export async function newAccount(page: Page, first: string, last: string) {
  await page.goto('/accounts/new?organisation=RIV01');
  await field(page, 'First name').fill(first);
  await field(page, 'Last name').fill(last);
}

/** Where an account stands, and what can be done with it. */
export const standing = (page: Page) => page.getByRole('region', { name: 'Status' });

/** What a check page says will happen, and its answer page has done. */
export const plan = (page: Page) => page.locator('.app-plan');

/** A detail that a plan changes, from what to what. */
export async function expectChange(page: Page, detail: string, before: string, after: string) {
  const line = plan(page).locator('.app-changes > div').filter({ has: page.getByText(detail, { exact: true }) });
  await expect(line.getByRole('deletion')).toHaveText(before);
  await expect(line.getByRole('insertion')).toHaveText(after);
}

/** Goes on from a form or a button to the page that says what will happen. */
export async function goOn(page: Page, button: Locator, title: string) {
  await button.click();
  await expect(heading(page)).toHaveText(`Check before it is done ${title}`);
}

/** Confirms what a check page says, and is told that it is done. */
export async function confirm(page: Page, button: string, done: string) {
  await page.getByRole('main').getByRole('button', { name: button, exact: true }).click();
  await expect(page.locator('.nhsuk-panel').getByRole('heading', { level: 1 })).toHaveText(done);
}

/** What the page above the form says is wrong, each leading to its field. */
export async function expectProblems(page: Page, problems: Record<string, string>) {
  await expect(page).toHaveTitle(/^Error: /);
  const links = page.getByRole('alert').getByRole('link');
  await expect(links).toHaveText(Object.values(problems));
  for (const [label, problem] of Object.entries(problems)) {
    await links.filter({ hasText: problem }).click();
    await expect(field(page, label)).toBeFocused();
    await expect(field(page, label)).toHaveAccessibleDescription(new RegExp(`Error:\\s+${escaped(problem)}`));
  }
}

/** The one-time link in the latest letter to an address. */
export async function linkFromMail(page: Page, address: string): Promise<string> {
  const bearsLink = /Activate your account|Choose a new password|Unlock your account/;
  const latest = page.getByRole('row').filter({ hasText: address }).filter({ hasText: bearsLink }).first();
  await expect(async () => {
    await page.goto('/mail');
    await expect(latest).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 60_000 });
  await latest.getByRole('link').click();
  const link = page.getByRole('main').locator('a[href*="/start/"]');
  return (await link.getAttribute('href'))!;
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
