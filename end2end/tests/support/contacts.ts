import { expect, type Page, test } from '@playwright/test';

import { confirm, field, goOn } from './people';
import { beSignedIn, type Persona } from './portal';

// All projects share one database, so each has contacts of a name of its own.
const surnames: Record<string, string> = { 'desktop-js': 'Tamblyn', 'desktop-no-js': 'Vosper', 'phone-js': 'Rundle' };
export const surname = () => surnames[test.info().project.name];
export const fullName = (first: string) => `${first} ${surname()}`;
export const addressOf = (first: string) => `${first}.${surname()}@charity.example`.toLowerCase();

export const onward = (page: Page) => page.getByRole('main').getByRole('button', { name: 'Continue' });
export const heading = (page: Page) => page.getByRole('heading', { level: 1 });

/** Fills in the form for a new contact, of the trust unless another organisation is named. */
export async function fillInContact(page: Page, first: string, organisation = 'RIV') {
  await page.goto(`/contacts/new?organisation=${organisation}`);
  await field(page, 'First name').fill(first);
  await field(page, 'Last name').fill(surname());
  await field(page, 'Email address').fill(addressOf(first));
}

/** Creates a contact and comes back with the path of its page. */
export async function createContact(page: Page, first: string, organisation = 'RIV'): Promise<string> {
  await fillInContact(page, first, organisation);
  await goOn(page, onward(page), `Create ${fullName(first)}`);
  await confirm(page, 'Create contact', 'Contact created');
  return (await page.getByRole('link', { name: `Open ${fullName(first)}` }).getAttribute('href'))!;
}

/** Asks for a contact to be offered, by the form for its transfer. */
export async function askToOffer(page: Page, contact: string, code: string) {
  await page.goto(`${contact}/transfer`);
  // Who manages one organisation only has no choice to make first.
  await page.getByRole('radio', { name: 'An organisation that I do not manage' }).check();
  await field(page, 'Its ODS code').fill(code);
  await onward(page).click();
}

/** Offers a contact to another organisation. */
export async function offer(page: Page, contact: string, first: string, code: string) {
  await askToOffer(page, contact, code);
  await expect(heading(page)).toHaveText(`Check before it is done Offer the contact ${fullName(first)} to ${code}`);
  await confirm(page, 'Make offer', 'Offer made');
}

/** Creates a contact as one persona and offers it to the organisation of another, who is signed in then. */
export async function offerNew(page: Page, first: string, from: Persona = 'Ben', home = 'RIV', to: Persona = 'Gwen', code = 'G7H8J') {
  await beSignedIn(page, from);
  const contact = await createContact(page, first, home);
  await offer(page, contact, first, code);
  await beSignedIn(page, to);
  return contact;
}

/** A line of the page of offers, in the table under this heading. */
export const offered = (page: Page, first: string, table: 'Offered to you' | 'Offered by you' = 'Offered to you') =>
  page.getByRole('table', { name: table }).getByRole('row').filter({ hasText: fullName(first) });

/** Opens an offer that waits for an answer. */
export async function openOffer(page: Page, first: string) {
  await page.goto('/offers');
  await offered(page, first).getByRole('link', { name: 'Answer' }).click();
  await expect(heading(page)).toHaveText(`Offered contact ${fullName(first)}`);
}

/** Reads the letter of this subject to an address, once it has come. */
export async function readLetter(page: Page, address: string, subject: string) {
  const letter = page.getByRole('row').filter({ hasText: address }).getByRole('link', { name: subject, exact: true });
  await expect(async () => {
    await page.goto('/mail');
    await expect(letter.first()).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 60_000 });
  await letter.first().click();
  await expect(heading(page)).toHaveText(subject);
}
