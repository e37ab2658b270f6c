import { type Download, expect, type Locator, type Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import { folder } from './run';

/** Everybody there is to sign in as; what each may do is told in server/demo/src/lib.rs. */
export const personas = {
  Ben: 'ben.cartwright@health.example',
  Priya: 'priya.ramanathan@health.example',
  Gwen: 'gwen.ashcombe@health.example',
  Hamid: 'hamid.noorzai@health.example',
  Aled: 'aled.pritchard@health.example',
  Grace: 'grace.lindholm@health.example',
  Una: 'una.mossley@health.example',
};

export type Persona = keyof typeof personas;

export const password = process.env.SEED_PASSWORD ?? 'correct horse battery';

/** Fills in the sign-in form, wherever it is shown. */
export async function fillInSignIn(page: Page, address: string, secret = password) {
  await page.getByLabel('Email address').fill(address);
  await page.getByLabel('Password').fill(secret);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Signs in by the form and arrives on the first page. */
export async function signInByForm(page: Page, persona: Persona) {
  await page.goto('/sign-in');
  await fillInSignIn(page, personas[persona]);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Hello, ${persona}`);
}

/** Where the session is kept that personas.setup.ts begins for somebody. */
export const sessionOf = (persona: Persona) => resolve(folder, 'sessions', `${persona}.json`);

/**
 * Is signed in, by the one session that all tests share. A test that ends sessions, or is about signing in, begins one of
 * its own by the form.
 */
export async function beSignedIn(page: Page, persona: Persona) {
  await page.context().clearCookies();
  await page.context().addCookies(JSON.parse(await readFile(sessionOf(persona), 'utf8')).cookies);
}

/** Is signed in and arrives on the first page. */
export async function signIn(page: Page, persona: Persona) {
  await beSignedIn(page, persona);
  await page.goto('/');
}

/** Chooses a file in the form of the page that is open, and sends it. */
export async function send(page: Page, name: string, content: string | Buffer) {
  const buffer = Buffer.from(content);
  await page.locator('#file').setInputFiles({ name, mimeType: 'text/csv', buffer });
  await page.getByRole('button', { name: 'Upload and check' }).click();
}

/** Goes to the form for a new file and sends one. */
export async function upload(page: Page, name: string, content: string | Buffer) {
  await page.goto('/uploads/new');
  await send(page, name, content);
  // Where there are scripts, they send it, and go on to its page when it is there.
  await expect(page).toHaveURL(/\/submissions\//, { timeout: 60_000 });
}

/** A small file in the new format; each row is `LocalID,ODSCode,FirstName,LastName,Mobile`. */
export function staffList(...rows: string[]): string {
  return ['LocalID,ODSCode,FirstName,LastName,Mobile', ...rows].join('\n') + '\n';
}

/** What became of the upload; waits for the page to get there by itself, or by its refresh. */
export async function expectEnded(page: Page, sum: string) {
  const panel = page.locator('.nhsuk-panel');
  await expect(panel.getByRole('heading', { name: 'Applied' })).toBeVisible({ timeout: 60_000 });
  await expect(panel).toContainText(sum);
}

/** The totals of the upload that is shown, in the order of the tiles. */
export async function expectTotals(page: Page, ...totals: string[]) {
  await expect(page.locator('.app-totals__item')).toHaveText(totals);
}

/** Follows a link that hands out a file. */
export async function download(page: Page, link: Locator): Promise<{ name: string; text: string }> {
  const [file] = await Promise.all([page.waitForEvent('download'), link.click()]);
  return { name: file.suggestedFilename(), text: await readFile(await (file as Download).path(), 'utf8') };
}
