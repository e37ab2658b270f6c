// Measures the portal as it is shipped, over HTTP, with the made-up people in a fresh SQLite database.
// `make bench` builds it, starts it and runs this; times are in milliseconds, as a browser on the same machine waits.
import { performance } from 'node:perf_hooks';

const base = process.env.BASE_URL ?? 'http://127.0.0.1:4998';
const rounds = Number(process.env.ROUNDS ?? 300);
let cookie = '';

async function send(path, form) {
  const answer = await fetch(base + path, {
    method: form ? 'POST' : 'GET',
    redirect: 'manual',
    headers: { cookie, origin: base, 'sec-fetch-site': 'same-origin' },
    body: form && new URLSearchParams(form),
  });
  for (const set of answer.headers.getSetCookie()) cookie = set.split(';')[0];
  const text = await answer.text();
  if (answer.status >= 400) throw new Error(`${path}: ${answer.status}\n${text.slice(0, 2000)}`);
  return { location: answer.headers.get('location'), text };
}

async function follow(path, form) {
  const answer = await send(path, form);
  return answer.location ? { ...(await send(answer.location)), location: answer.location } : answer;
}

async function timed(times, what) {
  const began = performance.now();
  const answer = await what();
  times.push(performance.now() - began);
  return answer;
}

function report(name, times) {
  const sorted = [...times].sort((one, other) => one - other);
  const at = (part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))].toFixed(1);
  console.log(`| ${name} | ${times.length} | ${at(0.5)} | ${at(0.95)} | ${at(1)} |`);
}

const hidden = (html, name) => html.match(new RegExp(`name="${name}"[^>]*value="([^"]*)"`))?.[1] ?? '';

await send('/sign-in', { address: 'ben.cartwright@health.example', password: process.env.PORTAL_SEED_PASSWORD, next: '/' });

const [check, result, whole, account, list, edit] = [[], [], [], [], [], []];
const people = (await send('/people')).text.match(/\/accounts\/[0-9a-f-]{36}/g);
for (let round = 0; round < rounds; round += 1) {
  const person = {
    'organisation': 'RIV',
    'first-name': ['Ada', 'Bea', 'Cay', 'Dot', 'Eve'][round % 5] + 'abcdefghij'[Math.floor(round / 5) % 10],
    'last-name': `Bench${'abcdefghijklmnopqrstuvwxyz'[round % 26]}${'abcdefghijklmnopqrstuvwxyz'[Math.floor(round / 26) % 26]}`,
    'local-id': `bench-${round}`,
    'job-title': 'Staff nurse',
    'email-address-choice': 'made',
  };
  const began = performance.now();
  const shown = await timed(check, () => follow('/accounts', person));
  const confirmation = { seen: hidden(shown.text, 'seen'), look_alikes: 'create' };
  await timed(result, () => follow(`${shown.location}/confirmation`, confirmation));
  whole.push(performance.now() - began);
  await timed(account, () => send(people[round % people.length]));
  await timed(list, () => send('/people'));
  await timed(edit, () => send(`${people[round % people.length]}/edit`));
}

console.log('| what | times | median | 95th percentile | slowest |');
console.log('|---|---|---|---|---|');
report('create: form posted → check page', check);
report('create: confirmed → result page', result);
report('create: both together', whole);
report('an account’s page', account);
report('the list of people', list);
report('the form to change an account', edit);
