import { writeFile } from 'node:fs/promises';

import { axe, noHorizontalScroll } from './support/checks';
import { beSignedIn, expectTotals, send, staffList, upload } from './support/portal';
import { expect, test } from './support/test';

const withScripts = () => test.info().project.use.javaScriptEnabled !== false;

test('A file that is being sent shows how far it is, and what is wrong with it where it was chosen', { tag: '@script-only' }, async ({ page }) => {
  await beSignedIn(page, 'Ben');
  await page.goto('/uploads/new');
  const main = page.getByRole('main');
  const progress = main.getByRole('progressbar');
  await expect(progress).toBeHidden();
  await page.route(/\/uploads(\/new)?$/, async (route) => {
    if (route.request().method() !== 'POST') return route.fallback();
    await expect(progress).toBeVisible();
    await expect(main).toContainText(/(Sending|is sent)/);
    await expect(main.getByRole('button', { name: 'Upload and check' })).toBeDisabled();
    await route.continue();
  });
  // More than there may be of it: only the server can say so, and the form stays.
  const large = test.info().outputPath('large.csv');
  await writeFile(large, Buffer.alloc(70 * 1024 * 1024, 'LocalID,ODSCode\n'));
  await page.locator('#file').setInputFiles(large);
  await expect(main).toContainText('Size: 70.0 MB');
  await main.getByRole('button', { name: 'Upload and check' }).click();
  await expect(main.getByRole('alert')).toContainText('is larger than 64 MB', { timeout: 60_000 });
  await expect(progress).toBeHidden();
  // The form that came back with the problem sends as well as the first.
  await send(page, 'long.csv', staffList(`lf-${test.info().project.name},RIV,Morwenna,Trelawny,07700 900001`));
  await expect(page).toHaveURL(/\/submissions\//);
  await expectTotals(page, '0 with problems', '1 to create', '0 to update', '0 no change');
  await page.goBack();
  await expect(main.getByRole('button', { name: 'Upload and check' })).toBeEnabled();
});

test('What takes long is paused, goes on, and is stopped with the rest skipped', { tag: '@script' }, async ({ page }) => {
  test.slow();
  const own = withScripts() ? 'kestrel' : 'plover';
  // Of an organisation that no other journey looks at: thousands more would change what those see.
  const letters = (number: number) => String.fromCharCode(97 + (number % 26), 97 + (Math.floor(number / 26) % 26), 97 + (number % 7));
  const rows = Array.from({ length: 6000 }, (_, n) => `${own}${n},HLD01,${letters(n)}on,${letters(n * 31 + 5)}${letters(n)}${own}${letters(n * 7 + 1)},07700 900001`);
  await beSignedIn(page, 'Grace');
  await upload(page, 'long.csv', staffList(...rows));
  const main = page.getByRole('main');
  await main.getByRole('button', { name: /^Apply 6,000/ }).click({ timeout: 80_000 });
  await main.getByRole('button', { name: 'Pause' }).click();
  await expect(main.getByRole('button', { name: 'Resume' })).toBeVisible();
  await expect(main).toContainText('What is applied stays applied. The rest waits.');
  const done = () => main.locator('.app-progress__label').first().textContent();
  const before = await done();
  expect(before).toContain('Paused');
  await axe(page);
  await noHorizontalScroll(page);
  // Nothing goes on behind a pause: what is sent later overtakes it, and whoever looks again finds it as it was.
  const paused = page.url();
  await upload(page, 'meanwhile.csv', staffList('1001,RIV,,,'));
  await expectTotals(page, '0 with problems', '0 to create', '0 to update', '1 no change');
  await page.goto(paused);
  expect(await done()).toBe(before);
  await main.getByRole('button', { name: 'Resume' }).click();
  await expect(main.getByRole('button', { name: 'Pause' })).toBeVisible();
  await main.getByRole('button', { name: 'Stop, and skip the rest' }).click();
  await expect(main.getByRole('progressbar')).toHaveCount(0);
  const totals = await page.locator('.app-totals__item').allTextContents();
  const counted = (what: string) => Number(totals.find((total) => total.includes(what))?.replace(/\D/g, ''));
  const created = counted('created');
  expect(created).toBeGreaterThan(0);
  expect(created).toBeLessThan(6000);
  expect(counted('skipped')).toBe(6000 - created);
  await expect(page.locator('.nhsuk-panel')).toContainText(`${created.toLocaleString('en-GB')} accounts created`);
  await axe(page);
});
