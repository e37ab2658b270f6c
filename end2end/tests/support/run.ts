import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

// Where a run of the tests has its servers and its files. END2END_PORT keeps two runs on one machine apart.
const usual = 3999;
const port = Number(process.env.END2END_PORT ?? usual);

export const ports = {
  portal: port,
  metrics: port - 1,
  provider: port - 9,
  /** The portal of tests/start.spec.ts, which begins empty; its metrics are one further. */
  empty: port - 19,
};

export const root = fileURLToPath(new URL('../../..', import.meta.url));
export const target = resolve(root, process.env.CARGO_TARGET_DIR ?? 'target');

/** What belongs to this run: database, mail, sessions, pictures. serve-for-tests.sh empties it at the start. */
export const folder = resolve(target, port === usual ? 'end2end' : `end2end-${port}`);
