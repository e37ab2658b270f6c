import { resolve } from 'node:path';

import { axe, complaints, noHorizontalScroll } from './support/checks';
import { createContact, fillInContact, heading, offerNew, onward, openOffer, surname } from './support/contacts';
import { confirm, field, goOn, linkFromMail, openAccount } from './support/people';
import { beSignedIn, expectEnded, fillInSignIn, personas, send, signIn, staffList, upload } from './support/portal';
import { practice } from './support/practice';
import { folder } from './support/run';
import { type BrowserContext, expect, type Page, test } from './support/test';

// Every page, as it looks with something on it. With PICTURES=yes each leaves a picture of a desktop's screen and one of
// a phone's in target/end2end/screenshots.
const pictures = process.env.PICTURES === 'yes' && resolve(folder, 'screenshots');

async function takePictures(page: Page, name: string) {
  if (!pictures) return;
  const before = page.viewportSize()!;
  for (const [screen, size] of Object.entries({ 'desktop-js': before, 'phone-js': { width: 412, height: 839 } })) {
    await page.setViewportSize(size);
    await page.screenshot({ path: resolve(pictures, screen, `${name}.png`), fullPage: true, scale: 'css' });
  }
  await page.setViewportSize(before);
}

type Pages = Record<string, (page: Page) => Promise<unknown>>;

/** Goes to a page of the account with this local ID. */
const ofAccount = (localId: string, part: string) => async (page: Page) => {
  await openAccount(page, localId);
  await page.goto(new URL(page.url()).pathname + part);
};

/** Goes to a page of a contact of the seeds. */
const ofContact = (part: string) => async (page: Page) => {
  await page.goto('/people?kind=contacts&words=adeyemi');
  await page.getByRole('link', { name: 'Adeyemi, Wren' }).click();
  await page.goto(new URL(page.url()).pathname + part);
};

/** Asks for one thing to be done with the first two of the children's hospital. */
const ofMany = (act: string) => async (page: Page) => {
  await page.goto('/people?organisation=RIV01');
  for (const place of [0, 1]) await page.getByRole('checkbox', { name: /^Select / }).nth(place).check();
  await field(page, 'What should be done?').selectOption(act);
  await onward(page).click();
};

/** Creates an account by the form. */
const create = async (page: Page, first: string) => {
  await page.goto('/accounts/new?organisation=RIV01');
  await field(page, 'First name').fill(first);
  await field(page, 'Last name').fill(surname());
  await goOn(page, onward(page), `Create ${first} ${surname()}`);
  await confirm(page, 'Create account', 'Account created');
};

/** Creates an account and gives back the one-time link in its letter, which is open then; nobody is signed in. */
const invite = async (page: Page, first: string): Promise<string> => {
  await beSignedIn(page, 'Ben');
  await create(page, first);
  await page.context().clearCookies();
  return linkFromMail(page, `${first}.${surname()}@health.example`.toLowerCase());
};

/** Sends a form as it is, which is not enough. */
const unfinished = (path: string) => async (page: Page) => {
  await page.goto(path);
  await onward(page).click();
  await expect(page.getByRole('alert')).toBeVisible();
};

