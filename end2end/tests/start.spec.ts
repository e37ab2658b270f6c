import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';

import { axe, complaints, noHorizontalScroll } from './support/checks';
import { confirm, field, goOn, heading, linkFromMail, onward } from './support/people';
import { expectEnded, expectTotals, send, staffList, upload } from './support/portal';
import { folder, ports, root, target } from './support/run';
import { type Browser, expect, type Page, test } from './support/test';

// A portal of its own, with nobody in it.
const program = resolve(target, 'debug/server');
const chosen = 'velvet-anchor-58';

test.describe.configure({ mode: 'serial' });

let base: string;
let env: NodeJS.ProcessEnv;
let serving: ChildProcess;

/** Runs one of the operator's commands, and gives back what it prints. */
const command = (...words: string[]) => execFileSync(program, words, { env, cwd: root, encoding: 'utf8' });

/** A window of its own for somebody. */
async function newWindow(browser: Browser): Promise<Page> {
  return browser.newPage({ baseURL: base, javaScriptEnabled: test.info().project.use.javaScriptEnabled });
}

test.beforeAll(async ({ request }) => {
  const port = ports.empty;
  const own = resolve(folder, 'empty');
  rmSync(own, { recursive: true, force: true });
  mkdirSync(own, { recursive: true });
  base = `http://localhost:${port}`;
  env = {
    ...process.env,
    PORTAL_DATABASE_URL: `sqlite://${own}/portal.db?mode=rwc`,
    PORTAL_ADDRESS: `127.0.0.1:${port}`,
    PORTAL_METRICS_ADDRESS: `127.0.0.1:${port + 1}`,
    PORTAL_URL: base,
    PORTAL_MAIL_DOMAIN: 'health.example',
    PORTAL_MAIL_FOLDER: resolve(own, 'mail'),
    PORTAL_DEVELOPMENT: 'true',
    PORTAL_SECOND_FACTOR: 'required',
    PORTAL_FRESH_MINUTES: '120',
    PORTAL_SITE_ROOT: resolve(target, 'site'),
    PORTAL_REQUESTS_PER_MINUTE: '60000',
    PORTAL_REQUESTS_BURST: '2000',
    PORTAL_ADDRESS_REQUESTS_PER_MINUTE: '60000',
    PORTAL_ADDRESS_REQUESTS_BURST: '2000',
  };
  command('migrate');
  serving = spawn(program, ['serve'], { env, cwd: root, stdio: 'ignore' });
  await expect(async () => {
    expect((await request.get(`${base}/readyz`)).status()).toBe(200);
  }).toPass({ timeout: 30_000 });
});
test.afterAll(() => void serving?.kill('SIGTERM'));

/** What an authenticator app shows. */
function code(secret: string): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...secret].map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g)!.map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const hash = createHmac('sha1', key).update(step).digest();
  const at = hash[hash.length - 1] & 15;
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** Chooses a password by the link that is open, and sets a second factor up, which whoever holds a role must. */
async function comeIn(page: Page, first: string) {
  await expect(heading(page)).toHaveText(`Welcome, ${first}`);
  await field(page, 'Password').fill(chosen);
  await page.getByLabel('I accept the use policy').check();
  await page.getByRole('button', { name: 'Choose password and sign in' }).click();
  await expect(heading(page)).toHaveText('Second factor');
  await page.getByRole('link', { name: 'Set up an authenticator app' }).click();
  const secret = (await page.locator('#secret').textContent())!.replaceAll(' ', '');
  await field(page, 'Code of 6 digits').fill(code(secret));
  await page.getByRole('button', { name: 'Set it up' }).click();
  await page.getByRole('link', { name: 'I have saved them: continue' }).click();
  await page.goto('/');
  await expect(heading(page)).toHaveText(`Hello, ${first}`);
}

/** Comes in by the latest letter: a role that somebody is given ends the link that others were shown. */
async function comeInByLetter(page: Page, first: string, address: string) {
  await expect(async () => {
    await page.goto(await linkFromMail(page, address));
    await expect(heading(page)).toHaveText(`Welcome, ${first}`, { timeout: 1_000 });
  }).toPass({ timeout: 60_000 });
  await comeIn(page, first);
}

