import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { axe, complaints, noHorizontalScroll } from './support/checks';
import { confirm, expectChange, expectProblems, field, goOn, heading, onward, openAccount, plan } from './support/people';
import { beSignedIn } from './support/portal';
import { folder } from './support/run';
import { expect, type Page, test } from './support/test';

// The hospice, a customer of the demonstration, which no other test touches. All projects share it, so each has people and
// numbers of its own.
const customer = '30020506';
const own: Record<string, { last: string; number: number }> = {
  'desktop-js': { last: 'Carveth', number: 1 },
  'desktop-no-js': { last: 'Polglase', number: 2 },
  'phone-js': { last: 'Rosewarne', number: 3 },
};
const mine = () => own[test.info().project.name];
const nameOf = (first: string) => `${first} ${mine().last}`;
const main = (page: Page) => page.getByRole('main');
const seats = (page: Page) => page.getByRole('region', { name: 'Seats' });
const row = (page: Page, words: string) => page.getByRole('row').filter({ hasText: words });
const form = (page: Page, words: string) => main(page).locator('form').filter({ hasText: words });

/** Somebody new in the hospice, whose page is open then. */
async function newcomer(page: Page, first: string) {
  await page.goto('/accounts/new?organisation=HLD01');
  await field(page, 'First name').fill(first);
  await field(page, 'Last name').fill(mine().last);
  await goOn(page, onward(page), `Create ${nameOf(first)}`);
  await confirm(page, 'Create account', 'Account created');
  await page.getByRole('link', { name: `Open ${nameOf(first)}` }).click();
  await expect(heading(page)).toHaveText(`Account ${nameOf(first)}`);
}

/** The page is as it should be for everybody. */
async function sound(page: Page) {
  await axe(page);
  await noHorizontalScroll(page);
}

/** Puts a change file into a folder of the customer, there at once as a whole. */
function drop(part: 'in' | 'check', name: string, ...lines: string[]) {
  const there = resolve(folder, 'change-files', customer, part);
  mkdirSync(there, { recursive: true });
  writeFileSync(resolve(there, `.${name}`), lines.join('\r\n') + '\r\n');
  renameSync(resolve(there, `.${name}`), resolve(there, name));
}

test('A subscription is added to a customer and made larger', { tag: '@script' }, async ({ page }) => {
  const heard = complaints(page);
  await beSignedIn(page, 'Grace');
  await page.goto('/organisations');
  await page.getByRole('link', { name: 'Customers and subscriptions' }).click();
  await expect(heading(page)).toHaveText('Customers');
  await sound(page);
  await page.getByRole('link', { name: 'Hillside Hospice' }).click();
  await expect(heading(page)).toHaveText(`Customer ${customer} Hillside Hospice`);
  await sound(page);

  await page.getByRole('link', { name: 'Add subscription' }).click();
  await onward(page).click();
  await expectProblems(page, {
    'Subscription number': 'Enter the subscription number.',
    Name: 'Enter a name for the subscription.',
    For: 'Choose what the subscription is for.',
  });
  await sound(page);
  const number = `7000${mine().number}`;
  await field(page, 'Subscription number').fill(number);
  await field(page, 'Name').fill('Night staff');
  await field(page, 'For').selectOption('Mail');
  await field(page, 'Seats').fill('5');
  await goOn(page, onward(page), `Add subscription ${number}: Night staff`);
  await expectChange(page, 'Seats', 'nothing', '5');
  await sound(page);
  await confirm(page, 'Add subscription', 'Subscription added');
  await expect(page.getByRole('link', { name: 'Go to all customers' })).toBeVisible();
  await page.getByRole('link', { name: `Open customer ${customer}` }).click();
  await expect(row(page, `Night staff ${number}`)).toContainText('5 seats');

  await page.goto(`/subscriptions/${number}`);
  await expect(main(page)).toContainText('0 of 5 used, 5 free');
  await expect(main(page)).toContainText('None of the people you manage has a seat of this subscription.');
  await page.getByRole('link', { name: 'Change subscription' }).click();
  await expect(field(page, 'Seats')).toHaveValue('5');
  await field(page, 'Seats').fill('8');
  await goOn(page, onward(page), `Change subscription ${number}: Night staff`);
  await expectChange(page, 'Seats', '5', '8');
  await page.getByRole('link', { name: 'Change Seats' }).click();
  await expect(field(page, 'Seats')).toHaveValue('8');
  await goOn(page, onward(page), `Change subscription ${number}: Night staff`);
  await confirm(page, 'Save changes', 'Changes saved');
  await page.goto(`/subscriptions/${number}`);
  await expect(main(page)).toContainText('0 of 8 used, 8 free');
  await sound(page);
  expect(heard.filter((complaint) => !complaint.includes('422'))).toEqual([]);
});

