import { expect, type Locator, type Page } from '@playwright/test';

import { expectVisibleFocus } from './checks';

/** Presses Tab until the keyboard is there; one can see where it is at every stop. */
export async function tabTo(page: Page, target: Locator) {
  await expect(target).toBeVisible();
  // It is looked for once: to look for it at each stop again takes longer than the stop.
  const there = await target.elementHandle();
  for (let stops = 0; stops < 60; stops++) {
    await page.keyboard.press('Tab');
    await expectVisibleFocus(page);
    if (await there!.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`the keyboard does not come to ${target}`);
}
