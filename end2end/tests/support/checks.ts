import { expect, type Page } from '@playwright/test';
import type axeCore from 'axe-core';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

import { folder } from './run';
import { sentHtml } from './test';

const program = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Holds two files for each make of page that was looked at in this run: its path, and the HTML that html.teardown.ts checks. */
export const checked = resolve(folder, 'checked');

/**
 * The page as it is at the moment breaks no rule of WCAG 2.2 AA that a program can tell, and no good practice.
 *
 * A page of the same make breaks the same rules: each page, in each of its states, is looked at once in a run, by
 * whichever journey comes to it first. So does a line of a list, of which the first of each make is looked at.
 */
export async function axe(page: Page) {
  const path = new URL(page.url()).pathname;
  const name = nameOfFirst(await page.evaluate(make), path);
  if (!name) return;
  writeFileSync(resolve(checked, `${name}.html`), await sentHtml(page));
  await page.evaluate(program);
  const told = await page.evaluate(async (rules) => {
    // The rules run on timers of the page, which never ring where scripts are off, and dawdle where they are on.
    const timer = window.setTimeout;
    const atOnce = (ring: (...given: unknown[]) => void, after = 0, ...given: unknown[]) => {
      if (after < 1_000) void Promise.resolve().then(() => ring(...given));
      return 0;
    };
    window.setTimeout = atOnce as unknown as typeof setTimeout;
    try {
      const { axe, alike } = window as unknown as { axe: typeof axeCore; alike: Element[] };
      const { violations } = await axe.run({ exclude: alike }, { resultTypes: ['violations'], runOnly: rules });
      return violations.map((rule) => `${rule.id}: ${rule.help}\n    ${rule.nodes.map((node) => node.html).join('\n    ')}`);
    } finally {
      window.setTimeout = timer;
    }
  }, rules);
  expect.soft(told.join('\n'), `axe on ${path}`).toBe('');
}

/** The name of a make of page that nobody has come to before in this run; of any other, nothing. */
function nameOfFirst(made: string, path: string): string | undefined {
  mkdirSync(checked, { recursive: true });
  const name = createHash('sha256').update(made).digest('hex').slice(0, 32);
  try {
    writeFileSync(resolve(checked, name), path, { flag: 'wx' });
    return name;
  } catch {
    return undefined;
  }
}

/**
 * What the page is made of: its elements with all that rules go by, but without what is written in it. The lines of a list
 * that are made alike count as one; the others are left in `window.alike`. Runs in the page.
 */
function make(): string {
  const told = /^(class|role|type|lang|dir|scope|tabindex|autocomplete|rel|target|aria-(?!describedby|labelledby|controls|owns|value|label$).*)$/;
  const refers = /^(for|list|headers|aria-(describedby|labelledby|controls|owns))$/;
  const ids = new Map<string, number>();
  const alike: Element[] = [];
  Object.assign(window, { alike });
  for (const { id } of document.querySelectorAll('[id]')) ids.set(id, (ids.get(id) ?? 0) + 1);
  const attribute = ({ name, value }: Attr) => {
    if (told.test(name)) return `${name}=${value}`;
    if (name === 'id') return `id=${ids.get(value) === 1 ? 'one' : 'several'}`;
    if (refers.test(name)) return `${name}=${value.split(/\s+/).map((id) => ids.has(id)).join()}`;
    return value.trim() === '' ? `${name}=` : name;
  };
  const shape = (element: Element): string => {
    if (/^(script|style|link|meta)$/i.test(element.tagName)) return '';
    const attributes = [...element.attributes].map(attribute).sort().join(' ');
    const words = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && /\S/.test(node.nodeValue!));
    const parts = new Set<string>();
    for (const child of element.children) {
      const part = shape(child);
      if (parts.has(part)) alike.push(child);
      parts.add(part);
    }
    return `<${element.tagName} ${attributes}>${words ? 'words' : ''}${[...parts].join('')}</>`;
  };
  return `${window.innerWidth} ${document.title !== ''} ${shape(document.documentElement)}`;
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
    // Without scripts nothing uses what is preloaded for them, and a browser says so after some seconds.
    const isUnused = message.text().includes('was preloaded using link preload but not used');
    if (['error', 'warning'].includes(message.type()) && !isUnused) heard.push(message.text());
  });
  return heard;
}

// Where the keyboard has been seen by now, as elements within elements: what style sheets go by.
const seen = new Set<string>();

/**
 * One can see where the keyboard is: the focused element looks otherwise than it would without focus. What stands in the
 * same place of another page looks the same, and is looked at once.
 */
export async function expectVisibleFocus(page: Page) {
  const [place, focused, told] = await page.evaluate((seen) => {
    const element = document.activeElement as HTMLElement;
    let place = `${window.innerWidth} ${element.getAttribute('type')} ${element.nextElementSibling?.className}`;
    for (let around: Element | null = element; around; around = around.parentElement) place += ` ${around.tagName}.${around.className}`;
    if (seen.includes(place)) return [place, true, ''] as const;
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
    return [place, with_focus !== without, element.outerHTML.slice(0, 120)] as const;
  }, [...seen]);
  expect(focused, `visible focus on ${told}`).toBe(true);
  seen.add(place);
}
