// An authorization server that others wrote (oidc-provider), over TLS on loopback; only switches are set here.
//
//   NODE_PATH=... node issuer.mjs CERTIFICATE KEY       prints "READY https://127.0.0.1:PORT", then a line for each event
//
// CODE_SECONDS and TOKEN_SECONDS: how long a device's code and an access token live. Anybody may sign in, with any password.
import fs from 'node:fs';
import https from 'node:https';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const { default: Provider } = await import(pathToFileURL(createRequire(import.meta.url).resolve('oidc-provider')));
const [certificate, key] = process.argv.slice(2).map((path) => fs.readFileSync(path));
const seconds = (name, otherwise) => Number(process.env[name] ?? otherwise);
const grants = { grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'], response_types: [], redirect_uris: [] };
const secret = 'a s+c&ret: 0123456789';

const server = https.createServer({ cert: certificate, key });
await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
const issuer = `https://127.0.0.1:${server.address().port}`;
const provider = new Provider(issuer, {
  clients: [
    { client_id: 'public', token_endpoint_auth_method: 'none', ...grants },
    { client_id: 'basic', client_secret: secret, token_endpoint_auth_method: 'client_secret_basic', ...grants },
    { client_id: 'post', client_secret: secret, token_endpoint_auth_method: 'client_secret_post', ...grants },
  ],
  cookies: { keys: ['for tests only'] },
  scopes: ['openid', 'offline_access', 'commerce.manage'],
  claims: { openid: ['sub'], profile: ['name'] },
  findAccount: (context, id) => ({ accountId: id, claims: () => ({ sub: id, name: `Ms. ${id}` }) }),
  features: {
    devInteractions: { enabled: true }, deviceFlow: { enabled: true }, revocation: { enabled: true },
    introspection: { enabled: true }, resourceIndicators: { enabled: false },
  },
  ttl: {
    DeviceCode: seconds('CODE_SECONDS', 600), AccessToken: seconds('TOKEN_SECONDS', 600),
    RefreshToken: 86400, IdToken: 3600, Interaction: 600, Session: 86400, Grant: 86400,
  },
});
for (const event of ['grant.error', 'grant.revoked', 'refresh_token.consumed', 'server_error']) {
  provider.on(event, (...told) => console.log(event, ...told.filter((one) => one instanceof Error).map((one) => one.message)));
}
server.on('request', provider.callback());
console.log(`READY ${issuer}`);
