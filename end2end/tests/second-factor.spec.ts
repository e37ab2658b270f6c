import { createHmac } from 'node:crypto';

import { axe, complaints, noHorizontalScroll } from './support/checks';
import { confirm, expectProblems, field, goOn, heading, openAccount, standing } from './support/people';
import { beSignedIn, expectEnded, fillInSignIn, upload } from './support/portal';
import { expect, type Page, test } from './support/test';

// Whose second factor it is: others in each project, since all share one database.
const known: Record<string, { last: string; ids: string }> = {
  'desktop-js': { last: 'Penhaligon', ids: '83' },
  'desktop-no-js': { last: 'Rookwood', ids: '84' },
};
const own = () => known[test.info().project.name];
const address = () => `tamsin.${own().last}@health.example`.toLowerCase();
const [given, chosen] = ['given-for-once-6', 'velvet-anchor-58'];

/** What an authenticator app shows; `later` is in steps of 30 seconds. */
function code(secret: string, later = 0): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...secret].map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g)!.map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + later));
  const hash = createHmac('sha1', key).update(step).digest();
  const at = hash[hash.length - 1] & 15;
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

async function enter(page: Page) {
  await page.goto('/sign-in');
  await fillInSignIn(page, address(), chosen);
}

async function enterCode(page: Page, code: string) {
  await field(page, 'Code').fill(code);
  await page.getByRole('main').getByRole('button', { name: 'Continue' }).click();
}

// Each test goes on where the one before it ended, in one browser, as its person does.
test.describe.configure({ mode: 'serial' });

let page: Page;
let secret: string;
let usedCode: string;
let codes: string[];

test.beforeAll(async ({ browser }) => {
  const ben = await browser.newPage();
  await beSignedIn(ben, 'Ben');
  const rows = [
    ['LocalID', 'ODSCode', 'FirstName', 'LastName', 'JobTitle', 'Password'],
    [`${own().ids}01`, 'RIV01', 'Tamsin', own().last, 'Porter', given],
  ];
  await upload(ben, 'newcomer.csv', rows.map((row) => row.join(',') + '\n').join(''));
  await ben.getByRole('button', { name: 'Apply 1 change' }).click();
  await expectEnded(ben, '1 account created');
  await ben.close();
  page = await browser.newPage();
  await page.goto('/sign-in');
  await fillInSignIn(page, address(), given);
  await field(page, 'New password').fill(chosen);
  await page.getByRole('button', { name: 'Choose password and continue' }).click();
  await expect(heading(page)).toHaveText('Hello, Tamsin');
});
test.afterAll(() => page.close());

test('An authenticator app is set up by its first code, and recovery codes are shown once', { tag: '@script' }, async () => {
  const heard = complaints(page);
  await page.goto('/me');
  await page.getByRole('main').getByRole('link', { name: 'Second factor' }).click();
  await expect(heading(page)).toHaveText('Second factor');
  await axe(page);
  await page.getByRole('link', { name: 'Set up an authenticator app' }).click();
  await expect(page.getByRole('img', { name: 'A QR code' })).toBeVisible();
  await axe(page);
  await noHorizontalScroll(page);
  secret = (await page.locator('#secret').textContent())!.replaceAll(' ', '');
  await field(page, 'Code of 6 digits').fill('12');
  await page.getByRole('button', { name: 'Set it up' }).click();
  await expectProblems(page, {
    'Code of 6 digits':
      'This is not the code that the app should show now. Wait for the next one, and check that the clock of your phone is right.',
  });
  usedCode = code(secret);
  await field(page, 'Code of 6 digits').fill(usedCode);
  await field(page, 'Name, so that you recognise it').first().fill('My phone');
  await page.getByRole('button', { name: 'Set it up' }).click();
  const shown = page.getByRole('region', { name: 'Your recovery codes' }).locator('code');
  await expect(shown).toHaveCount(10);
  codes = await shown.allTextContents();
  await axe(page);
  await noHorizontalScroll(page);
  await page.getByRole('link', { name: 'I have saved them: continue' }).click();
  await page.goto('/me/second-factor');
  await expect(page.getByRole('heading', { name: 'My phone' })).toBeVisible();
  await expect(page.getByRole('main')).not.toContainText(codes[0]);
  // A form with what is wrong in it is answered with 422, which the browser mentions.
  expect(heard.filter((line) => !line.includes('422'))).toEqual([]);
});