const pages: Pages = {
  home: (page) => page.goto('/'),
  uploads: (page) => page.goto('/uploads'),
  stay: (page) => page.goto('/stay'),
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
    await upload(page, 'look-alikes.csv', staffList(',RIV,Aled,Pritchard,', ',RIV,Oswin,Unlike,', '1041,RIV,,,07700900141'));
    await page.getByRole('button', { name: 'Apply' }).click();
    await expect(page.getByRole('alert')).toBeVisible();
  },
  'submission-applied': async (page) => {
    const surname = test.info().project.name.replaceAll('-', '');
    await upload(page, 'applied.csv', staffList(`,RIV,Astrid,${surname},`, '1001,RIV,,,', `,RIV,Bo,${surname},12`));
    await page.getByRole('button', { name: 'Apply 1 change' }).click();
    await expectEnded(page, '1 account created');
  },
  'submission-unreadable': async (page) => {
    await upload(page, 'phone-list.csv', 'Name,Surname,Phone\nJane,Smith,01632 960123\n');
    await expect(page.getByRole('heading', { name: 'Say what the columns of this file hold' })).toBeVisible();
  },
  people: (page) => page.goto('/people'),
  'people-filters': (page) =>
    page.goto('/people?words=a&status=Active+Leaver+Pending&columns=unit+telephone+mobile+status+leaving&sort=status'),
  'people-contacts': (page) => page.goto('/people?kind=contacts'),
  'people-nobody': (page) => page.goto('/people?words=nobody'),
  'people-many-unsaid': async (page) => {
    await page.goto('/people?organisation=RIV01');
    await onward(page).click();
    await expect(page.getByRole('alert')).toBeVisible();
  },
  'people-actions': ofMany('Mark as leaver'),
  'people-actions-where': ofMany('Transfer to another organisation'),
  'people-actions-place': async (page) => {
    await ofMany('Transfer to another organisation')(page);
    await field(page, 'To which organisation?').selectOption('Riverside Hospitals Trust (RIV)');
    await onward(page).click();
    await expect(field(page, 'Organisational unit')).toBeVisible();
  },
  'people-actions-nobody': (page) => page.goto('/people/actions'),
  'people-actions-planned': async (page) => {
    await ofMany('Disable')(page);
    await field(page, 'Reason').fill('only looked at');
    await onward(page).click();
    await expect(heading(page)).toContainText('Check before it is done');
  },
  'people-upcoming': (page) => page.goto('/people/upcoming?days=90'),

  'account-active': (page) => openAccount(page, '1036'),
  'account-disabled': (page) => openAccount(page, '1041'),
  'account-leaver': (page) => openAccount(page, '1042'),
  'account-deleted': (page) => openAccount(page, '1043'),
  'account-locked': (page) => openAccount(page, '1044'),
  'account-pending': (page) => openAccount(page, '2021'),
  'accounts-new': (page) => page.goto('/accounts/new'),
  'accounts-new-form': (page) => page.goto('/accounts/new?organisation=RIV'),
  'accounts-new-failed': unfinished('/accounts/new?organisation=RIV01'),
  'accounts-new-done': (page) => create(page, 'Ysolde'),
  'account-edit': ofAccount('1036', '/edit'),
  'account-edit-planned': async (page) => {
    await ofAccount('1036', '/edit')(page);
    await field(page, 'Job title').fill('Somebody who is only looked at');
    await onward(page).click();
    await expect(heading(page)).toContainText('Check before it is done');
  },
  'account-to-disable': ofAccount('1036', '/absence'),
  'account-to-leave': ofAccount('1036', '/leaver'),
  'account-transfer': ofAccount('1036', '/transfer'),
  'account-transfer-place': ofAccount('1036', '/transfer?organisation=RIV01'),
  'joiners-new': (page) => page.goto('/joiners/new'),
  'joiners-new-whom': (page) => page.goto('/joiners/new?organisation=RIV01'),
  'joiners-new-failed': unfinished('/joiners/new?organisation=RIV01'),

  contact: ofContact(''),
  'contacts-new': (page) => page.goto('/contacts/new'),
  'contacts-new-failed': unfinished('/contacts/new?organisation=RIV'),
  'contacts-new-planned': async (page) => {
    await fillInContact(page, 'Zebedee');
    await goOn(page, onward(page), `Create Zebedee ${surname()}`);
  },
  'contacts-new-refused': async (page) => {
    await fillInContact(page, 'Zenobia');
    await onward(page).click();
    await page.getByRole('button', { name: 'Make no changes' }).click();
    await expect(heading(page)).toHaveText(`Not done Create Zenobia ${surname()}`);
  },
  'contacts-new-done': (page) => createContact(page, 'Zachary'),
  'contact-edit': ofContact('/edit'),
  'contact-transfer': ofContact('/transfer'),
  'contact-transfer-failed': async (page) => {
    await ofContact('/transfer')(page);
    await page.getByRole('radio', { name: 'An organisation that I do not manage' }).check();
    await field(page, 'Its ODS code').fill('NOBODY');
    await onward(page).click();
    await expect(page.getByRole('alert')).toBeVisible();
  },
  'contact-transfer-place': ofContact('/transfer?organisation=RIV01'),
  offers: async (page) => {
    await offerNew(page, 'Zillah', 'Gwen', 'G7H8J', 'Ben', 'RIV');
    await page.goto('/offers');
  },
  offer: async (page) => {
    await offerNew(page, 'Zuleika', 'Gwen', 'G7H8J', 'Ben', 'RIV');
    await openOffer(page, 'Zuleika');
  },

  directory: (page) => page.goto('/directory'),
  'directory-found': (page) => page.goto('/directory?words=zo'),
  entry: async (page) => {
    await page.goto('/directory?words=ashcombe');
    await page.getByRole('link', { name: 'Gwen Ashcombe' }).click();
  },
  'organisation-history': (page) => page.goto('/organisations/RIV01/history'),
  proposals: (page) => page.goto('/proposals'),
  'proposals-none': (page) => page.goto('/proposals?kind=edit-contact'),
  'contact-own': (page) => page.goto('/contact'),
  me: (page) => page.goto('/me'),
  'me-failed': async (page) => {
    await page.goto('/me');
    await field(page, 'Mobile').fill('12');
    await page.getByRole('button', { name: 'Save your details' }).click();
    await expect(page.getByRole('alert')).toBeVisible();
  },
  'me-password': (page) => page.goto('/me/password'),
  'me-password-failed': async (page) => {
    await page.goto('/me/password');
    await page.getByRole('button', { name: 'Change password' }).click();
    await expect(page.getByRole('alert')).toBeVisible();
  },
  preview: (page) => page.goto('/preview'),
  'not-found': (page) => page.goto('/no/such/page'),
};

