import { axe } from './support/checks';
import { expectEnded, signIn, staffList, upload } from './support/portal';
import { expect, type Page, test } from './support/test';

// One browser for all, which loads the style sheet and the scripts once.
let page: Page;

const lines = () => page.getByRole('table').locator('tbody tr');
const names = () => page.locator('.app-people__name');
const field = () => page.getByRole('searchbox', { name: /^Search (accounts|contacts)$/ });

async function search(words: string) {
  await field().fill(words);
  await page.getByRole('button', { name: 'Search' }).click();
  await expect(page).toHaveURL(/[?&]words=/);
}

/** Ticks a status of the search, which lies folded together until it is used. */
async function statuses(status: string) {
  const fold = page.locator('details').filter({ hasText: 'Status, last sign-in, order and columns' });
  if (!(await fold.getAttribute('open').then((open) => open !== null))) await fold.locator('summary').click();
  await page.getByRole('checkbox', { name: status, exact: true }).check();
}

test.beforeAll(async ({ browser }) => {
  page = await browser.newPage();
  await signIn(page, 'Ben');
});
test.afterAll(() => page.close());

test.beforeEach(async () => {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'People' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('People');
});

test.describe('People are found', () => {
  test('by their job, unit and site, and within a unit or a site', async () => {
    await search('porter stannard surgery riverside general');
    await expect(names()).toHaveText(['Stannard, Zoë']);
    await page.getByRole('textbox', { name: 'Unit' }).fill('Surgery');
    await page.getByRole('textbox', { name: 'Site' }).fill('RIVG');
    await search('zoë');
    await expect(page).toHaveURL(/unit=Surgery&site=RIVG/);
    await expect(page).toHaveTitle(/^zoë, Surgery, RIVG: \d+ accounts? – Staffbook$/);
    await expect(names()).toHaveText(['Stannard, Zoë']);
    await page.getByRole('textbox', { name: 'Unit' }).fill('Ward 8');
    await search('zoë');
    await expect(page.getByText('No people found.')).toBeVisible();
    await expect(page.getByText('Filters may hide people.')).toBeVisible();
    await axe(page);
    await page.getByRole('link', { name: 'Clear the search' }).click();
    await expect(page.getByRole('textbox', { name: 'Unit' })).toHaveValue('');
  });

  test('by their organisation and their status', async () => {
    await page.locator('#organisation').selectOption('Riverside Community Services (RIV02)');
    await page.getByRole('button', { name: 'Search' }).click();
    await expect(names().filter({ hasText: 'Beckwith, Łukasz' })).toBeVisible();
    await expect(lines().filter({ hasNotText: 'Riverside Community' })).toHaveCount(0);
    await expect(page.locator('#organisation')).toHaveValue('RIV02');
    await page.locator('#organisation').selectOption('RIV');
    await statuses('Disabled');
    await page.getByRole('button', { name: 'Search' }).click();
    await expect(names().filter({ hasText: 'Maddern, Marek' })).toBeVisible();
    await expect(lines().filter({ hasNotText: 'Disabled' })).toHaveCount(0);
  });

  test('page by page, each of them once', async () => {
    await statuses('Active');
    await page.getByRole('button', { name: 'Search' }).click();
    await expect(page).toHaveURL(/[?&]status=Active/);
    await expect(lines()).toHaveCount(50);
    const first = await names().allInnerTexts();
    await page.getByRole('link', { name: 'Next page' }).click();
    await expect(page.getByRole('link', { name: 'First page' })).toBeVisible();
    await expect(page.getByRole('checkbox', { name: 'Active', exact: true })).toBeChecked();
    const second = await names().evaluateAll((links) => links.map((link) => link.getAttribute('href')));
    await page.getByRole('link', { name: 'First page' }).click();
    await expect(names()).toHaveText(first);
    for (const href of second) await expect(page.locator(`a[href="${href}"]`)).toHaveCount(0);
  });

  test('among the contacts, which have a page each', async () => {
    await page.getByRole('link', { name: 'Contacts' }).click();
    await expect(page.getByRole('table', { name: /^\d+ contacts/ })).toBeVisible();
    await expect(names().filter({ hasText: 'O’Rourke, Edda' })).toHaveCount(0);
    await search('westerby');
    await page.getByRole('link', { name: 'Westerby, Beatrix' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Contact Beatrix Westerby');
    await expect(page.locator('main')).toContainText('beatrix.westerby@council.example');
    await expect(page.locator('main')).toContainText('Works with us from outside');
    await expect(page.locator('.app-timeline')).toContainText('Contact created');
  });

  test('or not, with a word about what else to try', async () => {
    await search('nobody of this name');
    await expect(page.getByText('No people found. Check the spelling, or use part of a name, email address, telephone number, local ID, job title, unit or site.')).toBeVisible();
  });

  test('while one types, and the suggestion leads to them', { tag: '@script-only' }, async () => {
    await field().pressSequentially('zoe stann', { delay: 20 });
    const shown = page.locator('.app-search__suggestions');
    const suggestions = shown.getByRole('link');
    await expect(suggestions).toHaveText(['Zoë Stannard']);
    await expect(page.getByRole('status')).toHaveText('1 person found');
    await expect(shown).toContainText('zoe.stannard@health.example, Porter, Surgery, RIV');
    await axe(page);
    await field().fill('z');
    await expect(suggestions).toHaveCount(0);
    await field().pressSequentially('oe stann');
    await suggestions.click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Account Zoë Stannard');
  });
});

test('A person’s page tells what is known of them and, in sentences, what happened', async () => {
  // Somebody else in each project, so that each history has the one change of this test.
  const localId = test.info().project.name === 'desktop-js' ? '1060' : '1061';
  await upload(page, 'new number.csv', staffList(`${localId},RIV,,,07700 900123`));
  await page.getByRole('button', { name: 'Apply 1 change' }).click();
  await expectEnded(page, '0 accounts created, 1 account updated, 0 rows rejected.');
  const reference = new URL(page.url()).pathname.split('/').pop();

  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'People' }).click();
  await search(localId);
  await names().click();
  const known = page.locator('.nhsuk-summary-list__row');
  await expect(page.getByRole('region', { name: /^Status/ })).toContainText('Active');
  await expect(known.filter({ hasText: 'Organisation' }).first()).toContainText('Riverside Hospitals Trust RIV');
  await expect(known.filter({ hasText: 'Local unique ID' })).toContainText(localId);
  await expect(known.filter({ hasText: 'Mobile' })).toContainText('07700 900123');

  const history = page.locator('.app-timeline__item');
  await expect(history.locator('.app-timeline__what')).toHaveText([
    'Mobile changed',
    'Account activated: Pending → Active',
    'Account created',
  ]);
  await expect(history.first()).toContainText(`By Ben Cartwright, portal upload, row 2 of ${reference}`);
  await expect(history.first().getByRole('deletion')).toContainText('07700 900');
  await expect(history.first().getByRole('insertion')).toHaveText('07700 900123');
  await axe(page);
  await history.first().getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('new number.csv');
});
