// An evening of files by email: each of many organisations sends its staff list, gets a receipt, and has it applied by the run.
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { figure, memory, pause } from './client.mjs';
import { file, letters } from './files.mjs';

const rows = Number(process.env.EMAIL_ROWS ?? 500);
const senders = (process.env.EMAIL_SENDERS ?? '').split('\n').filter(Boolean).map((line) => line.split(' '));
if (senders.length === 0) throw new Error('There are no senders: SENDERS says how many the seed makes.');
const [inbox, outbox] = [process.env.PORTAL_EMAIL_MAILDIR, process.env.PORTAL_MAIL_FOLDER];
const server = 'mx.health.example';

function mail(address, organisation, number) {
  const name = `staff ${organisation}.csv`;
  // Nobody of one file is named like somebody of another: this is about many files, not about questions.
  const text = file(rows, `e${number}-`, organisation, 'Staff nurse').replaceAll('z,', `${letters(number, 3)}z,`);
  const id = `${number}.${process.pid}@${server}`;
  const part = '=_measured';
  return [
    `Return-Path: <${address}>`,
    `Authentication-Results: ${server}; auth=pass smtp.auth=${address} smtp.mailfrom=${address}`,
    `From: <${address}>`,
    'To: connector.data@health.example',
    'Subject: Staff list',
    `Message-ID: <${id}>`,
    'MIME-Version: 1.0',
    `Content-Type: multipart/mixed; boundary="${part}"`,
    '',
    `--${part}`,
    `Content-Type: text/csv; name="${name}"`,
    `Content-Disposition: attachment; filename="${name}"`,
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from(text).toString('base64').replace(/.{76}/g, '$&\r\n'),
    `--${part}--`,
    '',
  ].join('\r\n');
}

// Letters of a kind that are in the folder by now; those that were read once are not read again.
const subjects = new Map();
function answered(about) {
  for (const name of readdirSync(outbox)) {
    if (name.endsWith('.eml') && !subjects.has(name)) {
      subjects.set(name, /^Subject: (.*)$/m.exec(readFileSync(path.join(outbox, name), 'utf8').slice(0, 4_000))?.[1] ?? '');
    }
  }
  return [...subjects.values()].filter((subject) => about.test(subject)).length;
}

async function until(isSo, what) {
  for (const end = performance.now() + 3_600_000; performance.now() < end; await pause(200)) {
    if (isSo()) return;
  }
  throw new Error(`${what}: not within an hour`);
}

const since = (began) => (performance.now() - began) / 1000;
const many = `${senders.length.toLocaleString('en-GB')} files of ${rows} rows by email`;

for (const [number, [address, organisation]] of senders.entries()) {
  writeFileSync(path.join(inbox, 'tmp', `${number}.bench`), mail(address, organisation, number));
}
let before = memory();
let peak = before;
const watch = setInterval(() => (peak = Math.max(peak, memory())), 50);
const sent = performance.now();
for (const number of senders.keys()) renameSync(path.join(inbox, 'tmp', `${number}.bench`), path.join(inbox, 'new', `${number}.bench`));
await until(() => readdirSync(path.join(inbox, 'new')).length === 0, 'taking mails');
const taken = since(sent);
figure(`${many}: all are taken`, taken, 's');
figure(`${many}: mails taken`, senders.length / taken, 'a second');
await until(() => answered(/received/) >= senders.length, 'receipts');
figure(`${many}: all receipts are written`, since(sent), 's');
figure(`${many}: rows checked`, (senders.length * rows) / since(sent), 'a second');

const begun = performance.now();
execFileSync(process.env.SERVER_PROGRAM, ['connector', 'run'], { stdio: ['ignore', 'ignore', 'inherit'] });
figure(`${many}: the run has decided`, since(begun), 's');
await until(() => answered(/applied/) >= senders.length, 'results');
figure(`${many}: applied, and all results are written`, since(begun), 's');
figure(`${many}: rows applied`, (senders.length * rows) / since(begun), 'a second');
clearInterval(watch);
figure(`${many}: memory grows by`, peak - before, 'MiB');
