import { axe, noHorizontalScroll } from './support/checks';
import { openAccount, standing } from './support/people';
import { beSignedIn, expectEnded, expectTotals, staffList, upload } from './support/portal';
import { expect, type Page, test } from './support/test';

// Each test goes on where the one before it ended, in one browser, as its person does.
test.describe.configure({ mode: 'serial' });

test.describe('An upload that should not have been', () => {
  // All projects share one database, so each has people of its own.
  const surnames: Record<string, string> = { 'desktop-js': 'Tregenza', 'desktop-no-js': 'Polkinghorne' };
  let surname: string;
  let page: Page;
  let applied: string;
  let undo: string;

  const id = (number: number) => `u${surname.slice(0, 2).toLowerCase()}${number}`;
  const person = (number: number, first: string, mobile: string) => `${id(number)},RIV,${first},${surname},${mobile}`;
  const main = () => page.getByRole('main');
  const row = (number: number) => page.locator(`#row-${number}`);
  const panel = () => page.locator('.nhsuk-panel');
  const section = (what: string) => page.getByRole('region', { name: `Undo this ${what}` });

  /** Uploads a file and has all of it applied. */
  async function apply(page: Page, name: string, changes: string, sum: string, ...rows: string[]) {
    await upload(page, name, staffList(...rows));
    await page.getByRole('button', { name: `Apply ${changes}` }).click();
    await expectEnded(page, sum);
  }

  /** Confirms an undo, and waits until it is done. */
  async function confirm(button: string, heading: string, sum: string) {
    await main().getByRole('button', { name: button }).click();
    await expect(panel().getByRole('heading', { name: heading })).toBeVisible({ timeout: 60_000 });
    await expect(panel()).toContainText(sum);
  }

  test.beforeAll(async ({ browser }) => {
    surname = surnames[test.info().project.name];
    page = await browser.newPage();
  });
  test.afterAll(() => page.close());

  test('says until when it can be undone', async ({ browser }) => {
    await beSignedIn(page, 'Ben');
    await apply(
      page,
      'first.csv',
      '2 changes',
      '2 accounts created',
      person(1, 'Olive', '07700 900101'),
      person(2, 'Edgar', '07700 900102'),
    );
    await apply(
      page,
      'staff.csv',
      '3 changes',
      '1 account created, 2 accounts updated',
      person(1, '', '07700 900201'),
      person(2, '', '07700 900202'),
      person(3, 'Minna', ''),
    );
    applied = new URL(page.url()).pathname;
    await expect(section('upload')).toContainText('You can undo it until');
    await axe(page);

    // A colleague goes on with one of these people meanwhile.
    const other = await browser.newPage();
    await beSignedIn(other, 'Priya');
    await apply(other, 'colleague.csv', '1 change', '1 account updated', person(2, '', '07700 900303'));
    await other.close();
  });

  test('is sorted into what goes back and what is kept before anything is changed', async () => {
    await page.goto(applied);
    await section('upload').getByRole('button', { name: 'Undo this upload' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^Undo \S+ Undo of staff\.csv$/);
    await expect(page.getByRole('heading', { name: '2 rows can be reversed' })).toBeVisible({ timeout: 30_000 });
    undo = new URL(page.url()).pathname;
    await expectTotals(page, '0 cannot be reversed', '2 to reverse', '0 as before', '1 to keep');
    await expect(row(2).getByRole('deletion')).toHaveText('07700 900201');
    await expect(row(2).getByRole('insertion')).toHaveText('07700 900101');
    await expect(row(3)).toContainText('Kept');
    await expect(row(3)).toContainText(/Mobile has changed since then, by Priya Ramanathan on \d+ \w+ \d{4}\. It stays as it is\./);
    await expect(row(4)).toContainText('Delete: Pending → Deleted');
    await axe(page);
    await noHorizontalScroll(page);
    await page.getByRole('link', { name: '1 to keep' }).click();
    await expect(page.locator('.app-rows > li')).toHaveCount(1);
    await axe(page);
  });

  test('is the same undo when it is asked for again', async () => {
    await page.goto(applied);
    await expect(section('upload')).toContainText('You have asked for this already.');
    await axe(page);
    await section('upload').getByRole('link', { name: 'Check it and decide' }).click();
    await expect(page).toHaveURL(new RegExp(`${undo}$`));
  });

  test('is undone, but for what a colleague changed', async () => {
    await confirm('Reverse 2 rows', 'Undone', '2 rows reversed, 1 kept, 0 not reversed.');
    await expectTotals(page, '0 not reversed', '2 reversed', '0 as before', '1 kept');
    await axe(page);
    await openAccount(page, id(3));
    await expect(standing(page)).toContainText('Deleted');
    await openAccount(page, id(2));
    await expect(main()).toContainText('07700 900303');
    await openAccount(page, id(1));
    await expect(main()).toContainText('undoing an upload');
    await page.goto(applied);
    await expect(section('upload')).toContainText('Ben Cartwright undid it on');
    await axe(page);
  });

  test('is done again by undoing its undo', async () => {
    await page.goto(undo);
    await page.getByRole('button', { name: 'Put these changes back' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(/Redo of staff\.csv$/);
    await expect(page.getByRole('heading', { name: '2 rows can be put back' })).toBeVisible({ timeout: 30_000 });
    await expect(row(4)).toContainText('Restore: Deleted → Pending');
    await confirm('Put back 2 rows', 'Put back', '2 rows put back, 0 kept, 0 not put back.');
    await openAccount(page, id(3));
    await expect(standing(page)).toContainText('Pending');
    // The upload is true again, and says so.
    await page.goto(applied);
    await expect(section('upload')).toContainText('Ben Cartwright put these changes back on');
    await expect(section('upload').getByRole('button', { name: 'Undo this upload again' })).toBeVisible();
    await axe(page);
    await noHorizontalScroll(page);
  });

  test('stands in the list of uploads with its undos', async () => {
    await page.goto('/uploads');
    await expect(page.getByRole('link', { name: 'Undo of staff.csv' }).first()).toBeVisible();
    await expect(page.getByRole('link', { name: 'Redo of staff.csv' }).first()).toBeVisible();
    await axe(page);
  });
});
