import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { mkdirSync } from 'node:fs';

import { axe, complaints, noHorizontalScroll } from './support/checks';
import { beSignedIn, expectEnded, fillInSignIn, signIn, staffList, upload } from './support/portal';
import { practice } from './support/practice';

// Every page, as it looks with something on it. Each leaves a picture in target/end2end/screenshots/<project>.
const folder = new URL('../../target/end2end/screenshots/', import.meta.url).pathname;

const pages: Record<string, (page: Page) => Promise<unknown>> = {
  home: (page) => page.goto('/'),
  uploads: (page) => page.goto('/uploads'),
  'uploads-new': (page) => page.goto('/uploads/new'),
  'uploads-new-failed': async (page) => {
    await page.goto('/uploads/new');
    await page.getByRole('button', { name: 'Upload and check' }).click();
    await expect(page.getByRole('alert')).toBeVisible();
  },
  'uploads-formats': (page) => page.goto('/uploads/formats'),
  'submission-planned': async (page) => {
    await upload(page, 'practice.csv', practice('only looked at').text);
    await expect(page.getByRole('heading', { name: '5 rows have problems' })).toBeVisible();
  },
  'submission-problems': async (page) => {
    await upload(page, 'practice.csv', practice('only looked at').text);
    await page.getByRole('link', { name: '5 with problems' }).click();
  },
  'submission-look-alikes': async (page) => {
    await upload(page, 'look-alikes.csv', staffList(',RIV,Aled,Pritchard,', ',RIV,Oswin,Unlike,', '1041,RIV,,,'));
    await page.getByRole('button', { name: 'Apply' }).click();
    await expect(page.getByRole('alert')).toBeVisible();
  },
  'submission-applied': async (page) => {
    const surname = test.info().project.name.replaceAll('-', '');
    await upload(page, 'applied.csv', staffList(`,RIV,Astrid,${surname},`, '1001,RIV,,,', `,RIV,Bo,${surname},12`));
    await page.getByRole('button', { name: 'Apply 1 change, leave 1 row out' }).click();
    await expectEnded(page, '1 account created');
  },
  'submission-unreadable': async (page) => {
    await upload(page, 'phone-list.csv', 'Name,Surname,Phone\nJane,Smith,01632 960123\n');
    await expect(page.getByRole('heading', { name: 'The file cannot be read' })).toBeVisible();
  },
  people: (page) => page.goto('/people'),
  'people-contacts': (page) => page.goto('/people?kind=contacts'),
  'people-nobody': (page) => page.goto('/people?words=nobody'),
  account: async (page) => {
    await page.goto('/people?words=1041');
    await page.getByRole('link', { name: 'Maddern, Marek' }).click();
  },
  contact: async (page) => {
    await page.goto('/people?kind=contacts&words=adeyemi');
    await page.getByRole('link', { name: 'Adeyemi, Wren' }).click();
  },
  preview: (page) => page.goto('/preview'),
  'not-found': (page) => page.goto('/no/such/page'),
};

const signedOut: Record<string, (page: Page) => Promise<unknown>> = {
  'sign-in': (page) => page.goto('/sign-in'),
  'sign-in-failed': async (page) => {
    await page.goto('/sign-in');
    await fillInSignIn(page, 'somebody@health.example', 'not it');
  },
};

const refused: Record<string, (page: Page) => Promise<unknown>> = {
  'not-allowed': (page) => page.goto('/uploads/new'),
};

/** Chromium complains of every answer that is an error; on these pages it is what is wanted. */
const expected = /the server responded with a status of (403|404|422)/;

// One browser for all, which loads the style sheet and the scripts once.
let context: BrowserContext;

test.beforeAll(async ({ browser }) => {
  mkdirSync(folder + test.info().project.name, { recursive: true });
  context = await browser.newContext();
});
test.afterAll(() => context.close());

test.describe('A page is accessible, fits a narrow screen and runs without complaint:', () => {
  for (const [name, open] of Object.entries({ ...signedOut, ...pages, ...refused })) {
    test(name, async () => {
      const page = await context.newPage();
      const heard = complaints(page);
      if (!(name in signedOut)) await beSignedIn(page, name in refused ? 'Hamid' : 'Ben');
      await open(page);
      await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
      await expect(page).toHaveTitle(/^\S.* – Staffbook$/);
      await page.waitForLoadState();
      await page.screenshot({ path: `${folder}${test.info().project.name}/${name}.png`, fullPage: true, scale: 'css' });
      await axe(page);
      await noHorizontalScroll(page);
      expect.soft(heard.filter((complaint) => !expected.test(complaint)), 'complaints of the browser').toEqual([]);
      await page.close();
    });
  }
});

test('The ways through the portal are at hand on this screen, at a touch', async ({ page }) => {
  await signIn(page, 'Ben');
  const menu = page.getByRole('button', { name: 'Menu' });
  const isNarrow = page.viewportSize()!.width < 700;
  await expect(menu).toBeVisible({ visible: isNarrow });
  if (isNarrow) {
    await expect(page.getByRole('link', { name: 'People', exact: true })).toBeHidden();
    await menu.click();
    await axe(page);
  }
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'People' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('People');
  if (isNarrow) await menu.click();
  await expect(page.getByRole('link', { name: 'People', exact: true })).toHaveAttribute('aria-current', 'page');
});
