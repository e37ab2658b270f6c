// Programs that send to a SCIM service, each on a connection of its own, one request after the other.
import http from 'node:http';
import { performance } from 'node:perf_hooks';
import { percentile } from './client.mjs';
import { letters } from './files.mjs';

const ACCOUNT = 'urn:staffbook:scim:schemas:2.0:Account';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const CORE = 'urn:ietf:params:scim:schemas:core:2.0:User';

export class Connector {
  #agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

  // `organisation` is the one that it feeds, of those of its token.
  constructor({ url, token, organisation, mark }) {
    Object.assign(this, { url, organisation, mark, ids: [], made: 0 });
    this.headers = { accept: 'application/scim+json' };
    if (token) this.headers.authorization = `Bearer ${token}`;
  }

  send(method, path, body) {
    const headers = { ...this.headers };
    const text = body && JSON.stringify(body);
    if (text) Object.assign(headers, { 'content-type': 'application/scim+json', 'content-length': Buffer.byteLength(text) });
    const began = performance.now();
    return new Promise((resolve, reject) => {
      const request = http.request(`${this.url}${path}`, { method, headers, agent: this.#agent }, (answer) => {
        const parts = [];
        answer.on('data', (part) => parts.push(part));
        answer.on('error', reject);
        answer.on('end', () => {
          const took = performance.now() - began;
          const said = Buffer.concat(parts).toString();
          resolve({ status: answer.statusCode, took, said, json: () => JSON.parse(said) });
        });
      });
      request.on('error', reject);
      request.end(text);
    });
  }

  async expect(status, method, path, body) {
    const answer = await this.send(method, path, body);
    if (answer.status !== status) throw new Error(`${method} ${path}: ${answer.status} ${answer.said.slice(0, 1000)}`);
    return answer;
  }

  // Somebody whom nobody has told of yet.
  person(number) {
    const name = letters(number * 7919 + 13, 4);
    const person = {
      schemas: [CORE, ENTERPRISE],
      externalId: `${this.mark}-${number}`,
      userName: `${this.mark}.${number}@staff.example`,
      active: true,
      name: { givenName: `Zo${letters(number, 4)}q`, familyName: `Y${this.mark.replace(/[^a-z]/g, '')}${name}z` },
      title: 'Staff nurse',
      phoneNumbers: [{ type: 'work', value: '01632 960123' }],
      emails: [{ type: 'work', primary: true, value: `${this.mark}.${number}@staff.example` }],
      [ENTERPRISE]: { employeeNumber: `${this.mark}-${number}`, department: 'Medicine' },
    };
    if (this.organisation) {
      person.schemas.push(ACCOUNT);
      person[ACCOUNT] = { organisation: this.organisation };
    }
    return person;
  }

  async create() {
    const number = this.made++;
    const answer = await this.expect(201, 'POST', '/Users', this.person(number));
    this.ids.push(answer.json().id);
    return answer;
  }

  patch(turn, path = 'title') {
    const value = `Ward manager ${letters(turn, 4)}`;
    const schemas = ['urn:ietf:params:scim:api:messages:2.0:PatchOp'];
    const body = { schemas, Operations: [{ op: 'replace', path, value }] };
    return this.expect(200, 'PATCH', `/Users/${this.ids[turn % this.ids.length]}`, body);
  }

  async find(turn) {
    const filter = encodeURIComponent(`userName eq "${this.mark}.${turn % this.made}@staff.example"`);
    const answer = await this.expect(200, 'GET', `/Users?filter=${filter}`);
    if (answer.json().totalResults !== 1) throw new Error(`${filter}: ${answer.said.slice(0, 500)}`);
    return answer;
  }

  close() {
    this.#agent.destroy();
  }
}

// All of them ask, each one thing after the other, for so many seconds. Gives how many were answered a second, and times.
export async function load(connectors, seconds, ask) {
  const times = [];
  const began = performance.now();
  const until = began + seconds * 1000;
  const goesOn = async (connector, place) => {
    for (let turn = place; performance.now() < until; turn += 1) times.push((await ask(connector, turn)).took);
  };
  await Promise.all(connectors.map(goesOn));
  const took = (performance.now() - began) / 1000;
  return { rate: times.length / took, median: percentile(times, 0.5), most: percentile(times, 0.99) };
}