const signedOut: Pages = {
  'sign-in': (page) => page.goto('/sign-in'),
  help: (page) => page.goto('/help'),
  'help-sync': (page) => page.goto('/help/sync'),
  'help-email': (page) => page.goto('/help/email'),
  'help-change-files': (page) => page.goto('/help/change-files'),
  'rename-spent': async (page) => {
    await page.goto('/rename/no-such-token');
    await expect(heading(page)).toHaveText('This link no longer works');
  },
  'contact-signed-out': (page) => page.goto('/contact'),
  privacy: (page) => page.goto('/privacy'),
  accessibility: (page) => page.goto('/accessibility'),
  'password-reset': (page) => page.goto('/password-reset'),
  activate: (page) => page.goto('/activate'),
  'password-reset-sent': (page) => page.goto('/password-reset?sent=yes'),
  'sign-in-failed': async (page) => {
    await page.goto('/sign-in');
    await fillInSignIn(page, 'somebody@health.example', 'not it');
  },
  start: async (page) => {
    await page.goto(await invite(page, 'Yorick'));
    await expect(heading(page)).toHaveText('Welcome, Yorick');
  },
  'start-failed': async (page) => {
    await page.goto(await invite(page, 'Yolanda'));
    await page.getByRole('button', { name: 'Choose password and sign in' }).click();
    await expect(page.getByRole('alert')).toBeVisible();
  },
  'start-spent': async (page) => {
    await page.goto('/start/no-such-token');
    await expect(heading(page)).toHaveText('This link no longer works');
  },
  mail: (page) => page.goto('/mail'),
  letter: async (page) => {
    await invite(page, 'Yseult');
    await expect(heading(page)).toHaveText('Activate your account');
  },
};

/** What Primary Local Administrators see besides. */
const administration: Pages = {
  administrators: (page) => page.goto('/administrators'),
  tokens: (page) => page.goto('/tokens'),
  'administrators-new': (page) => page.goto('/administrators/new'),
  'administrators-new-failed': unfinished('/administrators/new'),
  'administrators-new-planned': async (page) => {
    await page.goto('/administrators/new');
    await field(page, 'Email address').fill(personas.Hamid);
    await field(page, 'Connector').check();
    await page.getByLabel('API', { exact: true }).check();
    await page.getByLabel('For which organisation?').selectOption('RIV');
    await page.getByLabel('Why do they need it?').fill('Sends the staff list from payroll');
    await goOn(page, onward(page), 'Give Hamid Noorzai the role Connector of Riverside Hospitals Trust');
  },
  grant: async (page) => {
    await page.goto('/administrators?role=local-helpdesk');
    await page.getByRole('row').filter({ hasText: 'Hamid Noorzai' }).getByRole('link', { name: /^Revoke/ }).click();
  },
  audit: (page) => page.goto('/audit'),
  'audit-nothing': (page) => page.goto('/audit?who=nobody+at+all'),
  'me-tokens': (page) => page.goto('/me/tokens'),
  'me-sessions': (page) => page.goto('/me/sessions'),
  'me-second-factor': (page) => page.goto('/me/second-factor'),
  'me-second-factor-app': (page) => page.goto('/me/second-factor/app'),
  'sign-in-again': (page) => page.goto('/sign-in/again'),
};

