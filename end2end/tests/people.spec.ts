import { expect, type Page, test } from '@playwright/test';

import { axe } from './support/checks';
import { expectEnded, signIn, staffList, upload } from './support/portal';

const lines = (page: Page) => page.getByRole('table').locator('tbody tr');
const names = (page: Page) => page.locator('.app-people__name');
const field = (page: Page) => page.getByRole('searchbox', { name: 'Name, e-mail address or local ID' });

async function search(page: Page, words: string) {
  await field(page).fill(words);
  await page.getByRole('button', { name: 'Search' }).click();
  await expect(page).toHaveURL(/[?&]words=/);
}

test.beforeEach(async ({ page }) => {
  await signIn(page, 'Ben');
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'People' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('People');
});

test.describe('People are found', () => {
  test('by a part of their name, with or without its accents', async ({ page }) => {
    for (const words of ['zoe', 'ZOË', 'annard zo']) {
      await search(page, words);
      await expect(names(page).filter({ hasText: 'Stannard, Zoë' })).toBeVisible();
      await expect(names(page).filter({ hasNotText: 'Zoë' })).toHaveCount(0);
      await expect(field(page)).toHaveValue(words);
    }
    await search(page, 'lukasz');
    await expect(names(page)).toHaveText(['Beckwith, Łukasz']);
  });

  test('by their local ID', async ({ page }) => {
    await search(page, '1036');
    await expect(names(page)).toHaveText(['Stannard, Zoë']);
  });

  test('by their address', async ({ page }) => {
    await search(page, 'zoe.stannard@health.example');
    await expect(names(page)).toHaveText(['Stannard, Zoë']);
  });

  test('by their organisation and their status', async ({ page }) => {
    await page.getByLabel('Organisation').selectOption('Riverside Community Services (RIV02)');
    await page.getByRole('button', { name: 'Search' }).click();
    await expect(lines(page)).toHaveCount(16);
    await expect(lines(page).filter({ hasText: 'Riverside Community' })).toHaveCount(16);
    await expect(page.getByLabel('Organisation')).toHaveValue('RIV02');
    await page.getByLabel('Organisation').selectOption('RIV');
    await page.getByLabel('Status').selectOption('Disabled');
    await page.getByRole('button', { name: 'Search' }).click();
    await expect(names(page)).toHaveText(['Maddern, Marek']);
    await expect(lines(page)).toContainText('Disabled');
    await axe(page);
  });

  test('page by page, each of them once', async ({ page }) => {
    await page.getByLabel('Status').selectOption('Active');
    await page.getByRole('button', { name: 'Search' }).click();
    await expect(lines(page)).toHaveCount(50);
    const first = await names(page).allInnerTexts();
    await page.getByRole('link', { name: 'Next page' }).click();
    await expect(page.getByRole('link', { name: 'First page' })).toBeVisible();
    await expect(page.getByLabel('Status')).toHaveValue('Active');
    const second = await names(page).evaluateAll((links) => links.map((link) => link.getAttribute('href')));
    await page.getByRole('link', { name: 'First page' }).click();
    await expect(names(page)).toHaveText(first);
    for (const href of second) await expect(page.locator(`a[href="${href}"]`)).toHaveCount(0);
  });

  test('among the contacts, which have a page each', async ({ page }) => {
    await page.getByRole('link', { name: 'Contacts' }).click();
    await expect(page.getByRole('table', { name: 'Contacts by name: 5' })).toBeVisible();
    await expect(names(page).filter({ hasText: 'O’Rourke, Edda' })).toHaveCount(0);
    await axe(page);
    await search(page, 'westerby');
    await page.getByRole('link', { name: 'Westerby, Beatrix' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Contact Beatrix Westerby');
    await expect(page.locator('main')).toContainText('beatrix.westerby@council.example');
    await expect(page.locator('main')).toContainText('Works with us from outside');
    await expect(page.locator('.app-timeline')).toContainText('Contact created');
    await axe(page);
  });

  test('or not, with a word about what else to try', async ({ page }) => {
    await search(page, 'nobody of this name');
    await expect(page.getByText('Nobody is found. Use fewer words, or part of a name, an e-mail address or a local ID.')).toBeVisible();
  });

  test('while one types, and the suggestion leads to them', async ({ page, javaScriptEnabled }) => {
    test.skip(javaScriptEnabled === false, 'Without JavaScript the button does it.');
    await field(page).pressSequentially('zoe stan', { delay: 20 });
    const suggestions = page.getByRole('status').getByRole('link');
    await expect(suggestions).toHaveText(['Zoë Stannard']);
    await expect(page.getByRole('status')).toContainText('zoe.stannard@health.example, RIV');
    await axe(page);
    await field(page).fill('z');
    await expect(suggestions).toHaveCount(0);
    await field(page).pressSequentially('oe stan');
    await suggestions.click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Account Zoë Stannard');
  });
});

test('A person’s page tells what is known of them and, in sentences, what happened', async ({ page }) => {
  // Somebody else in each project, so that each history has the one change of this test.
  const localId = test.info().project.name === 'desktop-js' ? '1060' : '1061';
  await upload(page, 'new number.csv', staffList(`${localId},RIV,,,07700 900123`));
  await page.getByRole('button', { name: 'Apply 1 change' }).click();
  await expectEnded(page, '0 accounts created, 1 account updated, 0 rows left out.');
  const reference = new URL(page.url()).pathname.split('/').pop();

  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'People' }).click();
  await search(page, localId);
  await names(page).click();
  const known = page.locator('.nhsuk-summary-list__row');
  await expect(known.filter({ hasText: 'Status' })).toContainText('Active');
  await expect(known.filter({ hasText: 'Organisation' }).first()).toContainText('Riverside Hospitals Trust RIV');
  await expect(known.filter({ hasText: 'Local unique ID' })).toContainText(localId);
  await expect(known.filter({ hasText: 'Mobile' })).toContainText('+447700900123');

  const history = page.locator('.app-timeline__item');
  await expect(history.locator('.app-timeline__what')).toHaveText([
    'Mobile changed',
    'Status changed from Pending to Active',
    'Account created',
  ]);
  await expect(history.first()).toContainText(`By Ben Cartwright, portal CSV upload, row 2 of ${reference}`);
  await expect(history.first().getByRole('deletion')).toContainText('+447700900');
  await expect(history.first().getByRole('insertion')).toHaveText('+447700900123');
  await axe(page);
  await history.first().getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('new number.csv');
});
