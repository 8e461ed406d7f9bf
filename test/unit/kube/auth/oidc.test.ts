// Against an issuer of our own, over real HTTP.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { oidcAuthenticator } from '../../../../src/kube/auth/oidc.ts';
import type { Authenticator } from '../../../../src/kube/auth/authenticator.ts';
import { parseKubeconfig } from '../../../../src/kube/kubeconfig/kubeconfig.ts';

const signal = new AbortController().signal;
const jwt = (exp: number, name: string): string =>
  `${name}.${Buffer.from(JSON.stringify({ exp })).toString('base64url')}.signature`;
const fresh = jwt(Date.now() / 1000 + 3600, 'fresh');
const stale = jwt(Date.now() / 1000 + 5, 'stale');

let dir = '';
let issuer: Server;
let url = '';
let forms: { readonly form: string; readonly authorization: string | undefined }[] = [];
let answer: (call: number) => { readonly status: number; readonly body: unknown } = () => ({ status: 200, body: {} });

before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tsbuildx-oidc-'));
  issuer = createServer((request: IncomingMessage, response: ServerResponse) => {
    if (request.url === '/.well-known/openid-configuration') {
      response.end(JSON.stringify({ token_endpoint: `${url}/token` }));
      return;
    }
    let form = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      form += text;
    });
    request.on('end', () => {
      forms.push({ form, authorization: request.headers.authorization });
      const { status, body } = answer(forms.length);
      response.writeHead(status).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => {
    issuer.listen(0, '127.0.0.1', resolve);
  });
  const address = issuer.address();
  assert(typeof address === 'object' && address !== null);
  url = `http://127.0.0.1:${address.port}`;
});
after(async () => {
  issuer.closeAllConnections();
  issuer.close();
  await rm(dir, { recursive: true, force: true });
});

async function authenticator(idToken: string): Promise<Authenticator> {
  const text = `# mine
users:
- name: me
  user:
    auth-provider:
      name: oidc
      config: { idp-issuer-url: "${url}", client-id: id, client-secret: s3, refresh-token: r1, id-token: ${idToken} }
`;
  await writeFile(join(dir, 'real'), text, { mode: 0o600 });
  await rm(join(dir, 'config'), { force: true });
  await symlink('real', join(dir, 'config'));
  const provider = (await parseKubeconfig(text, join(dir, 'config'))).users.get('me')?.authProvider;
  assert(provider !== undefined);
  forms = [];
  return oidcAuthenticator(provider, {});
}

test('a token that is good is taken', async () => {
  const { authorization } = await (await authenticator(fresh)).credentials(signal);
  assert.equal(authorization?.reveal(), `Bearer ${fresh}`);
  assert.deepEqual(forms, []);
});

test('one that ends is renewed once, and the new ones are written down', async () => {
  answer = () => ({ status: 200, body: { id_token: fresh, refresh_token: 'r2' } });
  const oidc = await authenticator(stale);
  const [first] = await Promise.all([oidc.credentials(signal), oidc.credentials(signal)]);
  assert.equal(first.authorization?.reveal(), `Bearer ${fresh}`);
  assert.deepEqual(forms, [
    {
      form: 'grant_type=refresh_token&refresh_token=r1',
      authorization: `Basic ${Buffer.from('id:s3').toString('base64')}`,
    },
  ]);
  const written = await readFile(join(dir, 'real'), 'utf8');
  assert.match(written, /^# mine\n/);
  assert.match(written, /refresh-token: r2/);
  assert(written.includes(fresh));
  assert.equal((await stat(join(dir, 'real'))).mode & 0o777, 0o600);
});

test('an issuer that wants the client in the form gets it there', async () => {
  answer = (call) => (call === 1 ? { status: 401, body: {} } : { status: 200, body: { id_token: fresh } });
  await (await authenticator(stale)).credentials(signal);
  assert.equal(forms[1]?.form, 'grant_type=refresh_token&refresh_token=r1&client_id=id&client_secret=s3');
  assert.equal(forms[1].authorization, undefined);
  assert.match(await readFile(join(dir, 'real'), 'utf8'), /refresh-token: r1/);
});

test('what cannot be renewed says so', async () => {
  answer = () => ({ status: 400, body: { error: 'r1 is secret' } });
  await assert.rejects((await authenticator(stale)).credentials(signal), {
    code: 'AUTH',
    message: 'failed to refresh token: the issuer answered with status 400',
  });
  answer = () => ({ status: 200, body: {} });
  await assert.rejects((await authenticator(stale)).credentials(signal), /did not contain an id_token/);
  await assert.rejects((await authenticator('nonsense')).credentials(signal), {
    message: 'ID Token is not a valid JWT',
  });
});
