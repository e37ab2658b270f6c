import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
const url = process.env.TEST_POSTGRES_URL;
const ids = Array.from({ length: 1000 }, (_, n) => `'n${n}'`);
const cols = 'account.root, account.local_id, account.id';
const q = {
 A: `SELECT ${cols} FROM account WHERE root IN ('/R0000/','/R0001/') AND local_id IN (${ids})`,
 A1: `SELECT ${cols} FROM account WHERE root IN ('R0000') AND local_id IN (${ids})`,
 A2: `SELECT ${cols} FROM account WHERE root IN ('R0000','R0001') AND local_id IN (${ids})`,
 B: `SELECT ${cols} FROM account JOIN (VALUES ${ids.map(i=>`('R0000',${i})`)}) AS k(r,l) ON root=k.r AND local_id=k.l`,
 C: `SELECT ${cols} FROM account WHERE (root,local_id) IN (VALUES ${ids.map(i=>`('R0000',${i})`)})`,
 D: `SELECT ${cols} FROM account WHERE (root,local_id) IN (${ids.map(i=>`('R0000',${i})`)})`,
 E: `SELECT root, count(*) FROM account GROUP BY root ORDER BY 2 DESC LIMIT 5`,
 F: `SELECT count(*), count(distinct local_id) FROM account`,
 G: `SELECT attname, n_distinct, null_frac FROM pg_stats WHERE tablename='account' AND attname IN ('root','local_id','organisation','sort_name')`,
};
for (const [k, s] of Object.entries(q)) {
  const out = execFileSync('psql', [url, '-Atc', (k < 'E' ? 'EXPLAIN (ANALYZE, BUFFERS) ' : '') + s]).toString();
  console.log('==', k); console.log(out.split('\n').map(l => l.slice(0, 200)).filter(l=>!l.includes("'n1'")||l.length<190).slice(0, 25).join('\n'));
}
