// Files of people who are not there yet, and what sending one takes: until its review, and until it is applied.
import { performance } from 'node:perf_hooks';
import { hidden, memory, pause } from './client.mjs';

export const letters = (number, length) =>
  Array.from({ length }, (_, place) => 'abcdefghijklmnopqrstuvwxyz'[Math.floor(number / 26 ** place) % 26]).join('');

// A name that nobody has yet, beginning with any letters, as names do: who shares the first ones is looked at more closely.
const name = (number, length) => {
  const word = letters(number * 7919, 1) + 'aeiou'[number % 5] + letters(number, length);
  return word[0].toUpperCase() + word.slice(1);
};

const trusts = Math.max(1, Math.floor((Number(process.env.ORGANISATIONS ?? 0) * 3) / 200));

// A file's text: people of one organisation, or sorted by many, as files are.
export function file(count, mark, organisation, jobTitle) {
  const lines = ['LocalID,ODSCode,FirstName,LastName,JobTitle,Department,Telephone,Role'];
  for (let number = 0; number < count; number += 1) {
    const code = organisation ?? `R${String(Math.floor((number * Math.min(trusts, 100)) / count)).padStart(4, '0')}`;
    const telephone = `01632 960${String(number % 1000).padStart(3, '0')}`;
    const person = `${name(number, 3)}q,${name(number * 7 + 3, 5)}z`;
    lines.push(`${mark}${number},${code},${person},${jobTitle},Medicine,${telephone},Administrator`);
  }
  return `${lines.join('\n')}\n`;
}

async function shows(person, path, isThere, every) {
  for (const until = performance.now() + 1_800_000; performance.now() < until; ) {
    const page = await person.get(path);
    if (page.status !== 200) throw new Error(`${path}: ${page.status}`);
    if (isThere(page.text)) return page;
    await pause(every);
  }
  throw new Error(`${path} does not come to an end`);
}

// Sends a file and waits for its review. Gives its path and page, with the seconds and the most memory that it took.
export async function review(person, name, text) {
  const before = memory();
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, memory())), 20);
  const sent = await person.upload(name, text);
  if (sent.status !== 303) throw new Error(`${name}: ${sent.status} ${sent.text.slice(0, 500)}`);
  const path = sent.headers.location;
  const page = await shows(person, path, (html) => html.includes('name="seen"') || html.includes('cannot be read'), 20);
  const seconds = (performance.now() - sent.sent) / 1000;
  clearInterval(watch);
  if (!hidden(page.text, 'seen')) throw new Error(`${name} is not planned: ${page.text.slice(-3000)}`);
  return { path, page: page.text, seconds, growth: most - before };
}

// Confirms what is shown and waits for its end. Gives the seconds that it takes.
export async function apply(person, { path, page }) {
  const began = performance.now();
  const said = { seen: hidden(page, 'seen'), look_alikes: 'create' };
  const confirmed = await person.post(`${path}/confirmation`, said);
  if (confirmed.status !== 303) throw new Error(`${path} is not confirmed: ${confirmed.status} ${confirmed.text.slice(0, 3000)}`);
  await shows(person, path, (html) => !html.includes('Applying the changes'), 100);
  return (performance.now() - began) / 1000;
}