test('It is asked for after the password, and each code lets in once', async ({ browser }) => {
  const other = await browser.newPage();
  await other.goto('/directory');
  await fillInSignIn(other, address(), chosen);
  await expect(heading(other)).toHaveText('Enter your code');
  await axe(other);
  await noHorizontalScroll(other);
  await enterCode(other, usedCode);
  await expectProblems(other, { Code: 'This code is not right, or was used before. Wait for the next one, and enter that.' });
  await enterCode(other, code(secret, 1));
  await expect(heading(other)).toHaveText('Directory');
  await other.context().clearCookies();
  await enter(other);
  await enterCode(other, codes[0]);
  await expect(heading(other)).toHaveText('Hello, Tamsin');
  await other.goto('/me/second-factor');
  await expect(other.getByRole('main')).toContainText('You have 9 recovery codes left.');
  await other.close();
});

test('One sees where one is signed in, and ends what one does not know', async ({ browser }) => {
  const other = await browser.newPage();
  await enter(other);
  await enterCode(other, codes[1]);
  await expect(heading(other)).toHaveText('Hello, Tamsin');
  await page.goto('/me');
  await page.getByRole('link', { name: 'Where you are signed in' }).click();
  const rows = page.getByRole('table').locator('tbody tr');
  await expect(rows.filter({ hasText: 'This one' })).toContainText('Chrome on');
  await expect(rows.first()).toContainText('127.0.0.1');
  await axe(page);
  await noHorizontalScroll(page);
  while (await rows.getByRole('button').count()) {
    const before = await rows.count();
    await rows.getByRole('button').first().click();
    await expect(rows).toHaveCount(before - 1);
  }
  await other.goto('/me');
  await expect(heading(other)).toHaveText('Sign in');
  await other.close();
});

test('A passkey takes the place of a code, where there are scripts', { tag: '@script' }, async ({ browser, javaScriptEnabled }) => {
  const form = page.getByRole('button', { name: 'Set up a passkey' });
  await page.goto('/me/second-factor');
  if (javaScriptEnabled === false) {
    await expect(form).toBeHidden();
    return;
  }
  const other = await browser.newPage();
  for (const tab of [page, other]) {
    const devices = await tab.context().newCDPSession(tab);
    await devices.send('WebAuthn.enable');
    await devices.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
  }
  await axe(page);
  await field(page, 'Name, so that you recognise it').fill('My laptop');
  await form.click();
  await expect(page.getByRole('heading', { name: 'My laptop' })).toBeVisible();
  await page.context().clearCookies();
  await enter(page);
  await axe(page);
  await page.getByRole('button', { name: 'Use your passkey' }).click();
  await expect(heading(page)).toHaveText('Hello, Tamsin');
  // Whoever has a factor shows by it again that it is them; a password is not asked for.
  await page.goto('/sign-in/again?next=/me');
  await expect(page.getByLabel('Password', { exact: true })).toHaveCount(0);
  await axe(page);
  await page.getByRole('button', { name: 'Use your passkey' }).click();
  await expect(heading(page)).toHaveText('Your record');
  // Another device does not have it.
  await enter(other);
  await other.getByRole('button', { name: 'Use your passkey' }).click();
  await expectProblems(other, { Code: 'Your browser did not use a passkey. Try again, or enter a code.' });
  await other.close();
});

test('Whoever has lost their phone asks the helpdesk to reset it', async ({ browser }) => {
  const hamid = await browser.newPage();
  await beSignedIn(hamid, 'Hamid');
  await openAccount(hamid, `${own().ids}01`);
  const reset = standing(hamid).getByRole('button', { name: 'Reset second factor' });
  await goOn(hamid, reset, `Reset the second factor of Tamsin ${own().last}`);
  await axe(hamid);
  await confirm(hamid, 'Reset second factor', 'Second factor reset');
  await openAccount(hamid, `${own().ids}01`);
  await expect(reset).toHaveCount(0);
  await hamid.close();
  await page.goto('/me');
  await expect(heading(page)).toHaveText('Sign in');
  await enter(page);
  await expect(heading(page)).toHaveText('Hello, Tamsin');
});