test('A seat is assigned, given storage and revoked', { tag: '@script' }, async ({ page }) => {
  test.slow();
  await beSignedIn(page, 'Grace');
  await newcomer(page, 'Isla');
  const account = new URL(page.url()).pathname;
  await expect(seats(page)).toContainText('This person has no seat.');
  await sound(page);
  await seats(page).getByRole('link', { name: 'Assign a seat' }).click();
  await onward(page).click();
  await expectProblems(page, { Subscription: 'Choose a subscription.' });
  await field(page, 'Subscription').selectOption('69051');
  await goOn(page, onward(page), `Assign a seat to ${nameOf('Isla')}`);
  await sound(page);
  await confirm(page, 'Assign seat', 'Seat assigned');

  await page.goto(account);
  await expect(seats(page)).toContainText('Staff (69051)');
  await seats(page).getByRole('link', { name: 'Change seats' }).click();
  await main(page).getByRole('link', { name: 'Change the seat of Staff (69051)' }).click();
  await sound(page);
  const storage = form(page, 'Extra collaboration storage');
  await field(page, 'Extra collaboration storage').fill('lots');
  await storage.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('alert')).toContainText('Enter the gigabytes in whole numbers');
  await expect(field(page, 'Extra collaboration storage')).toHaveValue('lots');
  await field(page, 'Extra collaboration storage').fill('5');
  await goOn(page, storage.getByRole('button', { name: 'Continue' }), `Change the extra storage of ${nameOf('Isla')}`);
  await confirm(page, 'Set extra storage', 'Extra storage set');

  // Who has which seat, and what is left of the pool.
  await page.goto('/organisations/HLD01/seats?subscription=69051');
  await expect(row(page, nameOf('Isla'))).toContainText('5 GB collaboration');
  await expect(row(page, 'More room for files')).toHaveCount(0);
  await expect(row(page, 'Collaboration').first()).toContainText('of 500 GB used');
  await sound(page);
  await field(page, 'Subscription').selectOption('69052');
  await page.getByRole('button', { name: 'Show' }).click();
  await expect(row(page, nameOf('Isla'))).toHaveCount(0);

  await page.goto(`${account}/seats`);
  await main(page).getByRole('link', { name: 'Change the seat of Staff (69051)' }).click();
  await goOn(page, page.getByRole('button', { name: 'Revoke seat' }), `Revoke a seat of ${nameOf('Isla')}`);
  await confirm(page, 'Revoke seat', 'Seat revoked');
  await page.goto(account);
  await expect(seats(page)).toContainText('This person has no seat.');
});

test('An account is held with a reason, and released', { tag: '@script' }, async ({ page }) => {
  await beSignedIn(page, 'Grace');
  await newcomer(page, 'Otto');
  const account = new URL(page.url()).pathname;
  await page.getByRole('link', { name: 'Hold account' }).click();
  await expect(heading(page)).toHaveText(`Hold the account of ${nameOf('Otto')}`);
  await sound(page);
  await onward(page).click();
  await expectProblems(page, { 'Why is it held?': 'Say why the account is held.' });
  await field(page, 'Why is it held?').fill('Two records are being merged');
  await goOn(page, onward(page), `Hold the account of ${nameOf('Otto')}`);
  await expect(plan(page)).toContainText('Two records are being merged');
  await confirm(page, 'Hold account', 'Account held');
  await page.goto(account);
  await expect(main(page)).toContainText('This account is held. Grace Lindholm has held it since');
  await expect(main(page)).toContainText('Reason: Two records are being merged');
  await sound(page);
  await goOn(page, page.getByRole('button', { name: 'Release account' }), `Release the account of ${nameOf('Otto')}`);
  await confirm(page, 'Release account', 'Account released');
  await page.goto(account);
  await expect(main(page)).not.toContainText('This account is held.');
});

test('A change file is checked, and its page shows the report', { tag: '@script' }, async ({ page }) => {
  test.slow();
  const name = `${customer}_e2e${mine().number}_PRV_1.csv`;
  drop(
    'check',
    name,
    'EmailAddress,Action,SubscriptionId,GivenName,FamilyName',
    `wenna.${mine().last}@health.example,Add,69052,Wenna,${mine().last}`,
    'tegan.pettigrew@health.example,Update,,,',
    'nobody.here@health.example,Suspend,,,',
  );
  await beSignedIn(page, 'Grace');
  await expect(async () => {
    await page.goto(`/change-files/${customer}`);
    await expect(row(page, name)).toContainText('It was only checked', { timeout: 1_000 });
  }).toPass({ timeout: 60_000 });
  await sound(page);
  await row(page, name).getByRole('link').click();
  await expect(page.locator('.nhsuk-panel')).toContainText('Nothing has been changed. Only checked: 3 rows: ');
  await expect(page.locator('.nhsuk-back-link')).toHaveAttribute('href', `/change-files/${customer}`);
  const report = page.getByRole('table', { name: 'Lines of the report' });
  const line = (address: string) => report.getByRole('row').filter({ hasText: address });
  await expect(line('nobody.here@health.example')).toContainText('Rejected');
  await expect(line('nobody.here@health.example')).toContainText('Suspend');
  await expect(line('tegan.pettigrew@health.example')).toContainText(/Rejected|No change/);
  await sound(page);

  // Nobody was created by looking.
  await page.goto(`/people?words=wenna.${mine().last}`);
  await expect(main(page)).toContainText('No people found.');
});

test('Seats fit a phone', { tag: ['@script-only', '@phone'] }, async ({ page }) => {
  await beSignedIn(page, 'Grace');
  await openAccount(page, 'tegan.pettigrew');
  await expect(seats(page)).toContainText('Staff (69051)');
  await sound(page);
  for (const path of [
    '/customers',
    `/customers/${customer}`,
    '/organisations/HLD01/seats',
    '/subscriptions/69051',
    `/change-files/${customer}`,
    '/help/change-files',
  ]) {
    await page.goto(path);
    await sound(page);
  }
});

test('Administrators elsewhere see nothing of a customer', async ({ page }) => {
  await beSignedIn(page, 'Priya');
  for (const path of [
    '/customers',
    `/customers/${customer}`,
    '/subscriptions/69051',
    '/organisations/HLD01/seats',
    `/change-files/${customer}`,
  ]) {
    expect((await page.request.get(path)).status(), path).toBe(404);
  }
  await page.goto('/people');
  await expect(page.getByRole('link', { name: 'Seats', exact: true })).toHaveCount(0);
});
