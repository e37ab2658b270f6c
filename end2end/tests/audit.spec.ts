import { axe } from './support/checks';
import { beSignedIn, signIn } from './support/portal';
import { expect, test } from './support/test';

test.describe('The audit log', () => {
  test('says who signed in, by what right, and is taken away as files', async ({ page }) => {
    await signIn(page, 'Aled');
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Audit log' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Audit log');
    // Others are at work in these moments, too.
    const newest = page.locator('.app-timeline__item').filter({ hasText: 'Read the audit log' }).first();
    await expect(newest).toContainText('Aled Pritchard');
    await expect(newest).toContainText('Acting as: Audit of');
    await axe(page);

    await page.getByLabel('Type').selectOption({ label: 'Signing in and passwords' });
    await page.getByLabel('Done by (name, email address or ID)').fill('Aled');
    await page.getByRole('button', { name: 'Show' }).click();
    await expect(page).toHaveURL(/who=Aled/);
    await expect(page.locator('.app-timeline__item').first()).toContainText('Signed in');
    await expect(page.locator('.app-timeline')).not.toContainText('Account created');
    await axe(page);

    for (const [name, kind] of [['as a CSV file', 'text/csv'], ['as JSON Lines', 'application/jsonl']]) {
      const link = page.getByRole('link', { name: `Download these entries ${name}` });
      const file = await page.request.get((await link.getAttribute('href')) ?? '');
      expect(file.status()).toBe(200);
      expect(file.headers()['content-type']).toContain(kind);
      expect(await file.text()).toContain('Signed in');
    }

    await page.getByLabel('Done by (name, email address or ID)').fill('Nobody Atall');
    await page.getByRole('button', { name: 'Show' }).click();
    await expect(page.getByText('No entries found.')).toBeVisible();
    await page.getByRole('link', { name: 'Show everything again' }).click();
    await expect(page.locator('.app-timeline__item').first()).toBeVisible();
  });

  test('is verified from its page, and filtered by the detail that was changed and by days', async ({ page }) => {
    await beSignedIn(page, 'Aled');
    await page.goto('/audit');
    await page.getByRole('button', { name: 'Verify the audit log' }).click();
    await expect(page.getByRole('heading', { name: 'The audit log is whole' })).toBeVisible();
    await expect(page.getByText('of the organisations you manage: each is there')).toBeVisible();
    await axe(page);
    await page.getByLabel('Detail changed').selectOption({ label: 'Job title' });
    const first = page.getByRole('group', { name: 'From' });
    for (const [part, text] of [['Day', '31'], ['Month', '2'], ['Year', '2026']]) await first.getByLabel(part).fill(text);
    await page.getByRole('button', { name: 'Show' }).click();
    await expect(page.getByRole('alert')).toContainText('From: this month has no such day.');
    await expect(first.getByLabel('Day')).toHaveValue('31');
    await first.getByLabel('Day').fill('1');
    await page.getByRole('button', { name: 'Show' }).click();
    await expect(page).toHaveURL(/changed=job-title/);
    await expect(page).toHaveTitle(/^Job title changed, 1\/2\/2026: Audit log/);
    await expect(first.getByLabel('Month')).toHaveValue('2');
    await expect(page.getByText('Verify the audit log').first()).toBeVisible();
  });
});
