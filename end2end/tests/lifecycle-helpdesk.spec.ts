import { axe, noHorizontalScroll } from './support/checks';
import { confirm, expectChange, field, goOn, heading, openAccount, plan, standing } from './support/people';
import { beSignedIn, fillInSignIn } from './support/portal';
import { expect, test } from './support/test';

// Whose password is reset: somebody else in each project, whom no other file touches.
const known: Record<string, { id: string; first: string; last: string }> = {
  'desktop-js': { id: '3005', first: 'Carys', last: 'Saltmarsh' },
  'desktop-no-js': { id: '3014', first: 'Seren', last: 'Oakeshott' },
};
const one = () => known[test.info().project.name];

test.describe('The helpdesk', () => {
  test.beforeEach(({ page }) => beSignedIn(page, 'Hamid'));

  test('unlocks an account that is locked', async ({ page }) => {
    await openAccount(page, '1044');
    await expect(standing(page)).toContainText('after too many failed sign-ins. Nobody can sign in to it until it is unlocked.');
    await expect(standing(page).getByRole('button')).toHaveText(['Unlock', 'Reset password']);
    await axe(page);
    await noHorizontalScroll(page);
    await goOn(page, standing(page).getByRole('button', { name: 'Unlock' }), 'Unlock Bilal Ibekwe');
    await expectChange(page, 'Status', 'Locked', 'Active');
    await axe(page);
    // One account is locked in the seeds: the first project only looks, the second does it.
    if (test.info().project.name === 'desktop-js') {
      await page.getByRole('button', { name: 'Make no changes' }).click();
      await expect(page.getByText('Nothing was changed.')).toBeVisible();
    } else {
      await confirm(page, 'Unlock account', 'Account unlocked');
      await openAccount(page, '1044');
      await expect(page.getByRole('heading', { name: /^Status / })).toHaveText('Status Active');
    }
  });

  test('is offered what it may do, and nothing else', async ({ page }) => {
    await page.goto('/');
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'People' }).click();
    for (const name of ['Create account', 'Create contact', 'Take in a leaver']) {
      await expect(page.getByRole('link', { name })).toHaveCount(0);
    }
    await openAccount(page, one().id);
    await expect(standing(page).getByRole('link')).toHaveText(['Change details', 'Disable']);
    await expect(standing(page).getByRole('button')).toHaveText(['Reset password']);
    await axe(page);
    // What is not offered is not to be had by its address either.
    const account = new URL(page.url()).pathname;
    for (const path of ['/accounts/new', '/joiners/new', `${account}/leaver`, `${account}/transfer`]) {
      const answer = await page.goto(path);
      expect.soft(answer?.status(), path).toBe(403);
      await expect.soft(heading(page), path).toHaveText('You cannot do this');
    }
    await axe(page);
  });

  test('resets a password; the link is shown once, used once, and the newest only is good', { tag: '@script' }, async ({ page, browser, javaScriptEnabled }) => {
    const { id, first, last } = one();
    const once = page.getByRole('region', { name: `Give ${first} ${last} this link, if the email does not reach them` });
    const reset = async () => {
      await openAccount(page, id);
      await goOn(page, standing(page).getByRole('button', { name: 'Reset password' }), `Reset the password of ${first} ${last}`);
      await expect(plan(page)).toContainText('Their current password stops working, and they are signed out everywhere.');
      await confirm(page, 'Reset password', 'Password reset link sent');
      return (await once.locator('code').first().textContent())!;
    };
    const earlier = await reset();
    const link = await reset();
    await axe(page);
    await noHorizontalScroll(page);
    const copy = once.getByRole('button', { name: 'Copy the link' });
    if (javaScriptEnabled === false) {
      await expect(copy).toHaveCount(0);
    } else {
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await copy.click();
      await expect(once.getByRole('status')).toHaveText('Copied.');
      expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(link);
    }
    await page.reload();
    await expect(page.locator('main')).not.toContainText('/start/');

    const own = await browser.newPage();
    expect((await own.goto(earlier))?.status()).toBe(404);
    await expect(heading(own)).toHaveText('This link no longer works');
    await axe(own);
    await noHorizontalScroll(own);
    await own.goto(link);
    await expect(heading(own)).toHaveText(`Choose a new password, ${first}`);
    // Somebody who has been here for long has accepted the use policy.
    await expect(field(own, 'I accept the use policy')).toHaveCount(0);
    await axe(own);
    await noHorizontalScroll(own);
    await field(own, 'Password').fill('kettle-lantern-77');
    await own.getByRole('button', { name: 'Choose password and sign in' }).click();
    await expect(heading(own)).toHaveText(`Hello, ${first}`);
    await axe(own);
    expect((await own.goto(link))?.status()).toBe(404);

    // Another reset ends what they are signed in with.
    await reset();
    await own.goto('/me');
    await expect(heading(own)).toHaveText('Sign in');
    await fillInSignIn(own, `${first}.${last}@health.example`.toLowerCase(), 'kettle-lantern-77');
    await expect(own.getByRole('alert')).toContainText('The email address or the password is not right.');
    await own.close();
  });
});
