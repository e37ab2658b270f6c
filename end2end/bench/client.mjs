// What the measuring scripts share: a person's session over HTTP, times, and figures written down for the table.
import { appendFileSync, readFileSync } from 'node:fs';
import http from 'node:http';
import { performance } from 'node:perf_hooks';

export const base = new URL(process.env.BASE_URL ?? 'http://127.0.0.1:4898');
export const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

// One person, signed in, on connections that are kept.
export class Person {
  #agent = new http.Agent({ keepAlive: true });
  cookie = '';

  static async signIn(address) {
    const person = new Person();
    await person.post('/sign-in', { address, password: process.env.PORTAL_SEED_PASSWORD, next: '/' });
    const home = await person.get('/');
    if (home.status !== 200) throw new Error(`${address} cannot sign in: ${home.status}`);
    return person;
  }

  // `took` is the time from the request's first byte, `answered` that from its last.
  send(method, path, { body, type, brotli } = {}) {
    const headers = { 'sec-fetch-site': 'same-origin', cookie: this.cookie };
    if (brotli) headers['accept-encoding'] = 'br';
    if (body) Object.assign(headers, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
    const began = performance.now();
    return new Promise((resolve, reject) => {
      let sent = began;
      const request = http.request(new URL(path, base), { method, headers, agent: this.#agent }, (answer) => {
        const parts = [];
        answer.on('data', (part) => parts.push(part));
        answer.on('error', reject);
        answer.on('end', () => {
          const now = performance.now();
          const set = answer.headers['set-cookie']?.[0].split(';')[0];
          if (set) this.cookie = set;
          const bytes = Buffer.concat(parts);
          const { statusCode: status, headers } = answer;
          resolve({ status, headers, bytes, text: bytes.toString(), took: now - began, answered: now - sent, sent });
        });
      });
      request.on('finish', () => (sent = performance.now()));
      request.on('error', reject);
      request.end(body);
    });
  }

  get(path, more) {
    return this.send('GET', path, more);
  }

  post(path, form) {
    return this.send('POST', path, { body: new URLSearchParams(form).toString(), type: 'application/x-www-form-urlencoded' });
  }

  upload(name, text) {
    const mark = '----------------------------measured';
    const head = `--${mark}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: text/csv\r\n\r\n`;
    return this.send('POST', '/uploads/new', {
      body: `${head}${text}\r\n--${mark}--\r\n`,
      type: `multipart/form-data; boundary=${mark}`,
    });
  }
}

// The trust that an administrator of the made-up federation looks after.
export async function homeOf(person) {
  return (await person.get('/accounts/new')).text.match(/\bR\d{4}\b/)[0];
}

export function percentile(times, part) {
  const sorted = [...times].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

// Writes a figure down; `target` is the most it may be, or the least where `atLeast` says so.
export function figure(what, value, unit, { target, atLeast = false } = {}) {
  const shown = value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2);
  console.error(`  ${what}: ${shown} ${unit}`);
  const line = { what, value, unit, target, atLeast, database: process.env.DATABASE };
  appendFileSync(process.env.FIGURES, `${JSON.stringify(line)}\n`);
}

// Writes down under what the figures of this database were measured.
export function condition(text) {
  console.error(`  ${text}`);
  appendFileSync(process.env.FIGURES, `${JSON.stringify({ condition: text, database: process.env.DATABASE })}\n`);
}

// The server's own memory in MiB: what it has taken, without the database's pages that it shares with the system.
export function memory() {
  const status = readFileSync(`/proc/${process.env.SERVER_PID}/status`, 'utf8');
  return Number(status.match(/RssAnon:\s+(\d+)/)[1]) / 1024;
}

export const hidden = (html, name) => html.match(new RegExp(`name="${name}"[^>]*value="([^"]*)"`))?.[1] ?? '';
