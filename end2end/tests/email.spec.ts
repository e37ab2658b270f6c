import { axe, complaints, noHorizontalScroll } from './support/checks';
import { deliver, inbox, openLetter } from './support/mail';
import { confirm, field, goOn, heading, linkFromMail, onward, plan } from './support/people';
import { beSignedIn, download, expectEnded, personas, staffList } from './support/portal';
import { type Browser, expect, type Page, test } from './support/test';

// People whom no other test knows, in the children's hospital.
const last = 'Tregenza';
const addressOf = (first: string) => `${first}.${last}@health.example`.toLowerCase();
const main = (page: Page) => page.getByRole('main');
const row = (page: Page, words: string) => page.getByRole('row').filter({ hasText: words });
// As serve-for-tests.sh sets it.
const waits = /Waiting for the run at 11:59[ap]m/;

/** Somebody new is made a Connector who sends files by email, and is signed in in a window of their own. */
async function connector(page: Page, browser: Browser, first: string): Promise<Page> {
  const own = await browser.newPage({ javaScriptEnabled: test.info().project.use.javaScriptEnabled });
  await beSignedIn(own, 'Ben');
  await own.goto('/accounts/new?organisation=RIV01');
  await field(own, 'First name').fill(first);
  await field(own, 'Last name').fill(last);
  await goOn(own, onward(own), `Create ${first} ${last}`);
  await confirm(own, 'Create account', 'Account created');
  await own.context().clearCookies();
  await own.goto(await linkFromMail(own, addressOf(first)));
  await field(own, 'Password').fill('copper-lantern-meadow');
  await field(own, 'I accept the use policy').check();
  await own.getByRole('button', { name: 'Choose password and sign in' }).click();
  await expect(heading(own)).toHaveText(`Hello, ${first}`);

  await beSignedIn(page, 'Priya');
  await page.goto('/administrators/new');
  await field(page, 'Email address').fill(addressOf(first));
  await field(page, 'Connector').check();
  await page.getByLabel('Email', { exact: true }).check();
  await page.getByLabel('For which organisation?').selectOption('RIV01');
  await page.getByLabel('Why do they need it?').fill('Sends the staff list every Monday');
  await goOn(page, onward(page), `Give ${first} ${last} the role Connector of Riverside Children’s Hospital`);
  await expect(plan(page)).toContainText('create and change accounts through: email');
  await confirm(page, 'Give role', 'Role given');
  return own;
}

/** Loads the page again until a line of a table says what is expected of it. */
async function untilRow(page: Page, name: string, words: string | RegExp) {
  await expect(async () => {
    await page.reload();
    await expect(row(page, name).first()).toContainText(words, { timeout: 1_000 });
  }).toPass({ timeout: 60_000 });
}

test('A file by email is withdrawn before the run, sent again, and applied by it', async ({ page, browser }) => {
  test.slow();
  const heard = complaints(page);
  const own = await connector(page, browser, 'Demelza');
  const from = addressOf('Demelza');
  const mail = (name: string, ...rows: string[]) => deliver({ from, login: from, name, content: staffList(...rows) });

  // The connector reads where to send it.
  await own.goto('/');
  await main(own).getByRole('link', { name: 'What you send as a Connector' }).click();
  await expect(heading(own)).toHaveText('Your files by email');
  await expect(main(own).getByRole('link', { name: inbox })).toBeVisible();
  await expect(main(own)).toContainText('No file has come by email yet.');
  await axe(own);
  await noHorizontalScroll(own);

  // The receipt is the preview, and the file waits.
  mail('ward list.csv', `,RIV01,Jory,${last},`);
  await openLetter(page, from, 'Your file was received and checked');
  await expect(main(page)).toContainText('create 1 account');
  await untilRow(own, 'ward list.csv', waits);
  await axe(own);
  await noHorizontalScroll(own);
  await own.goto('/');
  await own.getByRole('region', { name: 'To do' }).getByRole('link', { name: 'Your file waits for the run: ward list.csv' }).click();
  await expect(heading(own)).toContainText('ward list.csv');
  await expect(main(own)).toContainText(`It came by email from Demelza ${last}`);
  await axe(own);
  await noHorizontalScroll(own);

  // Its sender withdraws it.
  await main(own).locator('summary').filter({ hasText: 'Withdraw this file' }).click();
  await main(own).getByRole('button', { name: 'Yes, withdraw this file' }).click();
  await expect(main(own)).toContainText('No run uses it.');
  await axe(own);
  await noHorizontalScroll(own);

  // Another one has a row with a problem. An administrator could apply it now, and the run does.
  mail('ward list 2.csv', `,RIV01,Jory,${last},`, `,RIV01,Kensa,${last},12`);
  await own.goto('/me/tokens');
  await untilRow(own, 'ward list 2.csv', waits);
  await row(own, 'ward list 2.csv').getByRole('link').first().click();
  const submission = own.url();
  await beSignedIn(page, 'Ben');
  await page.goto(submission);
  await expect(main(page).getByRole('button', { name: 'Apply 1 change now' })).toBeVisible();
  await axe(page);
  await noHorizontalScroll(page);

  await beSignedIn(page, 'Grace');
  await page.goto('/administrators');
  await main(page).getByRole('link', { name: 'Files by email' }).click();
  await expect(heading(page)).toHaveText('Files by email');
  await axe(page);
  await noHorizontalScroll(page);
  const run = main(page).getByRole('button', { name: 'Run now' });
  await run.click();
  await expect(page.getByRole('alert')).toContainText('Type the number of files that you see above the field.');
  await axe(page);
  const [, number] = (await main(page).textContent())!.match(/type the number (\d+)/)!;
  await field(page, 'How many files should be applied now?').fill(number);
  await run.click();
  await expect(page.getByRole('alert')).toContainText('The run has begun.');
  await axe(page);

  // What came of it stands in a letter and on the file's page.
  await openLetter(page, from, 'Your file was applied');
  await own.goto(submission);
  await expectEnded(own, '1 account created, 0 accounts updated, 1 row rejected');
  await expect(main(own)).toContainText('Send the corrected file to');
  await axe(own);
  await noHorizontalScroll(own);
  await beSignedIn(page, 'Priya');
  await page.goto('/administrators?role=connector');
  await row(page, `Demelza ${last}`).getByRole('link', { name: 'Connector', exact: true }).click();
  await expect(row(page, 'ward list 2.csv').first()).toContainText('Applied');
  await axe(page);
  await noHorizontalScroll(page);
  await own.close();
  expect(heard.filter((line) => !line.includes('422'))).toEqual([]);
});

