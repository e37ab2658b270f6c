// SCIMMY with a map for its people, for measuring it beside the portal. Nothing is kept.
//
//   node memory.mjs FOLDER PORT      where its packages are, and where it listens
import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';

const [folder, port] = process.argv.slice(2);
const from = createRequire(`${folder}/`);
const express = from('express');
const SCIMMY = from('scimmy');
const { default: Routers = from('scimmy-routers') } = from('scimmy-routers');

const people = new Map();
SCIMMY.Resources.declare(SCIMMY.Resources.User, {
  ingress(resource, instance) {
    const now = new Date();
    const id = resource.id ?? randomUUID();
    const created = people.get(id)?.meta.created ?? now;
    const person = { ...JSON.parse(JSON.stringify(instance)), id, meta: { created, lastModified: now } };
    people.set(id, person);
    return person;
  },
  egress(resource) {
    if (resource.id) {
      const person = people.get(resource.id);
      if (!person) throw new SCIMMY.Types.Error(404, null, `There is no ${resource.id}`);
      return person;
    }
    const all = [...people.values()];
    return resource.filter ? resource.filter.match(all) : all;
  },
  degress: (resource) => void people.delete(resource.id),
});

const application = express();
application.use('/scim/v2', new Routers({ type: 'bearer', handler: () => 'anybody' }));
application.listen(Number(port), '127.0.0.1');
