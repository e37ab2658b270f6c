import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** The page as it is at the moment breaks no rule of WCAG 2.2 AA that a program can tell, and no good practice. */
export async function axe(page: Page) {
  // The rules run on timers of the page, which never ring where scripts are off.
  if (test.info().project.use.javaScriptEnabled === false) return;
  // Without frames there is nothing to gather in a second window, which is what legacy mode leaves out.
  const { violations } = await new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).withTags(rules).setLegacyMode().analyze();
  const told = violations.map((rule) => `${rule.id}: ${rule.help}\n    ${rule.nodes.map((node) => node.html).join('\n    ')}`);
  expect.soft(told.join('\n'), `axe on ${new URL(page.url()).pathname}`).toBe('');
}

/** Nobody with a narrow screen, or on a wide one with letters four times as large, has to scroll sideways. */
export async function noHorizontalScroll(page: Page) {
  const before = page.viewportSize()!;
  for (const width of [320, 375]) {
    await page.setViewportSize({ width, height: 640 });
    const look = () => page.evaluate((width) => {
      // A pixel is what rounding makes of two halves.
      if (document.documentElement.scrollWidth <= width + 1) return [];
      const sticksOut = (element: Element) => element.getBoundingClientRect().right > width + 1;
      const name = (element: Element) => `${element.tagName.toLowerCase()}.${element.className}`;
      const found = [...document.body.querySelectorAll('*')].filter(sticksOut).map(name);
      return [`${document.documentElement.scrollWidth} px`, ...new Set(found)].slice(0, 8);
    }, width);
    // A page that refreshes itself may be between two documents.
    let tooWide: string[] = [];
    await expect(async () => { tooWide = await look(); }).toPass({ timeout: 5_000 });
    expect.soft(tooWide, `wider than ${width} px`).toEqual([]);
  }
  await page.setViewportSize(before);
}

/** Collects what the browser complains about: errors of scripts, files that are missing, breaches of the page's policy. */
export function complaints(page: Page): string[] {
  const heard: string[] = [];
  page.on('pageerror', (error) => heard.push(error.message));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) heard.push(message.text());
  });
  return heard;
}

/** One can see where the keyboard is: the focused element looks otherwise than it would without focus. */
export async function expectVisibleFocus(page: Page) {
  const [focused, told] = await page.evaluate(() => {
    const element = document.activeElement as HTMLElement;
    // A radio's own input is invisible; what stands for it is drawn around its label.
    const drawn = () =>
      [element, element.nextElementSibling].flatMap((shown) =>
        shown ? ['', '::before', '::after'].map((part) => getComputedStyle(shown, part)) : [],
      );
    const look = () =>
      drawn()
        .map((style) => [style.outlineStyle, style.outlineColor, style.outlineWidth, style.boxShadow, style.backgroundColor, style.borderColor])
        .join();
    const with_focus = look();
    element.blur();
    const without = look();
    element.focus();
    return [with_focus !== without, element.outerHTML.slice(0, 120)] as const;
  });
  expect(focused, `visible focus on ${told}`).toBe(true);
}
