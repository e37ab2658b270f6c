import { test } from '/work/main/end2end/node_modules/@playwright/test/index.mjs';
import { signIn, beSignedIn } from '/work/main/end2end/tests/support/portal';
import { axe, noHorizontalScroll } from '/work/main/end2end/tests/support/checks';
test('m', async ({ browser }) => {
  test.setTimeout(120000);
  const t = async (name, f) => { const a = performance.now(); const r = await f(); console.log(name, Math.round(performance.now() - a)); return r; };
  for (let i = 0; i < 3; i++) {
    const c = await t('context', () => browser.newContext());
    const page = await t('page', () => c.newPage());
    await t('sign in', () => beSignedIn(page, 'Ben'));
    await t('home', () => page.goto('/'));
    await t('home again', () => page.goto('/'));
    await t('uploads', () => page.goto('/uploads'));
    await t('people', () => page.goto('/people'));
    await t('shot', () => page.screenshot({ path: '/tmp/x.png', fullPage: true }));
    await t('axe', () => axe(page));
    await t('scroll', () => noHorizontalScroll(page));
    await t('close', () => c.close());
  }
});