test('With a key, a file is taken only by the address that has it', async ({ page, browser }) => {
  test.slow();
  const own = await connector(page, browser, 'Lowena');
  const from = addressOf('Lowena');
  const content = staffList(`,RIV01,Merryn,${last},`);
  await own.goto('/me/tokens');
  await main(own).getByRole('button', { name: 'Make an address key' }).click();
  const once = own.getByRole('region', { name: 'Copy your address with its key now' });
  const address = await once.getByLabel('Send files to').inputValue();
  expect(address).toMatch(/^connector\.data\+.+@health\.example$/);
  await axe(own);
  await noHorizontalScroll(own);

  deliver({ from, login: from, name: 'without.csv', content });
  await openLetter(page, from, 'Your email was not processed');
  await expect(main(page)).toContainText('Your email does not have your key.');
  deliver({ from, login: from, to: address, name: 'with.csv', content });
  await own.goto('/me/tokens');
  await untilRow(own, 'with.csv', waits);
  await expect(main(own)).toContainText('Your email does not have your key.');
  await expect(main(own)).not.toContainText(address);
  await axe(own);
  await noHorizontalScroll(own);

  await main(own).getByRole('button', { name: 'Remove key' }).click();
  await expect(own.getByRole('alert')).toContainText('The key is removed.');
  await expect(main(own).getByRole('button', { name: 'Remove key' })).toHaveCount(0);
  await axe(own);

  // The run leaves nothing of it behind for other tests.
  await row(own, 'with.csv').getByRole('link').first().click();
  await main(own).locator('summary').filter({ hasText: 'Withdraw this file' }).click();
  await main(own).getByRole('button', { name: 'Yes, withdraw this file' }).click();
  await expect(main(own)).toContainText('No run uses it.');
  await own.close();
});

test('A mail in somebody’s name is set aside, and its source can be taken away', async ({ page }) => {
  const subject = 'Urgent list of new staff';
  deliver({ from: personas.Hamid, subject, name: 'forged.csv', content: staffList(`,RIV01,Nobody,${last},`) });
  await openLetter(page, personas.Hamid, 'An email in your name was not processed');
  await beSignedIn(page, 'Grace');
  await page.goto('/connectors/email');
  await expect(row(page, 'Not authenticated').first()).toBeVisible();
  await axe(page);
  await noHorizontalScroll(page);
  await main(page).getByRole('link', { name: 'Emails that were set aside or refused' }).click();
  await expect(heading(page)).toHaveText('Emails that were set aside or refused');
  await expect(row(page, subject)).toContainText('The sender did not sign in to the mail server.');
  await axe(page);
  await noHorizontalScroll(page);
  const source = await download(page, row(page, subject).getByRole('link'));
  expect(source.name).toMatch(/^email-\d+\.eml$/);
  expect(source.text).toContain(`Subject: ${subject}`);
});
