// Files: how soon their review is there, what memory they take, how fast they are applied, and whom that keeps waiting.
import { Person, figure, homeOf, pause, percentile } from './client.mjs';
import { apply, file, letters, review } from './files.mjs';

const rows = Number(process.env.ROWS ?? 150_000);
const isSqlite = process.env.DATABASE === 'SQLite';

// Forms that somebody else sends meanwhile, each planned and kept like any other.
async function forms(person, organisation, goesOn) {
  const waited = [];
  for (let number = 0; goesOn(); number += 1) {
    const answer = await person.post('/accounts/new', {
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

async function applyBeside(person, planned, other) {
  let isOver = false;
  const waiting = forms(other.person, other.organisation, () => !isOver);
  const seconds = await apply(person, planned);
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
const created = await applyBeside(local, creating, other);
figure('applying: accounts created', TEN / created.seconds, 'a second', { target: isSqlite ? 20_000 : 10_000, atLeast: true });
const updating = await review(local, 'updates.csv', file(TEN, 'c', organisation, 'Ward manager'));
figure('10,000 rows that update: last byte sent → review', updating.seconds, 's', { target: 0.5 });
const updated = await applyBeside(local, updating, other);
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