/** What Global Administrators see besides. */
const federation: Pages = {
  organisations: (page) => page.goto('/organisations'),
  'organisations-none': (page) => page.goto('/organisations?words=nowhere'),
  organisation: (page) => page.goto('/organisations/RIV'),
  customers: (page) => page.goto('/customers'),
  customer: (page) => page.goto('/customers/30020506'),
  'customers-new': (page) => page.goto('/customers/new'),
  'customers-new-failed': unfinished('/customers/new'),
  'customer-edit': (page) => page.goto('/customers/30020506/edit'),
  'customer-edit-planned': async (page) => {
    await page.goto('/customers/30020506/edit');
    await field(page, 'Mail domains that it owns').fill('hillside.example\nonly-looked-at.example');
    await goOn(page, onward(page), 'Change customer 30020506');
  },
  'subscriptions-new': (page) => page.goto('/customers/30020506/subscriptions/new'),
  'subscriptions-new-failed': unfinished('/customers/30020506/subscriptions/new'),
  subscription: (page) => page.goto('/subscriptions/69051'),
  'subscription-edit': (page) => page.goto('/subscriptions/69051/edit'),
  'change-files': (page) => page.goto('/change-files/30020506'),
  seats: (page) => page.goto('/organisations/HLD01/seats'),
  'account-with-seats': (page) => openAccount(page, 'tegan.pettigrew'),
  'account-seats': async (page) => {
    await openAccount(page, 'tegan.pettigrew');
    await page.getByRole('link', { name: 'Change seats' }).click();
  },
  'account-seat': async (page) => {
    await openAccount(page, 'tegan.pettigrew');
    await page.getByRole('link', { name: 'Change seats' }).click();
    await page.getByRole('link', { name: /^Change the seat/ }).click();
  },
  'account-hold': async (page) => {
    await openAccount(page, 'tegan.pettigrew');
    await page.getByRole('link', { name: 'Hold account' }).click();
  },
  'connectors-email': (page) => page.goto('/connectors/email'),
  'connectors-email-set-aside': (page) => page.goto('/connectors/email/set-aside'),
  'organisation-imports-new': (page) => page.goto('/organisation-imports/new'),
  'organisation-imports-new-failed': async (page) => {
    await page.goto('/organisation-imports/new');
    await page.getByRole('button', { name: 'Upload and check' }).click();
    await expect(page.getByRole('alert')).toBeVisible();
  },
  'organisation-import-planned': async (page) => {
    await page.goto('/organisation-imports/new');
    const rows = ['Code,Name,Parent,Sites', 'LOOK1,Only looked at,RIV,LK1: Main Building', 'RIV,Another name,,', 'LOOK2,Lost,NONE1,'];
    await send(page, 'organisations.csv', rows.join('\n') + '\n');
    await expect(page.getByRole('heading', { name: '1 row has problems' })).toBeVisible({ timeout: 60_000 });
  },
};

const refused: Pages = {
  'not-allowed': (page) => page.goto('/uploads/new'),
};

/** Chromium complains of every answer that is an error; on these pages it is what is wanted. */
const expected = /the server responded with a status of (403|404|422)/;

// One browser for all, which loads the style sheet and the scripts once.
let context: BrowserContext;

test.beforeAll(async ({ browser }) => {
  context = await browser.newContext();
});
test.afterAll(() => context.close());

test.describe('A page is accessible, fits a narrow screen and runs without complaint:', { tag: '@script-only' }, () => {
  test.describe.configure({ mode: 'parallel' });
  for (const [name, open] of Object.entries({ ...signedOut, ...pages, ...administration, ...federation, ...refused })) {
    test(name, async () => {
      const page = await context.newPage();
      const heard = complaints(page);
      if (name in refused) await beSignedIn(page, 'Hamid');
      else if (name in administration) await beSignedIn(page, 'Priya');
      else if (name in federation) await beSignedIn(page, 'Grace');
      else if (!(name in signedOut)) await beSignedIn(page, 'Ben');
      await open(page);
      await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
      await expect(page).toHaveTitle(/^\S.* – Staffbook$/);
      await page.waitForLoadState();
      await takePictures(page, name);
      await axe(page);
      await noHorizontalScroll(page);
      expect.soft(heard.filter((complaint) => !expected.test(complaint)), 'complaints of the browser').toEqual([]);
      await page.close();
    });
  }
});

test('On paper a list has its people, and nothing that only a screen can do', { tag: '@script-only' }, async ({ page }) => {
  await signIn(page, 'Ben');
  await page.goto('/people?status=active');
  await expect(page.getByText('Filters: Active')).toBeHidden();
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('rowheader').first()).toBeVisible();
  await expect(page.getByText('Filters: Active')).toBeVisible();
  for (const act of [/^Go to the actions/, /^Download/, 'Automatic changes']) {
    await expect(page.getByText(act).filter({ visible: true })).toHaveCount(0);
  }
  await expect(page.locator('button, input, select, textarea, nav, footer').filter({ visible: true })).toHaveCount(0);
  await page.emulateMedia({ media: 'screen' });
});

test('The ways through the portal are at hand on this screen, at a touch', { tag: ['@script-only', '@phone'] }, async ({ page }) => {
  await signIn(page, 'Ben');
  const menu = page.getByRole('button', { name: 'Menu' });
  const isNarrow = page.viewportSize()!.width < 700;
  await expect(menu).toBeVisible({ visible: isNarrow });
  // The page is as wide as the screen, not a desktop's page made small.
  expect(await page.evaluate(() => document.documentElement.clientWidth)).toBe(page.viewportSize()!.width);
  if (isNarrow) {
    await expect(page.getByRole('link', { name: 'People', exact: true })).toBeHidden();
    await menu.click();
    await axe(page);
  }
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'People' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('People');
  await axe(page);
  if (isNarrow) await menu.click();
  await expect(page.getByRole('link', { name: 'People', exact: true })).toHaveAttribute('aria-current', 'page');
});
