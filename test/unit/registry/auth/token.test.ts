import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import { connect } from 'node:net';
import { test, type TestContext } from 'node:test';
import { type PeerCertificate, TLSSocket } from 'node:tls';
import { inspect } from 'node:util';
import { Secret } from '../../../../src/base/secret.ts';
import { createTokenClient, type HostTls, type Token, type TokenRequest } from '../../../../src/registry/auth/index.ts';
import { ca, clientCert, clientKey, serverCert, serverKey } from '../../../support/certificates.ts';

const never = new AbortController().signal;

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly host: string;
  readonly authorization: string | undefined;
  readonly body: string;
  readonly clientName: string | undefined;
}

/** What the server answers: a status with a body, or nothing but a broken connection. */
type Reply = 'reset' | { readonly status?: number; readonly body?: unknown; readonly headers?: Record<string, string> };

interface TokenServer {
  readonly url: string;
  readonly seen: Seen[];
}

async function listen(t: TestContext, server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return address.port;
}

async function serve(
  t: TestContext,
  reply: (seen: Seen, count: number) => Reply,
  tls?: ServerOptions,
): Promise<TokenServer> {
  const seen: Seen[] = [];
  const server = tls === undefined ? createServer() : createTlsServer(tls);
  server.on('request', async (request: IncomingMessage, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    const { method = '', url = '', headers, socket } = request;
    const one = {
      method,
      url,
      host: headers.host ?? '',
      authorization: headers.authorization,
      body,
      clientName: socket instanceof TLSSocket ? commonName(socket.getPeerCertificate()) : undefined,
    };
    seen.push(one);
    const answer = reply(one, seen.length);
    if (answer === 'reset') {
      socket.resetAndDestroy();
      return;
    }
    const { status = 200, body: content = {}, headers: more } = answer;
    response.writeHead(status, more);
    response.end(typeof content === 'string' ? content : JSON.stringify(content));
  });
  const port = await listen(t, server);
  return { url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`, seen };
}

function commonName(certificate: Partial<PeerCertificate>): string | undefined {
  return String(certificate.subject?.CN ?? '') || undefined;
}

interface FetchOptions {
  readonly request?: Partial<TokenRequest>;
  readonly env?: Readonly<Record<string, string>>;
  readonly tls?: Readonly<Record<string, HostTls>>;
  readonly signal?: AbortSignal;
}

async function fetchToken(realm: string, options: FetchOptions = {}): Promise<Token> {
  const client = createTokenClient({
    env: options.env ?? {},
    tls: async (host) => options.tls?.[host],
    random: () => 0,
  });
  const request: TokenRequest = {
    host: 'r.example',
    realm,
    service: 'r.example',
    scopes: ['repository:a:pull'],
    username: 'me',
    secret: new Secret('hunter2'),
    ...options.request,
  };
  return await client.fetch(request, { signal: options.signal ?? never });
}

const anonymous = { username: '', secret: new Secret('') };
const token = { token: 'tok' };

test('credentials go by OAuth first', async (t) => {
  const { url, seen } = await serve(t, () => ({ body: { access_token: 'tok', expires_in: 300 } }));
  const fetched = await fetchToken(`${url}/token`, {
    request: { scopes: ['repository:a:pull', 'repository:b:pull,push'] },
  });
  assert.equal(fetched.token.reveal(), 'tok');
  assert.equal(fetched.expiresIn, 300);
  assert.equal(seen.length, 1);
  const [{ method, body, authorization } = assert.fail()] = seen;
  assert.deepEqual([method, authorization], ['POST', undefined]);
  assert.deepEqual(Object.fromEntries(new URLSearchParams(body)), {
    service: 'r.example',
    client_id: 'buildkit-client',
    scope: 'repository:a:pull repository:b:pull,push',
    grant_type: 'password',
    username: 'me',
    password: 'hunter2',
  });
});

test('an identity token is a refresh token', async (t) => {
  const { url, seen } = await serve(t, () => ({ body: { access_token: 'tok' } }));
  await fetchToken(url, { request: { username: '', secret: new Secret('refresh-me') } });
  const form = new URLSearchParams(seen[0]?.body);
  assert.deepEqual(
    [form.get('grant_type'), form.get('refresh_token'), form.get('password')],
    ['refresh_token', 'refresh-me', null],
  );
});

test('without credentials one GET asks for all scopes, each a parameter', async (t) => {
  const { url, seen } = await serve(t, () => ({ body: token }));
  const scopes = ['repository:team/a:pull', 'repository:team/b:pull,push'];
  await fetchToken(`${url}/token?account=x`, { request: { ...anonymous, scopes } });
  assert.equal(seen.length, 1);
  const query = new URL(seen[0]?.url ?? '', url).searchParams;
  assert.equal(seen[0]?.authorization, undefined);
  assert.deepEqual(query.getAll('scope'), scopes);
  assert.deepEqual([query.get('service'), query.get('account')], ['r.example', 'x']);
});

// What the POST answers, user, and whether a GET follows.
const fallbacks: readonly (readonly [status: number, username: string, falls: boolean])[] = [
  [404, 'me', true],
  [401, 'me', true],
  [405, 'me', true],
  [405, '', false],
  [400, 'me', false],
  [403, 'me', false],
];

for (const [status, username, falls] of fallbacks) {
  test(`after ${status} on POST of ${username || 'an identity token'} ${falls ? 'a GET follows' : 'it is over'}`, async (t) => {
    const { url, seen } = await serve(t, ({ method }) => (method === 'POST' ? { status } : { body: token }));
    const fetching = fetchToken(url, { request: { username } });
    if (falls) {
      assert.equal((await fetching).token.reveal(), 'tok');
      assert.equal(seen[1]?.authorization, `Basic ${Buffer.from('me:hunter2').toString('base64')}`);
    } else {
      await assert.rejects(fetching, { code: 'AUTH', status });
    }
    assert.equal(seen.length, falls ? 2 : 1);
  });
}

// Answers as registries give them: body, token, seconds, issued at.
const answers: readonly (readonly [
  registry: string,
  body: unknown,
  expiresIn: number,
  issuedAt: number | undefined,
])[] = [
  [
    'Docker Hub',
    { token: 'tok', access_token: 'tok', expires_in: 300, issued_at: '2026-01-02T03:04:05.678Z' },
    300,
    1767323045,
  ],
  ['GHCR', { token: 'tok' }, 60, undefined],
  ['GAR', { token: 'tok', expires_in: 3599, issued_at: '' }, 3599, undefined],
  ['ACR', { access_token: 'tok', refresh_token: 'other' }, 60, undefined],
  ['Quay', { token: 'tok', expires_in: 0 }, 60, undefined],
  ['Harbor', { token: 'tok', access_token: '', expires_in: 1800, issued_at: '2026-01-02T03:04:05Z' }, 1800, 1767323045],
  ['Artifactory', { token: 'tok', expires_in: 3600, scope: 'x' }, 3600, undefined],
  ['one with a broken clock', { token: 'tok', expires_in: -5, issued_at: 'yesterday' }, 60, undefined],
];

for (const [registry, body, expiresIn, issuedAt] of answers) {
  test(`the answer of ${registry} is understood`, async (t) => {
    const { url } = await serve(t, () => ({ body }));
    const fetched = await fetchToken(url, { request: anonymous });
    assert.deepEqual([fetched.token.reveal(), fetched.expiresIn, fetched.issuedAt], ['tok', expiresIn, issuedAt]);
  });
}

const hiccups: readonly Reply[] = [
  'reset',
  { status: 503 },
  { status: 500 },
  { status: 408 },
  { status: 429, headers: { 'retry-after': '0' } },
];

for (const hiccup of hiccups) {
  const name = hiccup === 'reset' ? 'a lost connection' : `status ${hiccup.status}`;
  test(`${name} is tried again`, async (t) => {
    const { url, seen } = await serve(t, (_, count) => (count <= 2 ? hiccup : { body: token }));
    assert.equal((await fetchToken(url)).token.reveal(), 'tok');
    assert.equal(seen.length, 3);
  });
}

test('a server that stays down is given up', async (t) => {
  const { url, seen } = await serve(t, () => ({ status: 503, body: 'down' }));
  await assert.rejects(fetchToken(url, { request: anonymous }), {
    code: 'AUTH',
    message: `failed to fetch anonymous token: unexpected status from GET request to ${url}/?scope=repository%3Aa%3Apull&service=r.example: 503 Service Unavailable: down`,
  });
  assert.equal(seen.length, 4);
});

test('who asks for a long pause is not asked again', async (t) => {
  const { url, seen } = await serve(t, () => ({ status: 429, headers: { 'retry-after': '3600' } }));
  await assert.rejects(fetchToken(url, { request: anonymous }), { code: 'AUTH', status: 429 });
  assert.equal(seen.length, 1);
});

test('a pause that the server asks for is kept', async (t) => {
  const begin = performance.now();
  const busy: Reply = { status: 429, headers: { 'retry-after': '1' } };
  const { url } = await serve(t, (_, count) => (count === 1 ? busy : { body: token }));
  await fetchToken(url);
  assert.ok(performance.now() - begin >= 990);
});

test('wrong credentials are not tried again', async (t) => {
  const error = { code: 'UNAUTHORIZED', message: 'incorrect username or password', detail: 'for me' };
  const { url, seen } = await serve(t, () => ({ status: 401, body: { errors: [error] } }));
  await assert.rejects(fetchToken(url), {
    message: 'failed to fetch oauth token: unauthorized: incorrect username or password - for me',
    status: 401,
  });
  assert.deepEqual(
    seen.map((one) => one.method),
    ['POST', 'GET'],
  );
});

test('nothing that was sent or received in secret is in an error', async (t) => {
  const { url } = await serve(t, ({ body }) => ({ status: 400, body: `bad form: ${body}` }));
  const realm = `${url}/?access_token=tok123&scope=x`;
  const error = await fetchToken(realm, { request: { secret: new Secret('hunter2/+') } }).catch((e: unknown) => e);
  assert.ok(error instanceof Error);
  const text = inspect(error, { depth: 10 });
  assert.match(text, /scope=x/);
  assert.doesNotMatch(text, /tok123|hunter2/);
});

test('a server that echoes the login of its header does not make us show it', async (t) => {
  // 404 for the form: the GET with its header follows.
  const echo = ({ method, authorization }: Seen): Reply =>
    method === 'POST' ? { status: 404 } : { status: 403, body: { details: `you sent ${authorization}` } };
  const { url } = await serve(t, echo);
  const request = { username: 'me', secret: new Secret('hunter2/+') };
  await assert.rejects(fetchToken(url, { request }), { message: /you sent Basic \*\*\*$/ });
});

test('a refused connection is named, without secrets', async () => {
  await assert.rejects(fetchToken('http://127.0.0.1:1/token?key=tok123'), {
    code: 'TRANSPORT',
    message:
      'failed to fetch oauth token: Post "http://127.0.0.1:1/token?key=xxxxx": dial tcp 127.0.0.1:1: connect: connection refused',
  });
});

for (const body of ['', 'nonsense', '[]', '{}', '{"token":5}']) {
  test(`${JSON.stringify(body)} is no token`, async (t) => {
    const { url } = await serve(t, () => ({ body }));
    await assert.rejects(fetchToken(url, { request: anonymous }), {
      code: 'PROTOCOL',
      message: /^failed to fetch anonymous token: /,
    });
  });
}

test('an endless answer is cut', async (t) => {
  const { url } = await serve(t, () => ({ body: `{"token":"${'x'.repeat(2 << 20)}"}` }));
  await assert.rejects(fetchToken(url, { request: anonymous }), { message: /answer is larger than 1048576 bytes/ });
});

test('credentials do not follow a redirect to another host', async (t) => {
  const other = await serve(t, () => ({ body: token }));
  const away = other.url.replace('127.0.0.1', 'localhost');
  const { url } = await serve(t, ({ method }) => ({
    status: method === 'POST' ? 404 : 307,
    headers: { location: `${away}/x` },
  }));
  assert.equal((await fetchToken(url)).token.reveal(), 'tok');
  assert.deepEqual([other.seen[0]?.method, other.seen[0]?.authorization], ['GET', undefined]);
  const posting = await serve(t, () => ({ status: 307, headers: { location: away } }));
  await assert.rejects(fetchToken(posting.url), { code: 'PROTOCOL', message: /redirect of credentials to .* refused/ });
  assert.equal(other.seen.length, 1);
});

test('a redirect on the same host takes the form along', async (t) => {
  const { url, seen } = await serve(t, (one) =>
    one.url === '/new' ? { body: token } : { status: 308, headers: { location: '/new' } },
  );
  assert.equal((await fetchToken(`${url}/old`)).token.reveal(), 'tok');
  assert.match(seen[1]?.body ?? '', /grant_type=password/);
});

test('a loop of redirects ends', async (t) => {
  const { url } = await serve(t, () => ({ status: 302, headers: { location: '/' } }));
  await assert.rejects(fetchToken(url, { request: anonymous }), { message: /stopped after 10 redirects/ });
});

test('aborting ends a request that hangs', async (t) => {
  const arrived = Promise.withResolvers<void>();
  const server = createServer(() => arrived.resolve());
  const port = await listen(t, server);
  const abort = new AbortController();
  const fetching = fetchToken(`http://127.0.0.1:${port}/`, { signal: abort.signal });
  await arrived.promise;
  abort.abort(new Error('enough'));
  await assert.rejects(fetching, { code: 'CANCELED' });
});

