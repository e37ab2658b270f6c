// Files: how soon their review is there, what memory they take, how fast they are applied, and whom that keeps waiting.
import { performance } from 'node:perf_hooks';
import { Person, figure, hidden, homeOf, memory, pause, percentile } from './client.mjs';

const rows = Number(process.env.ROWS);
const isSqlite = process.env.DATABASE === 'SQLite';
const trusts = Math.max(1, Math.floor((Number(process.env.ORGANISATIONS) * 3) / 200));
const letters = (number, length) =>
  Array.from({ length }, (_, place) => 'abcdefghijklmnopqrstuvwxyz'[Math.floor(number / 26 ** place) % 26]).join('');

// People who are not there yet: of one organisation, or sorted by many, as files are.
function file(count, mark, organisation, jobTitle) {
  const lines = ['LocalID,ODSCode,FirstName,LastName,JobTitle,Department,Telephone,Role'];
  for (let number = 0; number < count; number += 1) {
    const code = organisation ?? `R${String(Math.floor((number * Math.min(trusts, 100)) / count)).padStart(4, '0')}`;
    const telephone = `01632 960${String(number % 1000).padStart(3, '0')}`;
    const name = `${'Q' + letters(number, 3)},${'Z' + letters(number * 7 + 3, 5)}`;
    lines.push(`${mark}${number},${code},${name},${jobTitle},Medicine,${telephone},Administrator`);
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
async function review(person, name, text) {
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

// Forms that somebody else sends meanwhile, each planned and kept like any other.
async function forms(person, organisation, goesOn) {
  const waited = [];
  for (let number = 0; goesOn(); number += 1) {
    const answer = await person.post('/accounts', {
      'organisation': organisation,
      'first-name': 'Zz' + letters(number, 3),
      'last-name': 'Yy' + letters(Math.floor(Math.random() * 1e6), 5),
      'email-address-choice': 'made',
    });
    if (answer.status >= 400) throw new Error(`a form: ${answer.status} ${answer.text.slice(0, 500)}`);
    waited.push(answer.took);
    await pause(100);
  }
  return waited;
}

async function apply(person, { path, page }, other) {
  let isOver = false;
  const waiting = forms(other.person, other.organisation, () => !isOver);
  const began = performance.now();
  const said = { seen: hidden(page, 'seen'), look_alikes: 'create' };
  const confirmed = await person.post(`${path}/confirmation`, said);
  if (confirmed.status !== 303) throw new Error(`${path} is not confirmed: ${confirmed.status} ${confirmed.text.slice(0, 3000)}`);
  await shows(person, path, (html) => !html.includes('Applying the changes'), 50);
  const seconds = (performance.now() - began) / 1000;
  isOver = true;
  return { seconds, waited: await waiting };
}

const local = await Person.signIn(process.env.SCOPE_ADMINISTRATOR);
const organisation = await homeOf(local);
const other = { person: await Person.signIn('ben.cartwright@health.example'), organisation: 'RIV' };
const grace = await Person.signIn('grace.lindholm@health.example');

const TEN = 10_000;
// What the process takes once, the first file takes.
await local.post(`${(await review(local, 'first.csv', file(100, 'w', organisation, 'Porter'))).path}/refusal`, {});

const creating = await review(local, 'creates.csv', file(TEN, 'c', organisation, 'Staff nurse'));
figure('10,000 rows: last byte sent → review', creating.seconds, 's', { target: 0.5 });
const created = await apply(local, creating, other);
figure('applying: accounts created', TEN / created.seconds, 'a second', { target: isSqlite ? 20_000 : 10_000, atLeast: true });
const updating = await review(local, 'updates.csv', file(TEN, 'c', organisation, 'Ward manager'));
figure('10,000 rows that update: last byte sent → review', updating.seconds, 's', { target: 0.5 });
const updated = await apply(local, updating, other);
figure('applying: accounts updated', TEN / updated.seconds, 'a second', { target: isSqlite ? 15_000 : 8_000, atLeast: true });
const waited = [...created.waited, ...updated.waited];
figure('a form, while a file is applied: 95th percentile', percentile(waited, 0.95), 'ms', { target: 200 });
figure('a form, while a file is applied: longest', Math.max(...waited), 'ms');

const large = await review(grace, 'large.csv', file(rows, 'n', undefined, 'Staff nurse'));
figure(`${rows.toLocaleString('en-GB')} rows: last byte sent → review`, large.seconds, 's', { target: 6 * (rows / 150_000) });
figure(`${rows.toLocaleString('en-GB')} rows: memory grows by`, large.growth, 'MiB', { target: 100 });
const pages = [];
for (let turn = 0; turn < 40; turn += 1) {
  pages.push((await grace.get(`${large.path}?after=${Math.floor((rows * turn) / 40)}`)).took);
}
figure('a page of its review: 95th percentile', percentile(pages, 0.95), 'ms', { target: 10 });
