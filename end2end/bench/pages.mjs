// Pages and searches, in a directory of the size that was asked for.
import { Person, figure, homeOf, pause, percentile } from './client.mjs';

const local = await Person.signIn(process.env.SCOPE_ADMINISTRATOR);
const grace = await Person.signIn('grace.lindholm@health.example');

// Words as one types them, a letter after the other; names of the made-up federation, by how many people have them.
const words = {
  'common words': ['olivia', 'thomas', 'ashbourne'],
  'rare words': ['xanthe', 'langmond', 'xanthe langmond'],
  'fragments': ['ridge', 'horn', 'wick'],
};

async function asOneTypes(person, all) {
  const times = [];
  for (let turn = 0; turn < 3; turn += 1) {
    for (const word of all) {
      for (let length = 2; length <= word.length; length += 1) {
        const answer = await person.post('/api/find-people', { words: word.slice(0, length) });
        if (answer.status !== 200) throw new Error(`a search: ${answer.status} ${answer.text}`);
        times.push(answer.took);
      }
    }
  }
  return percentile(times, 0.95);
}

for (const [kind, all] of Object.entries(words)) {
  figure(`search as one types, scope of ${process.env.SCOPE_PEOPLE}: ${kind}`, await asOneTypes(local, all), 'ms', { target: 20 });
}
for (const [kind, all] of Object.entries(words)) {
  figure(`search as one types, nationally: ${kind}`, await asOneTypes(grace, all), 'ms', { target: 50 });
}

// A list's first page, and the thousandth, or the last where there are fewer.
let [path, number] = ['/people', 1];
for (; number < 1000; number += 1) {
  const next = (await grace.get(path)).text.match(/href="(\/people\?[^"]*after=[^"]*)"/)?.[1];
  if (!next) break;
  path = next.replaceAll('&amp;', '&');
}
const [first, far] = [[], []];
for (let turn = 0; turn < 30; turn += 1) {
  first.push((await grace.get('/people')).took);
  far.push((await grace.get(path)).took);
}
figure('the national list, page 1: median', percentile(first, 0.5), 'ms');
figure(`the national list, page ${number.toLocaleString('en-GB')}: median`, percentile(far, 0.5), 'ms', { target: percentile(first, 0.5) * 1.2 });

// Fifty people of an ordinary scope.
const list = (await local.get('/people')).text;
const people = [...new Set(list.match(/\/accounts\/[0-9a-f-]{36}/g))].slice(0, 20);
const paths = [
  '/', '/people', '/people?kind=contacts', '/people?words=olivia', '/people/upcoming', '/directory', '/uploads', '/uploads/new',
  '/administrators', '/offers', '/audit', '/me', `/accounts/new?organisation=${await homeOf(local)}`,
  ...people, ...people.map((person) => `${person}/edit`),
];
const times = new Map(paths.map((path) => [path, []]));
let largest = { size: 0 };

async function clients(count, seconds, thinks) {
  const all = [];
  const until = Date.now() + seconds * 1000;
  const client = async (place) => {
    const visitor = new Person();
    visitor.cookie = local.cookie;
    if (thinks) await pause(Math.random() * thinks);
    for (let turn = place; Date.now() < until; turn += 1) {
      const path = paths[(turn * 7 + place) % paths.length];
      const answer = await visitor.get(path);
      if (answer.status !== 200) throw new Error(`${path}: ${answer.status}`);
      all.push(answer.took);
      times.get(path).push(answer.took);
      if (answer.bytes.length > largest.size) largest = { size: answer.bytes.length, path };
      if (thinks) await pause(thinks * (0.5 + Math.random()));
    }
  };
  await Promise.all(Array.from({ length: count }, (_, place) => client(place)));
  return all;
}

await clients(5, 3, 0);
for (const all of times.values()) all.length = 0;
const calm = await clients(50, 20, 1000);
figure('any page, 50 people who look at each for a second: 95th percentile', percentile(calm, 0.95), 'ms', { target: 10 });
const slowest = [...times].map(([path, all]) => [path, percentile(all, 0.5)]).sort((one, other) => other[1] - one[1]);
console.error('  slowest:', slowest.slice(0, 5).map(([path, time]) => `${path.replace(/[0-9a-f-]{36}/, '…')} ${time.toFixed(1)} ms`).join(', '));
const hasty = await clients(50, 10, 0);
figure('any page, 50 who do not pause at all: 95th percentile', percentile(hasty, 0.95), 'ms');
figure('pages a second', hasty.length / 10, 'a second');
figure(`the largest page (${largest.path.replace(/[0-9a-f-]{36}/, '…')})`, largest.size / 1024, 'KiB', { target: 100 });
