// Forms and pages one after the other, as one person waits for them who looks after the demonstration's trust.
import { performance } from 'node:perf_hooks';
import { Person, figure, hidden, percentile } from './client.mjs';

// So that it can be measured again in the same directory.
const mark = Array.from({ length: 6 }, () => 'abcdefghijklmnopqrstuvwxyz'[Math.floor(Math.random() * 26)]).join('');
const rounds = Number(process.env.ROUNDS ?? 200);
const ben = await Person.signIn('ben.cartwright@health.example');

async function timed(times, what) {
  const began = performance.now();
  let answer = await what();
  const { location } = answer.headers;
  if (location) answer = { ...(await ben.get(location)), location };
  times.push(performance.now() - began);
  if (answer.status >= 400) throw new Error(`${answer.status}\n${answer.text.slice(0, 2000)}`);
  return answer;
}

const [check, result, whole, account, list, edit] = [[], [], [], [], [], []];
const people = (await ben.get('/people')).text.match(/\/accounts\/[0-9a-f-]{36}/g);
for (let round = 0; round < rounds; round += 1) {
  const person = {
    'organisation': 'RIV',
    'first-name': ['Ada', 'Bea', 'Cay', 'Dot', 'Eve'][round % 5] + 'abcdefghij'[Math.floor(round / 5) % 10],
    'last-name': `Bench${mark}${'abcdefghijklmnopqrstuvwxyz'[round % 26]}${'abcdefghijklmnopqrstuvwxyz'[Math.floor(round / 26) % 26]}`,
    'local-id': `bench-${mark}-${round}`,
    'job-title': 'Staff nurse',
    'email-address-choice': 'made',
  };
  const began = performance.now();
  const shown = await timed(check, () => ben.post('/accounts/new', person));
  const confirmation = { seen: hidden(shown.text, 'seen'), look_alikes: 'create' };
  await timed(result, () => ben.post(`${shown.location}/confirmation`, confirmation));
  whole.push(performance.now() - began);
  await timed(account, () => ben.get(people[round % people.length]));
  await timed(list, () => ben.get('/people'));
  await timed(edit, () => ben.get(`${people[round % people.length]}/edit`));
}

const told = (name, times, more) => figure(`${name}: median`, percentile(times, 0.5), 'ms', more);
told('creating by a form: posted → check page', check);
told('creating by a form: confirmed → result page', result);
figure('creating by a form: both together: 95th percentile', percentile(whole, 0.95), 'ms', { target: 30 });
told('an account’s page, nobody else there', account);
told('the list of people, nobody else there', list);
told('the form to change an account, nobody else there', edit);