test('a plain request goes to the proxy whole, with its login', async (t) => {
  const seen: (string | undefined)[] = [];
  const proxy = createServer((request, response) => {
    seen.push(request.url, request.headers['proxy-authorization']);
    response.end(JSON.stringify(token));
  });
  const port = await listen(t, proxy);
  const env = { HTTP_PROXY: `http://user:pw@127.0.0.1:${port}` };
  assert.equal((await fetchToken('http://auth.example/token', { env, request: anonymous })).token.reveal(), 'tok');
  assert.match(seen[0] ?? '', /^http:\/\/auth\.example\/token\?/);
  assert.equal(seen[1], `Basic ${Buffer.from('user:pw').toString('base64')}`);
});

test('TLS goes through the proxy as a tunnel', async (t) => {
  const { url } = await serve(t, () => ({ body: token }), { cert: serverCert, key: serverKey });
  const tunnels: (string | undefined)[] = [];
  const proxy = createServer();
  proxy.on('connect', (request, socket) => {
    tunnels.push(request.url);
    const through = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
    socket.pipe(through).pipe(socket);
    t.after(() => through.destroy());
  });
  const port = await listen(t, proxy);
  const env = { HTTPS_PROXY: `http://127.0.0.1:${port}` };
  const tls = { 'r.example': { ca: [ca], clients: [] } };
  await assert.rejects(
    fetchToken('https://auth.example/token', { env, tls, request: anonymous }),
    /altnames|ERR_TLS_CERT/,
  );
  assert.deepEqual(tunnels, ['auth.example:443']);
});

test('an unknown authority is refused, a configured one is trusted, for its registry only', async (t) => {
  const tlsServer = { cert: serverCert, key: serverKey, ca, requestCert: true, rejectUnauthorized: false };
  const { url, seen } = await serve(t, () => ({ body: token }), tlsServer);
  const tls = {
    'mine.example': { ca: [ca], clients: [{ cert: clientCert, key: clientKey }] },
    'plain.example': { ca: [ca], clients: [] },
  };
  const of = async (host: string): Promise<Token> => await fetchToken(url, { tls, request: { ...anonymous, host } });
  assert.equal((await of('mine.example')).token.reveal(), 'tok');
  await assert.rejects(of('other.example'), {
    code: 'TRANSPORT',
    message: /unable to verify|self.signed|unable to get/,
  });
  await of('plain.example');
  assert.deepEqual(
    seen.map((one) => one.clientName),
    ['client', undefined],
  );
});
