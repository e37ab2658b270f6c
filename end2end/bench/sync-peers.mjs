// The same SCIM requests to the portal, to django-scim2 (both on SQLite, each commit synced) and to SCIMMY (in memory).
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { base, pause } from './client.mjs';
import { letters } from './files.mjs';
import { Connector, load } from './sync-load.mjs';

const seconds = Number(process.env.SYNC_SECONDS ?? 10);
const [, ...tokens] = (process.env.SYNC_TOKENS ?? '').split('\n').filter(Boolean).map((line) => line.split(' '));
const folder = mkdtempSync(path.join(os.tmpdir(), 'peers-sync-'));
const project = path.resolve('end2end/bench/peer-sync');
const [bin, port] = [path.join(process.env.PEER_FOLDER, 'bin'), 4894];
const env = { ...process.env, PEER_DATABASE: path.join(folder, 'people.db'), DJANGO_SETTINGS_MODULE: 'settings' };
const elsewhere = `http://127.0.0.1:${port}/scim/v2`;

const services = [
  { name: 'the portal', url: `${base.href.replace(/\/$/, '')}/scim/v2` },
  {
    name: 'django-scim2 0.23.0',
    url: elsewhere,
    start() {
      execFileSync(`${bin}/python`, ['-m', 'django', 'migrate', '--run-syncdb', '-v0'], { cwd: project, env });
      const workers = ['--workers', String(os.cpus().length), '--threads', '4', '--keep-alive', '60', '--log-level', 'error'];
      return spawn(`${bin}/gunicorn`, ['--bind', `127.0.0.1:${port}`, ...workers, 'people.views:application'], { cwd: project, env, stdio: 'inherit' });
    },
  },
  {
    name: 'SCIMMY 1.3.5, in memory',
    url: elsewhere,
    start: () => spawn(process.execPath, [path.join(project, 'memory.mjs'), process.env.PEER_FOLDER, String(port)], { stdio: 'inherit' }),
  },
];

async function answers(connector) {
  for (let tries = 0; tries < 100; tries += 1) {
    const answer = await connector.send('GET', '/Users?count=1').catch(() => undefined);
    if (answer?.status === 200) return;
    await pause(100);
  }
  throw new Error(`${connector.url} does not answer`);
}

async function measured({ url, start }) {
  const child = start?.();
  const connectors = tokens.map(([token, organisation], place) => {
    const own = start ? { token: 'anybody' } : { token, organisation };
    return new Connector({ url, ...own, mark: `pe${letters(place, 2)}` });
  });
  try {
    await answers(connectors[0]);
    await load(connectors, 2, (connector) => connector.create());
    return [
      await load(connectors, seconds, (connector) => connector.create()),
      await load(connectors, seconds, (connector, turn) => connector.patch(turn, 'name.familyName')),
      await load(connectors, seconds, (connector, turn) => connector.find(turn)),
    ];
  } finally {
    for (const connector of connectors) connector.close();
    if (child) {
      const gone = new Promise((resolve) => child.on('exit', resolve));
      child.kill();
      await gone;
    }
  }
}

const all = [];
try {
  for (const service of services) all.push([service.name, await measured(service)]);
} finally {
  rmSync(folder, { recursive: true });
}

const date = new Date().toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });
console.log(`\n${date}; ${os.cpus()[0].model.trim()}, ${os.cpus().length} cores that the measuring shares; ${tokens.length} programs at once.`);
console.log('The portal has 10,000 people before, the others nobody.\n');
console.log('| what | service | a second | 99th percentile | the portal does so many times as much |');
console.log('|---|---|---|---|---|');
const [[, own]] = all;
['POST of somebody new', 'PATCH of a last name', 'GET by user name'].forEach((what, place) => {
  for (const [name, figures] of all) {
    const { rate, most } = figures[place];
    const ratio = figures === own ? '' : (own[place].rate / rate).toFixed(1);
    console.log(`| ${what} | ${name} | ${rate.toFixed(0)} | ${most.toFixed(1)} ms | ${ratio} |`);
  }
});
