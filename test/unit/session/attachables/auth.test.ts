import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { TsbuildxError } from '../../../../src/base/errors.ts';
import { Secret } from '../../../../src/base/secret.ts';
import type { SolveStatus } from '../../../../src/buildkit/control/index.ts';
import type { CredentialQuery, Credentials } from '../../../../src/docker/config/index.ts';
import { fromLong, moby } from '../../../../src/proto/index.ts';
import { type Token, type TokenRequest, TokenStatusError } from '../../../../src/registry/auth/index.ts';
import { authAttachableOf } from '../../../../src/session/attachables/auth.ts';
import type { ServerCall } from '../../../../src/session/index.ts';

const { v1 } = moby.filesync;
const host = 'r.example';
const salt = Buffer.from('the salt of the daemon');

interface Fixture {
  /** Calls a method as the daemon does. */
  readonly call: (method: string, request: Uint8Array) => Promise<Uint8Array>;
  readonly steps: readonly string[];
  readonly seedDir: string;
}

interface FixtureOptions {
  readonly login?: Partial<Credentials> | undefined;
  readonly get?: (host: string, query: CredentialQuery) => Partial<Credentials>;
  readonly fetch?: (request: TokenRequest) => Promise<Token>;
  readonly hasClientTokens?: boolean;
  readonly seedDir?: string;
}

const nothing: Credentials = {
  username: '',
  password: new Secret(''),
  identityToken: new Secret(''),
  registryToken: new Secret(''),
};
const login = { username: 'me', password: new Secret('hunter2') };
const someToken: Token = { token: new Secret('tok'), expiresIn: 300, issuedAt: 1_767_323_045 };

async function tempDir(t: TestContext): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'tsbuildx-auth-'));
  t.after(async () => await rm(dir, { recursive: true, force: true }));
  return dir;
}

async function fixture(t: TestContext, options: FixtureOptions = {}): Promise<Fixture> {
  const steps: string[] = [];
  const seedDir = options.seedDir ?? (await tempDir(t));
  const { methods } = authAttachableOf({
    credentials: {
      get: async (asked, query) => ({ ...nothing, ...options.login, ...options.get?.(asked, query) }),
    },
    tokens: { fetch: async (request) => await (options.fetch?.(request) ?? Promise.resolve(someToken)) },
    seedDir,
    hasClientTokens: options.hasClientTokens ?? true,
    onStatus: ({ vertexes }: SolveStatus) => {
      for (const { name, completed } of vertexes) if (completed !== undefined) steps.push(name);
    },
  });
  return {
    steps,
    seedDir,
    call: async (name, request) => {
      const method = methods.find(({ path }) => path === `/moby.filesync.v1.Auth/${name}`) ?? assert.fail(name);
      const answers: Uint8Array[] = [];
      const call: ServerCall = {
        path: method.path,
        metadata: [],
        signal: new AbortController().signal,
        async *batches() {
          yield [request];
        },
        send: async (message) => void answers.push(message),
        sendFramed: async () => assert.fail('framed'),
      };
      await method.handle(call);
      return answers[0] ?? assert.fail('no answer');
    },
  };
}

const fetchRequest = (...Scopes: string[]): Uint8Array =>
  v1.FetchTokenRequest.encode({
    ClientID: 'x',
    Host: host,
    Realm: 'https://auth.example/token',
    Service: 'svc',
    Scopes,
  }).finish();

async function fetchToken({ call }: Fixture, ...scopes: string[]): Promise<string> {
  return v1.FetchTokenResponse.decode(await call('FetchToken', fetchRequest(...scopes))).Token ?? '';
}

async function authority({ call }: Fixture, of: Uint8Array = salt): Promise<string> {
  const answer = await call('GetTokenAuthority', v1.GetTokenAuthorityRequest.encode({ Host: host, Salt: of }).finish());
  return Buffer.from(v1.GetTokenAuthorityResponse.decode(answer).PublicKey ?? '').toString('hex');
}

