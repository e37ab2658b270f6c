import { type BrowserContext, type Page, type Response, test as base } from '@playwright/test';

// Playwright's own, with a memory of what the server sent: tests import from here. What a browser holds says nothing of the
// faults that it put right while it read.
export * from '@playwright/test';

const documents = new WeakMap<Page, Response>();

const follow = (context: BrowserContext) => context.on('response', (response) => {
  if (!response.request().isNavigationRequest()) return;
  try {
    documents.set(response.frame().page(), response);
  } catch {
    // A page that has only just opened has no frame yet; what it holds is looked at instead.
  }
});

export const test = base.extend<object, { remembersDocuments: void }>({
  remembersDocuments: [async ({ browser }, use) => {
    browser.on('context', follow);
    await use();
  }, { scope: 'worker', auto: true }],
});

/** The HTML of the page that is open, as the server sent it; where that is not known any more, as the browser holds it. */
export async function sentHtml(page: Page): Promise<string> {
  try {
    return await documents.get(page)?.text() ?? await page.content();
  } catch {
    return page.content();
  }
}
