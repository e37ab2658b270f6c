// The same files through the portal and through django-import-export, one after the other; both on SQLite.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Person } from './client.mjs';
import { apply, file, review } from './files.mjs';

const sizes = (process.env.PEER_ROWS ?? '10000 150000').split(' ').map(Number);
const ben = await Person.signIn('ben.cartwright@health.example');
const folder = mkdtempSync(path.join(os.tmpdir(), 'peers-'));
const shown = (seconds) => `${seconds.toFixed(seconds >= 10 ? 1 : 2)} s`;
const lines = [];

for (const rows of sizes) {
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
    const options = { env, encoding: 'utf8', timeout: Number(process.env.PEER_SECONDS ?? 900) * 1000, stdio: ['ignore', 'pipe', 'inherit'] };
    printed = execFileSync(process.env.PEER_PYTHON, ['end2end/bench/peer/measure.py', ...files], options);
  } catch (error) {
    console.error(`  ${rows} rows: django-import-export was not done (${error.code ?? error.status})`);
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
console.log(`\n${date}; ${os.cpus()[0].model.trim()}, ${os.cpus().length} cores. Check + apply, both on SQLite.\n`);
console.log('| what | django-import-export 4.4.3 | it takes | the portal takes | ratio |');
console.log('|---|---|---|---|---|');
console.log(lines.join('\n'));
