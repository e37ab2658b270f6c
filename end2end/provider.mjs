// An OpenID Connect provider for the end-to-end tests: node provider.mjs ISSUER PORTAL
//
// It is oidc-provider as it comes, with its own sign-in page, which takes any password for these names.
import Provider from 'oidc-provider';

const [issuer, portal] = process.argv.slice(2);

const people = {
  ben: { email: 'Ben.Cartwright@health.example', email_verified: true },
  priya: { email: 'priya.ramanathan@health.example', email_verified: false },
  stranger: { email: 'somebody@elsewhere.example', email_verified: true },
};

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: 'portal',
      client_secret: 'known-to-both',
      redirect_uris: [`${portal}/sign-in/openid/return`],
    },
  ],
  claims: { openid: ['sub'], email: ['email', 'email_verified'] },
  cookies: { keys: ['for-tests-only'] },
  features: { devInteractions: { enabled: true } },
  pkce: { required: () => true },
  findAccount: (_, id) => people[id] && { accountId: id, claims: () => ({ sub: id, ...people[id] }) },
  // Nobody is asked whether the portal may know their address.
  async loadExistingGrant({ oidc }) {
    const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
    grant.addOIDCScope('openid email');
    await grant.save();
    return grant;
  },
});

const { hostname, port } = new URL(issuer);
provider.listen(Number(port), hostname);
