// The sync service: forty programs that feed an organisation each, all at once; and one that reads everybody.
import { performance } from 'node:perf_hooks';
import { base, figure, memory } from './client.mjs';
import { letters } from './files.mjs';
import { Connector, load } from './sync-load.mjs';

const seconds = Number(process.env.SYNC_SECONDS ?? 20);
const most = Number(process.env.SYNC_READS ?? Infinity);
// What is to be reached a second, as for the peers a durable commit each; and the longest that all but one in a hundred take.
const aims = { SQLite: [1_000, 2_000, 5_000], PostgreSQL: [600, 1_000, 3_000] };
const [creates, patches, finds] = aims[process.env.DATABASE ?? 'SQLite'];
const longest = 100;
const url = `${base.href.replace(/\/$/, '')}/scim/v2`;
const lines = (process.env.SYNC_TOKENS ?? '').split('\n').filter(Boolean);
if (lines.length < 2) throw new Error('There are no connectors: CONNECTORS says how many the seed makes.');
// So that it can be measured again in the same directory.
const run = letters(Math.floor(Math.random() * 26 ** 4), 4);
const [reader, ...feeders] = lines.map((line, place) => {
  const [token, organisations] = line.split(' ');
  return new Connector({ url, token, organisation: organisations.split(',')[0], mark: `${run}${letters(place, 2)}` });
});

const both = (what, { rate, median, most }, { least, longest }) => {
  figure(`${feeders.length} connectors: ${what}`, rate, 'a second', least && { target: least, atLeast: true });
  figure(`${feeders.length} connectors: ${what}: median`, median, 'ms');
  figure(`${feeders.length} connectors: ${what}: 99th percentile`, most, 'ms', longest && { target: longest });
};

// What the process and the database take once.
await load(feeders, 2, (connector) => connector.create());
both('accounts created', await load(feeders, seconds, (connector) => connector.create()), { least: creates, longest });
both('accounts changed (PATCH)', await load(feeders, seconds, (connector, turn) => connector.patch(turn)), { least: patches, longest });
both('accounts found by user name', await load(feeders, seconds, (connector, turn) => connector.find(turn)), { least: finds, longest });

// Everybody by cursor, a thousand a page, as whoever compares all reads them.
const before = memory();
let peak = before;
const watch = setInterval(() => (peak = Math.max(peak, memory())), 20);
const began = performance.now();
const pages = [];
let people = 0;
for (let cursor = ''; cursor !== undefined && people < most; ) {
  const page = await reader.expect(200, 'GET', `/Users?count=1000&cursor=${cursor}`);
  const { Resources: found, nextCursor } = page.json();
  people += found.length;
  pages.push(page.took);
  cursor = nextCursor;
}
const took = (performance.now() - began) / 1000;
clearInterval(watch);
const all = people.toLocaleString('en-GB');
figure(`${all} people read by cursor`, took, 's', { target: 90 * (people / 1_500_000) });
figure(`${all} people read by cursor: longest page of 1,000`, Math.max(...pages), 'ms');
figure(`${all} people read by cursor: memory grows by`, peak - before, 'MiB', { target: 50 });

// What somebody reads who has read everybody before: only what has changed.
const token = (await reader.expect(200, 'GET', '/Users/.deltaToken')).json().value;
await load(feeders, 5, (connector, turn) => connector.patch(turn));
const follows = performance.now();
let changes = 0;
for (let cursor = ''; cursor !== undefined; ) {
  const body = { schemas: ['urn:ietf:params:scim:api:messages:2.0:delta:request'], deltaToken: token, count: 1000, cursor };
  const { Resources: told, nextCursor } = (await reader.expect(200, 'POST', '/Users/.delta', body)).json();
  changes += told.length;
  cursor = nextCursor;
}
if (changes === 0) throw new Error('The feed tells of no changes.');
figure('changes followed by the feed', changes / ((performance.now() - follows) / 1000), 'a second');
for (const connector of [reader, ...feeders]) connector.close();