test('a token comes with its expiry, its scopes untouched and in order', async (t) => {
  const asked: TokenRequest[] = [];
  const peer = await fixture(t, {
    login,
    fetch: async (request) => {
      asked.push(request);
      return someToken;
    },
  });
  const answer = await peer.call('FetchToken', fetchRequest('repository:b:pull', 'repository:a:pull,push'));
  const { Token: token, ExpiresIn, IssuedAt } = v1.FetchTokenResponse.decode(answer);
  assert.deepEqual([token, fromLong(ExpiresIn), fromLong(IssuedAt)], ['tok', 300n, 1_767_323_045n]);
  const [{ secret, ...request } = assert.fail()] = asked;
  assert.equal(secret.reveal(), 'hunter2');
  assert.deepEqual(request, {
    host,
    realm: 'https://auth.example/token',
    service: 'svc',
    scopes: ['repository:b:pull', 'repository:a:pull,push'],
    username: 'me',
  });
  assert.deepEqual(peer.steps, ['[auth] b:pull a:pull,push token for r.example']);
});

test('each token is told once, an anonymous one not at all', async (t) => {
  const peer = await fixture(t, { login });
  for (const scope of ['repository:a:pull', 'repository:a:pull', 'repository:b:pull']) await fetchToken(peer, scope);
  assert.deepEqual(peer.steps, ['[auth] a:pull token for r.example', '[auth] b:pull token for r.example']);
  const anonymous = await fixture(t);
  await fetchToken(anonymous, 'repository:a:pull');
  assert.deepEqual(anonymous.steps, []);
});

test('credentials are shared and told once; no credentials are empty', async (t) => {
  const peer = await fixture(t, { login });
  const request = v1.CredentialsRequest.encode({ Host: host }).finish();
  for (let i = 0; i < 2; i++) {
    const { Username, Secret: secret } = v1.CredentialsResponse.decode(await peer.call('Credentials', request));
    assert.deepEqual([Username, secret], ['me', 'hunter2']);
  }
  assert.deepEqual(peer.steps, ['[auth] sharing credentials for r.example']);
  const anonymous = await fixture(t);
  assert.equal((await anonymous.call('Credentials', request)).length, 0);
  assert.deepEqual(anonymous.steps, []);
});

test('an identity token stands for user and password', async (t) => {
  const peer = await fixture(t, { login: { ...login, identityToken: new Secret('refresh') } });
  const answer = await peer.call('Credentials', v1.CredentialsRequest.encode({ Host: host }).finish());
  const { Username, Secret: secret } = v1.CredentialsResponse.decode(answer);
  assert.deepEqual([Username, secret], ['', 'refresh']);
});

test('a token of config.json is handed over as it is', async (t) => {
  const peer = await fixture(t, {
    login: { ...login, registryToken: new Secret('static') },
    fetch: async () => assert.fail('fetched'),
  });
  const answer = v1.FetchTokenResponse.decode(await peer.call('FetchToken', fetchRequest('repository:a:pull')));
  assert.deepEqual([answer.Token, fromLong(answer.ExpiresIn), fromLong(answer.IssuedAt)], ['static', 60n, 0n]);
});

test('credentials that were refused are asked for again', async (t) => {
  let generation = 1;
  const peer = await fixture(t, {
    get: (_, { fresh }) => {
      if (fresh === true) generation += 1;
      return { username: 'me', password: new Secret(`password ${generation}`) };
    },
    fetch: async ({ secret }) => {
      if (secret.reveal() === 'password 2') return someToken;
      throw new TokenStatusError('expired', 401);
    },
  });
  assert.equal(await fetchToken(peer, 'repository:a:push'), 'tok');
});

test('the same credentials are not tried twice', async (t) => {
  let tries = 0;
  const peer = await fixture(t, {
    login,
    fetch: async () => {
      tries += 1;
      throw new TokenStatusError('wrong password', 401);
    },
  });
  await assert.rejects(fetchToken(peer, 'repository:a:pull'), { message: 'wrong password' });
  assert.equal(tries, 1);
});

