// Writes down under what the figures of a database are measured: what it waits for at a commit, and what that costs here.
//
//   node conditions.mjs FOLDER    where the database lies
import { closeSync, fdatasyncSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { condition, percentile } from './client.mjs';

const [folder] = process.argv.slice(2);
const file = path.join(folder, 'sync');
const block = Buffer.alloc(4096, 1);
const times = [];
const open = openSync(file, 'w');
for (let turn = 0; turn < 200; turn += 1) {
  writeSync(open, block, 0, block.length, (turn % 50) * block.length);
  const began = performance.now();
  fdatasyncSync(open);
  times.push(performance.now() - began);
}
closeSync(open);
rmSync(file);

const TMPFS = 0x01021994;
const disk = statfsSync(folder).type === TMPFS ? ', **in memory: nothing is durable here**' : '';
const synchronous = process.env.PORTAL_SQLITE_SYNCHRONOUS ?? 'full';
const settings = process.env.DATABASE === 'PostgreSQL' ? process.env.POSTGRES_SETTINGS : `synchronous=${synchronous}`;
const [median, most] = [percentile(times, 0.5), percentile(times, 0.95)].map((time) => time.toFixed(2));
condition(`${settings}; a sync of 4 KiB takes ${median} ms (95th percentile ${most})${disk}`);
