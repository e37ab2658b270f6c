// Very many small change files at once: 10,000 (FILES) lie in a customer's folder when the portal looks, and each changes the
// same person. They are taken in the order of their numbers, so each finds what the one before has left.
import { mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { figure, memory, pause } from './client.mjs';

const count = Number(process.env.FILES ?? 10_000);
const [customer, domain, collab] = (process.env.CHANGE_CUSTOMERS ?? '').split('\n').filter(Boolean)[0]?.split(' ') ?? [];
if (!customer) throw new Error('There are no customers: CUSTOMERS says how many the seed makes.');
const folder = path.join(process.env.PORTAL_CHANGE_FILES_FOLDER, customer);
const patience = 1_800_000;

const name = (number) => `${customer}_many_PRV_${number}`;
const address = `many@${domain}`;
const first = `EmailAddress,Action,SubscriptionId,GivenName,FamilyName,FederationType,SuppressInvitation
${address},Add,${collab},Morgan,Manifold,FEDERATED,SUPPRESS_ALL
`;
// A title that comes twice changes nothing: each file says another one.
const change = (number) => `EmailAddress,Action,JobTitle,SuppressInvitation
${address},Update,Clerk of day ${number},SUPPRESS_ALL
`;

for (const place of ['in', 'check', 'reports', 'done', 'refused']) mkdirSync(path.join(folder, place), { recursive: true });
const ready = path.join(folder, 'ready');
mkdirSync(ready);
const numbers = Array.from({ length: count }, (_, place) => place + 1);
for (const number of numbers) writeFileSync(path.join(ready, `${name(number)}.csv`), number === 1 ? first : change(number));

const before = memory();
let most = before;
const began = performance.now();
for (const number of numbers) renameSync(path.join(ready, `${name(number)}.csv`), path.join(folder, 'in', `${name(number)}.csv`));
const reports = path.join(folder, 'reports');
const told = () => readdirSync(reports).filter((file) => file.endsWith('.report.csv'));
for (;;) {
  most = Math.max(most, memory());
  const reported = told().length;
  if (reported === count) break;
  if (performance.now() - began > patience) throw new Error(`After half an hour there are ${reported} reports of ${count}.`);
  await pause(500);
}
const took = (performance.now() - began) / 1000;

const wrong = told().filter((file) => !/,Done,/.test(readFileSync(path.join(reports, file), 'utf8')));
if (wrong.length > 0) {
  throw new Error(`${wrong.length} files are not done, such as\n${readFileSync(path.join(reports, wrong[0]), 'utf8')}`);
}
const many = `${count.toLocaleString('en-GB')} change files at once`;
figure(`${many}: the last report is written`, took, 's');
figure(`${many}: files`, count / took, 'a second');
figure(`${many}: memory grows by`, most - before, 'MiB');
