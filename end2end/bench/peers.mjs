// The same files through the portal and through django-import-export, one after the other; both on SQLite.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Person } from './client.mjs';
import { apply, file, review } from './files.mjs';

const sizes = (process.env.PEER_ROWS ?? '10000 150000').split(' ').map(Number);
const run = promisify(execFile);
const folder = mkdtempSync(path.join(os.tmpdir(), 'peers-'));
const shown = (seconds) => `${seconds.toFixed(seconds >= 10 ? 1 : 2)} s`;
const lines = [];

for (const rows of sizes) {
  // The other one takes minutes, in which the portal hangs up and the session may end.
  const ben = await Person.signIn('ben.cartwright@health.example');
  const ours = {};
  const files = [];
  for (const [kind, jobTitle] of [['create', 'Staff nurse'], ['update', 'Ward manager']]) {
    const text = file(rows, `p${rows}-`, 'RIV', jobTitle);
    files.push(path.join(folder, `${rows}-${kind}.csv`));
    writeFileSync(files.at(-1), text);
    const planned = await review(ben, `${kind}.csv`, text);
    ours[kind] = { check: planned.seconds, apply: await apply(ben, planned) };
  }
  const env = { ...process.env, PEER_DATABASE: path.join(folder, `${rows}.db`) };
  let printed = '';
  try {
    // Waited for and not blocked on: meanwhile Node.js must notice which connections the portal closes. A file that is
    // written into a closed one breaks off with EPIPE.
    const time = Number(process.env.PEER_SECONDS ?? 3600) * 1000;
    const child = run(process.env.PEER_PYTHON, ['end2end/bench/peer/measure.py', ...files], { env, timeout: time });
    child.child.stderr.pipe(process.stderr);
    printed = (await child).stdout;
  } catch (error) {
    console.error(`  ${rows} rows: django-import-export was not done to the end (${error.killed ? 'out of time' : error.code})`);
    process.exitCode = 1;
    printed = error.stdout ?? '';
  }
  for (const { options, kind, check, apply: import_, there } of printed.trim().split('\n').filter(Boolean).map(JSON.parse)) {
    if (there !== rows) throw new Error(`${there} of ${rows} rows were imported`);
    const own = ours[kind];
    const ratio = (check + import_) / (own.check + own.apply);
    const peer = options === 'plain' ? 'with its preview' : 'bulk, without a preview';
    lines.push(`| ${rows.toLocaleString('en-GB')} rows that ${kind} | ${peer} | ${shown(check)} + ${shown(import_)} | ${shown(own.check)} + ${shown(own.apply)} | ${ratio.toFixed(1)} |`);
  }
}
rmSync(folder, { recursive: true });

const date = new Date().toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });
console.log(`\n${date}; ${os.cpus()[0].model.trim()}, ${os.cpus().length} cores. Check + apply, both on SQLite, each commit synced.\n`);
console.log('| what | django-import-export 4.4.3 | it takes | the portal takes | ratio |');
console.log('|---|---|---|---|---|');
console.log(lines.join('\n'));
