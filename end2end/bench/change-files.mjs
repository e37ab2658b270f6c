// A large change file: a customer adds people with seats, changes them, and takes some of them away again. First it is only
// checked, then applied.
import { mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { figure, memory, pause } from './client.mjs';
import { letters } from './files.mjs';

const count = Number(process.env.CHANGE_ROWS ?? 100_000);
const customers = (process.env.CHANGE_CUSTOMERS ?? '').split('\n').filter(Boolean).map((line) => line.split(' '));
if (customers.length === 0) throw new Error('There are no customers: CUSTOMERS says how many the seed makes.');
const [customer, domain, collab, mail, bundle] = customers[0];
const folder = path.join(process.env.PORTAL_CHANGE_FILES_FOLDER, customer);
const rowsEach = 5;
const people = Math.floor(count / rowsEach);

const fields = ['EmailAddress', 'Action', 'SubscriptionId', 'GivenName', 'FamilyName', 'Password', 'AltEmailAddress', 'JobTitle'];
fields.push('Telephone', 'SuppressInvitation', 'FederationType', 'CollabExtraStorage', 'MailExtraStorage');

const capital = (word) => word[0].toUpperCase() + word.slice(1);

// What happens to one person, in its order. One in a hundred begins with a password, which takes long to hash.
function story(person) {
  const telephone = `01632 960${String(person % 1000).padStart(3, '0')}`;
  const alternate = { AltEmailAddress: `p${person}@home.example` };
  const quiet = { SuppressInvitation: 'SUPPRESS_ALL' };
  const name = { GivenName: capital(letters(person * 7919 + 11, 6)), FamilyName: capital(letters(person * 104_729 + 7, 7)) };
  const type = { FederationType: person % 2 === 0 ? 'FEDERATED' : 'NON_FEDERATED' };
  const add = (more) => ({ Action: 'Add', ...name, ...type, ...quiet, ...more });
  const update = (JobTitle) => ({ Action: 'Update', JobTitle, Telephone: telephone, ...quiet });
  if (person % 100 === 99) {
    const first = add({ SubscriptionId: bundle, Password: `Tulip-harbour-${person}`, ...alternate });
    return [first, update('Nurse'), { Action: 'Suspend' }, { Action: 'Resume' }, update('Matron')];
  }
  const withCollab = add({ SubscriptionId: collab });
  switch (person % 4) {
    case 0:
      return [withCollab, update('Nurse'), { Action: 'Suspend' }, { Action: 'Resume' }, update('Matron')];
    case 1:
      return [
        withCollab,
        { Action: 'AssignSeat', SubscriptionId: mail, ...alternate, ...quiet },
        { Action: 'ChangeStorage', SubscriptionId: collab, CollabExtraStorage: '2' },
        { Action: 'RevokeSeat', SubscriptionId: 'MAIL' },
        update('Porter'),
      ];
    case 2:
      return [
        add({}),
        { Action: 'AssignSeat', SubscriptionId: collab, ...quiet },
        update('Clerk'),
        { Action: 'Suspend' },
        { Action: 'Remove' },
      ];
    default:
      return [
        withCollab,
        { Action: 'ChangeSeat', SubscriptionId: bundle, ...alternate },
        update('Surgeon'),
        { Action: 'ChangeStorage', SubscriptionId: bundle, MailExtraStorage: '1' },
        { Action: 'RevokeSeat', SubscriptionId: 'BUNDLE' },
      ];
  }
}

// The rows of one person stand far apart, and not all begin at the same time, so that the actions are mixed throughout.
function file() {
  const lines = [fields.join(',')];
  const stories = Array.from({ length: people }, (_, person) => story(person));
  for (let round = 0; round < 2 * rowsEach - 1; round += 1) {
    for (const [person, rows] of stories.entries()) {
      const row = rows[round - (person % rowsEach)];
      if (!row) continue;
      const cells = { EmailAddress: `p${person}@${domain}`, ...row };
      lines.push(fields.map((field) => cells[field] ?? '').join(','));
    }
  }
  return `${lines.join('\r\n')}\r\n`;
}

async function reportOf(name) {
  const reports = path.join(folder, 'reports');
  for (const end = performance.now() + 3_600_000; performance.now() < end; await pause(200)) {
    const report = readdirSync(reports).find((found) => found.startsWith(name) && found.endsWith('.report.csv'));
    if (report) return readFileSync(path.join(reports, report), 'utf8');
  }
  throw new Error(`${name}: no report within an hour`);
}

// Drops a file whole, and waits for its report. Gives the seconds and the most memory that it took.
async function drop(place, number, text) {
  const name = `${customer}_bench_PRV_${number}`;
  writeFileSync(path.join(folder, place, `${name}.tmp`), text);
  const before = memory();
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, memory())), 50);
  const began = performance.now();
  renameSync(path.join(folder, place, `${name}.tmp`), path.join(folder, place, `${name}.csv`));
  const report = await reportOf(name);
  const seconds = (performance.now() - began) / 1000;
  clearInterval(watch);
  const wrong = report.split('\r\n').filter((line) => /,(Rejected|Held|NotAttempted),/.test(line));
  if (wrong.length > 0) throw new Error(`${name}: ${wrong.length} lines are not done, such as\n${wrong.slice(0, 5).join('\n')}`);
  return { seconds, growth: most - before };
}

for (const place of ['in', 'check', 'reports', 'done', 'refused']) mkdirSync(path.join(folder, place), { recursive: true });
const text = file();
const rows = people * rowsEach;
const many = `change file of ${rows.toLocaleString('en-GB')} rows of mixed actions`;

const checked = await drop('check', 1, text);
figure(`${many}: the report of its rehearsal`, checked.seconds, 's');
figure(`${many}: rows checked`, rows / checked.seconds, 'a second');
const applied = await drop('in', 2, text);
figure(`${many}: applied, and its report written`, applied.seconds, 's');
figure(`${many}: rows applied`, rows / applied.seconds, 'a second');
figure(`${many}: memory grows by`, Math.max(checked.growth, applied.growth), 'MiB');
