// Measures pages while very many people sign in at the same moment. `make load-sign-in` builds the portal as it is
// shipped, starts it and runs this; times are in milliseconds. It fails where a sign-in gets no answer, or where 19 of 20
// pages do not come within 100 ms meanwhile.
import http from 'node:http';
import { performance } from 'node:perf_hooks';

const base = new URL(process.env.BASE_URL ?? 'http://127.0.0.1:3998');
const burst = Number(process.env.BURST ?? 500);
const aim = Number(process.env.AIM ?? 100);
const password = process.env.PORTAL_SEED_PASSWORD;
const given = (number) => `given-for-once-${number}`;

// One request, with or without a connection that is kept.
function send(path, { form, cookie, agent } = {}) {
  const body = form && new URLSearchParams(form).toString();
  const headers = { 'sec-fetch-site': 'same-origin' };
  if (cookie) headers.cookie = cookie;
  if (body) {
    headers['content-type'] = 'application/x-www-form-urlencoded';
    headers['content-length'] = Buffer.byteLength(body);
  }
  const began = performance.now();
  return new Promise((resolve) => {
    const options = { host: base.hostname, port: base.port, path, method: body ? 'POST' : 'GET', headers, agent: agent ?? false };
    const request = http.request(options, (answer) => {
      answer.resume();
      answer.on('end', () => {
        const set = answer.headers['set-cookie']?.[0].split(';')[0];
        resolve({ status: answer.statusCode, cookie: set, took: performance.now() - began });
      });
      answer.on('error', () => resolve({ status: 'broken off', took: performance.now() - began }));
    });
    request.on('error', (error) => resolve({ status: error.code ?? error.message, took: performance.now() - began }));
    request.end(body);
  });
}

const signIn = (name, password) => send('/sign-in', { form: { address: `${name}@health.example`, password, next: '/' } });

// A name of letters for each number.
const named = (number) => String(number).replace(/\d/g, (digit) => 'abcdefghij'[digit]);

// As many people as will sign in, each with a password of their own, from a file like any other.
async function invite(cookie) {
  const rows = ['LocalID,ODSCode,FirstName,LastName,Password'];
  for (let number = 0; number < burst; number += 1) rows.push(`L${number},RIV,Zola,Q${named(number)},${given(number)}`);
  const form = new FormData();
  form.set('file', new Blob([rows.join('\n') + '\n'], { type: 'text/csv' }), 'newcomers.csv');
  const ask = (path, more) =>
    fetch(new URL(path, base), { redirect: 'manual', ...more, headers: { cookie, 'sec-fetch-site': 'same-origin' } });
  const path = (await ask('/uploads/new', { method: 'POST', body: form })).headers.get('location');
  const shows = async (text) => {
    for (let tries = 0; tries < 600; tries += 1) {
      const page = await (await ask(path)).text();
      if (page.includes(text)) return page;
      await pause(200);
    }
    throw new Error(`${path} never shows ${text}`);
  };
  const [, seen] = (await shows('name="seen"')).match(/name="seen" value="(\d+)"/);
  await ask(`${path}/confirmation`, { method: 'POST', body: new URLSearchParams({ seen, look_alikes: 'create' }) });
  await shows(`${burst} accounts created`);
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

// Four people who are signed in look at one page after the other, as long as something goes on.
async function look(cookies, goesOn) {
  const pages = ['/', '/people', '/directory', '/uploads'];
  const looked = [];
  const visitor = async (cookie, place) => {
    const agent = new http.Agent({ keepAlive: true });
    for (let turn = place; goesOn(); turn += 1) {
      looked.push(await send(pages[turn % pages.length], { cookie, agent }));
      await pause(20);
    }
    agent.destroy();
  };
  await Promise.all(cookies.map(visitor));
  return looked;
}

const at = (times, part) => times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? Number.NaN;

function report(name, answers) {
  const times = answers.map((answer) => answer.took).sort((one, other) => one - other);
  const figures = [0.5, 0.95, 1].map((part) => at(times, part).toFixed(1));
  console.log(`| ${name} | ${times.length} | ${figures.join(' | ')} |`);
  return at(times, 0.95);
}

const cookies = [];
for (let number = 0; number < 4; number += 1) cookies.push((await signIn('ben.cartwright', password)).cookie);
if (cookies.some((cookie) => !cookie)) throw new Error('nobody can sign in; is PORTAL_SEED_PASSWORD that of the people?');

await invite(cookies[0]);

const until = performance.now() + 3000;
const before = await look(cookies, () => performance.now() < until);

let waiting = burst;
const began = performance.now();
const signIns = Promise.all(
  Array.from({ length: burst }, async (_, number) => {
    const answer = await signIn(`zola.q${named(number)}`, given(number));
    waiting -= 1;
    return answer;
  }),
);
const during = await look(cookies, () => waiting > 0);
const signedIn = await signIns;
const took = (performance.now() - began) / 1000;

console.log('| what | times | median | 95th percentile | slowest |');
console.log('|---|---|---|---|---|');
report('a page, with nothing else going on', before);
const slow = report(`a page, while ${burst} people sign in`, during);
report('a sign-in of the burst', signedIn);

const outcomes = {};
for (const { status } of signedIn) outcomes[status] = (outcomes[status] ?? 0) + 1;
const answers = Object.entries(outcomes).map(([status, count]) => `${count} × ${status}`);
console.log(`\nThe burst took ${took.toFixed(1)} s, ${(burst / took).toFixed(0)} sign-ins a second: ${answers.join(', ')}.`);

const unanswered = signedIn.filter(({ status }) => typeof status !== 'number' || status === 500);
const failed = [...before, ...during].filter(({ status }) => status !== 200);
if (unanswered.length > 0) console.log(`${unanswered.length} sign-ins got no answer.`);
if (failed.length > 0) console.log(`${failed.length} pages did not come: ${[...new Set(failed.map(({ status }) => status))]}.`);
if (slow > aim) console.log(`Missed: 19 of 20 pages are to come within ${aim} ms.`);
process.exitCode = unanswered.length > 0 || failed.length > 0 || slow > aim ? 1 : 0;
