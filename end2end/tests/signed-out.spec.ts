import { expect, type Page, test } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';

import { axe, noHorizontalScroll } from './support/checks';
import { confirm, field, goOn, heading, newAccount, onward } from './support/people';
import { beSignedIn, fillInSignIn, personas, signInByForm } from './support/portal';
import { folder } from './support/run';

// Who is created, and under which local ID: others in each project, since all share one database.
const known: Record<string, { last: string; id: string }> = {
  'desktop-js': { last: 'Thistlewood', id: '9601' },
  'desktop-no-js': { last: 'Underhay', id: '9701' },
};
const own = () => known[test.info().project.name];

/** Lets the session of a page end, as half an hour without a request does. */
async function endSession(page: Page) {
  const cookies = await page.context().cookies();
  const id = Buffer.from(cookies.find(({ name }) => name === 'session')!.value, 'base64url');
  const hash = createHash('sha256').update(id).digest('base64url');
  const sql = `UPDATE session SET expires_at = ${Date.now() - 1_000} WHERE id_hash = '${hash}'; SELECT changes();`;
  const changed = execFileSync('sqlite3', ['-cmd', '.timeout 20000', resolve(folder, 'portal.db'), sql]);
  expect(changed.toString().trim()).toBe('1');
}

const notice = (page: Page) => page.locator('.app-stay');

test('What was typed when the session had ended is there again after signing in', { tag: '@script' }, async ({ page }) => {
  await signInByForm(page, 'Ben');
  await newAccount(page, 'Ada', own().last);
  await endSession(page);
  await field(page, 'Local unique ID').fill(own().id);
  await field(page, 'Department').fill('Wards “7” & <8>');
  await field(page, 'Notes').fill('First line\nsecond line');
  await page.locator('summary').filter({ hasText: 'Role' }).click();
  await field(page, 'Nurse').check();
  await onward(page).click();

  await expect(heading(page)).toHaveText('Sign in');
  await expect(page.getByRole('main')).toContainText('Nothing has been saved yet, and what you typed is kept.');
  await axe(page);
  await fillInSignIn(page, personas.Ben);
  await expect(heading(page)).toHaveText('Create an account');
  await expect(page.getByRole('region', { name: 'You were signed out' })).toContainText('Nothing has been saved yet.');
  await axe(page);
  await noHorizontalScroll(page);
  await expect(field(page, 'First name')).toHaveValue('Ada');
  await expect(field(page, 'Local unique ID')).toHaveValue(own().id);
  await expect(field(page, 'Department')).toHaveValue('Wards “7” & <8>');
  await expect(field(page, 'Notes')).toHaveValue('First line\nsecond line');
  await expect(field(page, 'Nurse')).toBeChecked();
  await goOn(page, onward(page), `Create Ada ${own().last}`);
  await confirm(page, 'Create account', 'Account created');
});

test('Without scripts the notice comes after a time, and its button opens a page of its own', async ({ page }) => {
  await beSignedIn(page, 'Ben');
  await newAccount(page, 'Ada', own().last);
  await expect(notice(page)).toBeHidden();
  const delay = await notice(page).evaluate((element) => {
    const [animation] = element.getAnimations();
    const { delay } = animation.effect!.getTiming();
    animation.finish();
    return delay;
  });
  expect(delay).toBe(28 * 60_000);
  await expect(notice(page)).toBeVisible();
  await axe(page);
  await noHorizontalScroll(page);
  const opened = page.waitForEvent('popup');
  await notice(page).getByRole('button', { name: 'Stay signed in' }).click();
  const tab = await opened;
  await expect(heading(tab)).toHaveText('You are still signed in');
  await axe(tab);
  await tab.close();
  await expect(field(page, 'First name')).toHaveValue('Ada');
});

test('With scripts the notice comes when no other tab has prolonged the session', { tag: '@script-only' }, async ({ page }) => {
  await beSignedIn(page, 'Ben');
  await page.clock.install();
  await newAccount(page, 'Ada', own().last);
  // The server knows of more than this tab.
  const asked = page.waitForResponse('**/stay/left');
  await page.clock.runFor(28 * 60_000);
  await asked;
  await expect(notice(page)).toBeHidden();
  await page.route('**/stay/left', (route) => route.fulfill({ contentType: 'text/plain', body: '110' }));
  await expect(async () => {
    await page.clock.runFor(34 * 60_000);
    await expect(notice(page).getByRole('status')).toHaveText('You will be signed out in 2 minutes if you do nothing.', {
      timeout: 2_000,
    });
  }).toPass();
  await axe(page);
  await page.unroute('**/stay/left');
  await field(page, 'Job title').focus();
  await notice(page).getByRole('button', { name: 'Stay signed in' }).click();
  await expect(notice(page).getByRole('status')).toHaveText('You stay signed in.');
  await expect(field(page, 'Job title')).toBeFocused();
  await page.clock.runFor(3_000);
  await expect(notice(page)).toBeHidden();
  await expect(field(page, 'First name')).toHaveValue('Ada');
});
