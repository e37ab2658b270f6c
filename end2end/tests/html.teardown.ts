import { expect, test as teardown } from '@playwright/test';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { checked } from './support/checks';

/** What the Nu HTML checker says of a file; a warning is an `info` of the sort `warning`. */
type Message = { type: string; subType?: string; url: string; lastLine: number; lastColumn: number; message: string; extract?: string };

const checker = createRequire(import.meta.url).resolve('vnu-jar/build/dist/vnu.jar');
const options = ['--format', 'json', '--stdout', '--exit-zero-always', '--no-langdetect', '--skip-non-html'];

// The checker takes seconds to start, and then a few milliseconds a page: so it is started once, when all journeys are over.
teardown('The HTML of every page that a journey came to is valid', async () => {
  teardown.setTimeout(300_000);
  const { stdout } = await promisify(execFile)('java', ['-jar', checker, ...options, checked], { maxBuffer: 256 * 1024 * 1024 });
  const { messages } = JSON.parse(stdout) as { messages: Message[] };
  // The same fault on many pages is one to mend: it is told once, with the first page and how many others there are.
  const faults = new Map<string, { first: string; pages: Set<string> }>();
  for (const { type, subType, url, lastLine, lastColumn, message, extract } of messages) {
    const file = fileURLToPath(url);
    const path = readFileSync(resolve(checked, basename(file, '.html')), 'utf8');
    const fault = `${subType ?? type}: ${message}\n    ${(extract ?? '').replaceAll('\n', ' ')}`;
    const known = faults.get(fault) ?? { first: `${path} (${file}:${lastLine}:${lastColumn})`, pages: new Set() };
    known.pages.add(file);
    faults.set(fault, known);
  }
  const told = [...faults].map(([fault, { first, pages }]) => `${first}${pages.size > 1 ? ` and ${pages.size - 1} more` : ''}\n  ${fault}`);
  expect(told.join('\n'), 'the Nu HTML checker').toBe('');
});