// The keys were computed with RFC 8032's own formulas from HMAC-SHA256(salt, seed).
test('the key of the authority is made of salt and seed, without credentials of the salt alone', async (t) => {
  const seedDir = await tempDir(t);
  const seed = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex').toString('base64');
  await writeFile(join(seedDir, '.token_seed'), JSON.stringify({ [host]: { Seed: seed } }, null, 2));
  const mine = await authority(await fixture(t, { login, seedDir }));
  const others = await authority(await fixture(t, { login }));
  const anonymous = await authority(await fixture(t));
  assert.equal(mine, '9c130e55366ae9239334b89544ab3c443b22fe044502ab0f1e10a75bf56775ca');
  assert.equal(anonymous, '7e0368fcef98f8c2a953548c17f0023fcd0f4920084c65fd0e0b8936ea9978ae');
  assert.notEqual(mine, others);
  assert.equal(mine, await authority(await fixture(t, { login: { ...login, username: 'another' }, seedDir })));
  assert.equal(anonymous, await authority(await fixture(t, { seedDir })));
  assert.notEqual(mine, await authority(await fixture(t, { login, seedDir }), Buffer.from('other salt')));
});

test('what the authority signs can be verified with its key', async (t) => {
  const peer = await fixture(t, { login });
  const key = Buffer.from(await authority(peer), 'hex');
  assert.equal(key.length, 32);
  const Payload = Buffer.from('prove it');
  const request = v1.VerifyTokenAuthorityRequest.encode({ Host: host, Salt: salt, Payload }).finish();
  const answer = v1.VerifyTokenAuthorityResponse.decode(await peer.call('VerifyTokenAuthority', request));
  const signed = Buffer.from(answer.Signed ?? '');
  assert.deepEqual(signed.subarray(64), Payload);
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), key]);
  assert.ok(verify(null, Payload, createPublicKey({ key: spki, format: 'der', type: 'spki' }), signed.subarray(0, 64)));
});

test('the daemon fetches tokens itself when ours are switched off', async (t) => {
  const peer = await fixture(t, { login, hasClientTokens: false });
  await assert.rejects(authority(peer), { status: 14, message: 'client side tokens disabled' });
});

test('and when the token server cannot be reached from here', async (t) => {
  const peer = await fixture(t, {
    login,
    fetch: async () => {
      throw new TsbuildxError('TRANSPORT', 'connect ECONNREFUSED');
    },
  });
  await authority(peer);
  await assert.rejects(fetchToken(peer, 'repository:a:pull'), { message: 'connect ECONNREFUSED' });
  await assert.rejects(authority(peer), { status: 14 });
});

test('seeds are kept beside those of others, for nobody else to read', async (t) => {
  const seedDir = await tempDir(t);
  const path = join(seedDir, '.token_seed');
  await writeFile(path, '{"other.example":{"Seed":"AAAA","Future":1}}');
  const first = await authority(await fixture(t, { login, seedDir }));
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  const seeds: unknown = JSON.parse(await readFile(path, 'utf8'));
  assert.ok(typeof seeds === 'object' && seeds !== null && 'other.example' in seeds && host in seeds);
  assert.deepEqual(seeds['other.example'], { Seed: 'AAAA', Future: 1 });
  assert.equal(await authority(await fixture(t, { login, seedDir })), first);
});

test('who has no credentials leaves no seed', async (t) => {
  const peer = await fixture(t);
  await authority(peer);
  await assert.rejects(readFile(join(peer.seedDir, '.token_seed')), { code: 'ENOENT' });
});

test('a broken seed file is replaced, and a directory that cannot be written does not stop a build', async (t) => {
  const seedDir = await tempDir(t);
  await writeFile(join(seedDir, '.token_seed'), '{"r.exa');
  const key = await authority(await fixture(t, { login, seedDir }));
  assert.equal(await authority(await fixture(t, { login, seedDir })), key);
  const file = join(seedDir, 'file');
  await writeFile(file, '');
  await chmod(file, 0o400);
  const peer = await fixture(t, { login, seedDir: join(file, 'below') });
  assert.equal(await authority(peer), await authority(peer));
});