/** Creates an account and gives it a role. */
async function appoint(page: Page, first: string, last: string, code: string, organisation: string, role: string) {
  await page.goto(`/accounts/new?organisation=${code}`);
  await field(page, 'First name').fill(first);
  await field(page, 'Last name').fill(last);
  await goOn(page, onward(page), `Create ${first} ${last}`);
  await confirm(page, 'Create account', 'Account created');
  await page.goto(`/administrators/new?organisation=${code}`);
  await page.getByLabel(/^E-?mail address$/).fill(`${first}.${last}@health.example`.toLowerCase());
  await field(page, role).check();
  await expect(page.getByLabel('For which organisation?')).toHaveValue(code);
  await page.getByLabel('Why do they need it?').fill('The first of their organisation');
  await goOn(page, onward(page), `Give ${first} ${last} the role ${role} of ${organisation}`);
  await confirm(page, 'Give role', 'Role given');
}

test('An empty portal is set up for real, from the first command to the first upload', async ({ browser }) => {
  test.slow();
  const global = await newWindow(browser);
  const heard = complaints(global);
  for (const path of ['/', '/sign-in']) {
    expect((await global.goto(path))?.status()).toBe(200);
    await expect(heading(global)).toHaveText('This portal is empty');
    await expect(global.getByRole('main')).toContainText('server appoint you@health.example --global --name "First Last"');
  }
  await axe(global);
  await noHorizontalScroll(global);

  const printed = command('appoint', 'ada.bright@health.example', '--global', '--name', 'Ada Bright');
  expect(printed).toContain('Ada Bright is now Global Administrator.');
  await global.goto('/');
  await expect(heading(global)).toHaveText('Sign in');
  await global.goto(printed.match(/http:\S+\/start\/\S+/)![0]);
  await comeIn(global, 'Ada');

  await global.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Organisations' }).click();
  await expect(heading(global)).toHaveText('Organisations');
  await axe(global);
  await global.getByRole('link', { name: 'Import organisations' }).click();
  await axe(global);
  await noHorizontalScroll(global);
  const rows = [
    'Code,Name,ShortName,Parent,Status,Sites,Units',
    'HBR01,Harbour Clinic,,HBR,,,',
    'HBR,Harbour Trust,Harbour,,open,HBRM: Main Building,Medicine; Medicine / Ward 7',
    'HBR02,Lost Clinic,,NONE1,,,',
  ];
  await send(global, 'organisations.csv', rows.join('\n') + '\n');
  await expect(global).toHaveURL(/\/submissions\//, { timeout: 60_000 });
  await expectTotals(global, '1 with problems', '2 to create', '0 to update', '0 no change');
  await expect(global.getByRole('main')).toContainText('There is no organisation “NONE1”, here or in the file.');
  await axe(global);
  await noHorizontalScroll(global);
  await global.getByRole('button', { name: 'Create 2 organisations' }).click();
  await expectEnded(global, '2 organisations created');
  await global.goto('/organisations?words=harbour');
  await global.getByRole('link', { name: 'Harbour Clinic' }).click();
  await expect(heading(global)).toHaveText('HBR01 Harbour Clinic');
  await expect(global.getByRole('main')).toContainText('Harbour Trust (HBR)');
  await axe(global);
  await noHorizontalScroll(global);

  await appoint(global, 'Pia', 'Lodge', 'HBR', 'Harbour Trust', 'Primary Local Administrator');
  expect(heard).toEqual([]);
  await global.close();

  const primary = await newWindow(browser);
  await comeInByLetter(primary, 'Pia', 'pia.lodge@health.example');
  // Organisations are for Global Administrators only.
  await expect(primary.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Organisations' })).toHaveCount(0);
  expect((await primary.goto('/organisations'))?.status()).toBe(404);
  await appoint(primary, 'Lee', 'Arden', 'HBR01', 'Harbour Clinic', 'Local Administrator');
  await primary.close();

  const local = await newWindow(browser);
  await comeInByLetter(local, 'Lee', 'lee.arden@health.example');
  await upload(local, 'staff.csv', staffList('1,HBR01,Jane,Smith,', '2,HBR01,Omar,Rafiq,'));
  await local.getByRole('button', { name: 'Apply 2 changes' }).click();
  await expectEnded(local, '2 accounts created');
  await local.close();
});
