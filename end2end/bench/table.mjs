// Prints the figures of one run: what, target, and what was measured on each database.
import { readFileSync } from 'node:fs';
import os from 'node:os';

const lines = readFileSync(process.env.FIGURES, 'utf8').trim().split('\n').map((line) => JSON.parse(line));
const all = lines.filter(({ what }) => what);
const databases = [...new Set(all.map(({ database }) => database))];
const number = (value) => (value >= 100 ? Math.round(value).toLocaleString('en-GB') : value.toFixed(value >= 10 ? 1 : 2));

function told(found) {
  if (!found) return '–';
  const value = `${number(found.value)} ${found.unit}`;
  if (found.target === undefined) return value;
  const isMet = found.atLeast ? found.value >= found.target : found.value <= found.target;
  const target = `${found.atLeast ? 'at least' : 'at most'} ${number(found.target)}`;
  return `${value} (${target}): ${isMet ? 'met' : '**missed**'}`;
}

const { model } = os.cpus()[0];
const memory = Math.round(os.totalmem() / 2 ** 30);
const date = new Date().toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });
const count = (name) => Number(process.env[name]).toLocaleString('en-GB');
console.log(`\n${date}; ${model.trim()}, ${os.cpus().length} cores that the measuring shares, ${memory} GiB;`);
console.log(`${count('PEOPLE')} people in ${count('ORGANISATIONS')} organisations.`);
for (const { database, condition } of lines) if (condition) console.log(`${database}: ${condition}.`);
console.log();
console.log(`| what | ${databases.join(' | ')} |`);
console.log(`|---|${databases.map(() => '---|').join('')}`);
for (const what of new Set(all.map(({ what }) => what))) {
  const cells = databases.map((database) => told(all.find((one) => one.what === what && one.database === database)));
  console.log(`| ${what} | ${cells.join(' | ')} |`);
}
