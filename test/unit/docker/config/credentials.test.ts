import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { inspect } from 'node:util';
import {
  createCredentialStore,
  type Credentials,
  type CredentialStore,
  isAnonymous,
  loadDockerConfig,
} from '../../../../src/docker/config/index.ts';

const never = new AbortController().signal;
const base64 = (text: string): string => Buffer.from(text).toString('base64');

interface Fixture {
  readonly store: CredentialStore;
  readonly dir: string;
  readonly warnings: readonly string[];
  /** The helpers' log: a line each time one starts and ends. */
  readonly log: () => Promise<string[]>;
}

interface FixtureOptions {
  readonly config?: unknown;
  /** Shell scripts by the suffix of the helper's name; `$asked` is the address. */
  readonly helpers?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly now?: () => number;
  /** More files below the directory. */
  readonly files?: Readonly<Record<string, unknown>>;
}

async function fixture(t: TestContext, options: FixtureOptions): Promise<Fixture> {
  const dir = await mkdtemp(join(tmpdir(), 'tsbuildx-creds-'));
  t.after(async () => await rm(dir, { recursive: true, force: true }));
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), text);
  };
  await write('config.json', JSON.stringify(options.config ?? {}));
  await write('log', '');
  for (const [path, content] of Object.entries(options.files ?? {})) await write(path, JSON.stringify(content));
  for (const [name, script] of Object.entries(options.helpers ?? {})) {
    const path = `bin/docker-credential-${name}`;
    const log = `${dir}/log`;
    await write(
      path,
      `#!/bin/sh\nasked=$(cat)\necho "$1 $asked" >> ${log}\n${script}\ncode=$?\necho end >> ${log}\nexit $code\n`,
    );
    await chmod(join(dir, path), 0o755);
  }
  const warnings: string[] = [];
  const store = createCredentialStore({
    config: await loadDockerConfig(dir),
    buildxDir: join(dir, 'buildx'),
    env: { PATH: `${dir}/bin:/usr/bin:/bin`, ...options.env },
    onWarning: (message) => warnings.push(message),
    now: options.now,
  });
  const log = async (): Promise<string[]> => (await readFile(join(dir, 'log'), 'utf8')).split('\n').slice(0, -1);
  return { store, dir, warnings, log };
}

function shown({ username, password, identityToken, registryToken }: Credentials): string[] {
  return [username, password.reveal(), identityToken.reveal(), registryToken.reveal()];
}

const answer = (username: string, secret: string): string =>
  `echo '${JSON.stringify({ ServerURL: 'x', Username: username, Secret: secret })}'`;

// Key in config.json, host that the daemon asks for.
const names: readonly (readonly [key: string, host: string, found: boolean])[] = [
  ['https://index.docker.io/v1/', 'registry-1.docker.io', true],
  ['https://index.docker.io/v1/', 'docker.io', true],
  ['https://index.docker.io/v1/', 'index.docker.io', true],
  ['https://index.docker.io/v1/', 'dhi.io', true],
  ['https://index.docker.io/v1/', 'registry.scout.docker.com', true],
  ['https://index.docker.io/v1/', 'quay.io', false],
  ['docker.io', 'registry-1.docker.io', false],
  ['r.example:5000', 'r.example:5000', true],
  ['r.example', 'r.example:5000', false],
  ['https://r.example:5000/v2/', 'r.example:5000', true],
  ['http://r.example', 'r.example', true],
  ['r.example/some/path', 'r.example', true],
  ['https://[::1]:5000', '[::1]:5000', true],
];

for (const [key, host, found] of names) {
  test(`${key} ${found ? 'is' : 'is not'} what ${host} needs`, async (t) => {
    const { store } = await fixture(t, { config: { auths: { [key]: { auth: base64('me:pw') } } } });
    const credentials = await store.get(host, { signal: never });
    assert.deepEqual(shown(credentials), found ? ['me', 'pw', '', ''] : ['', '', '', '']);
    assert.equal(isAnonymous(credentials), !found);
  });
}

test("a registry's own helper is asked before the store, the store before the file", async (t) => {
  const { store, log } = await fixture(t, {
    config: {
      auths: { 'a.example': { auth: base64('file:1') }, 'b.example': {}, 'c.example': { auth: base64('file:3') } },
      credsStore: 'all',
      credHelpers: { 'a.example': 'own', 'c.example': '' },
    },
    helpers: { all: answer('all', '2'), own: answer('<token>', 'refresh') },
  });
  const of = async (host: string): Promise<string[]> => shown(await store.get(host, { signal: never }));
  assert.deepEqual(await of('a.example'), ['', '', 'refresh', '']);
  assert.deepEqual(await of('b.example'), ['all', '2', '', '']);
  assert.deepEqual(await of('c.example'), ['file', '3', '', '']);
  assert.deepEqual(await of('docker.io'), ['all', '2', '', '']);
  assert.deepEqual(await log(), [
    'get a.example',
    'end',
    'get b.example',
    'end',
    'get https://index.docker.io/v1/',
    'end',
  ]);
});

test('helpers run one at a time and once a host, however many ask', async (t) => {
  const { store, log } = await fixture(t, {
    config: { credsStore: 'slow' },
    helpers: { slow: `sleep 0.1\n${answer('me', 'pw')}` },
  });
  const hosts = ['a', 'b', 'a', 'b', 'a'];
  const all = await Promise.all(hosts.map(async (host) => await store.get(host, { signal: never })));
  assert.deepEqual(
    all.map((one) => one.username),
    hosts.map(() => 'me'),
  );
  assert.deepEqual(await log(), ['get a', 'end', 'get b', 'end']);
});

test('nothing runs before somebody asks', async (t) => {
  const { log } = await fixture(t, { config: { credsStore: 'x' }, helpers: { x: answer('me', 'pw') } });
  assert.deepEqual(await log(), []);
});

test('an answer is used again for seconds, not for minutes, and not when it was refused', async (t) => {
  let now = 0;
  const { store, log } = await fixture(t, {
    config: { credsStore: 'x' },
    helpers: { x: answer('me', 'pw') },
    now: () => now,
  });
  const runs = async (): Promise<number> => (await log()).filter((line) => line !== 'end').length;
  await store.get('r', { signal: never });
  now = 5000;
  await store.get('r', { signal: never });
  assert.equal(await runs(), 1);
  await store.get('r', { signal: never, fresh: true });
  assert.equal(await runs(), 2);
  now = 120_000;
  await store.get('r', { signal: never });
  assert.equal(await runs(), 3);
});

test('a helper that keeps nothing for the host is no error', async (t) => {
  const { store, warnings } = await fixture(t, {
    config: { credsStore: 'x', auths: { r: { auth: base64('file:pw') } } },
    helpers: { x: 'echo "credentials not found in native keychain"; false' },
  });
  assert.ok(isAnonymous(await store.get('r', { signal: never })));
  assert.deepEqual(warnings, []);
});

test('a helper that is not there means going on without, with one warning', async (t) => {
  const { store, warnings } = await fixture(t, { config: { credsStore: 'absent' } });
  assert.ok(isAnonymous(await store.get('a', { signal: never })));
  await store.get('a', { signal: never, fresh: true });
  assert.deepEqual(warnings, ['docker-credential-absent is not on PATH: going on without credentials for a']);
});

test('a helper that fails is an error that names its reason, and is asked again next time', async (t) => {
  const { store, log } = await fixture(t, {
    config: { credsStore: 'x' },
    helpers: { x: 'echo "the keychain is locked"; echo "unlock it" >&2; (exit 3)' },
  });
  const failure = {
    code: 'AUTH',
    message: 'error getting credentials - err: exit status 3, out: `the keychain is locked`: unlock it',
  };
  await assert.rejects(store.get('r', { signal: never }), failure);
  await assert.rejects(store.get('r', { signal: never }), failure);
  assert.equal((await log()).length, 4);
});

test('what a helper prints as secret is never shown', async (t) => {
  const { store } = await fixture(t, {
    config: { credHelpers: { failing: 'failing', broken: 'broken', fine: 'fine' } },
    helpers: {
      failing: `${answer('me', 'hunter2')}; false`,
      broken: `echo '{"Secret":"hunter2'`,
      fine: answer('me', 'hunter2'),
    },
  });
  for (const host of ['failing', 'broken']) {
    const error = await store.get(host, { signal: never }).then(
      () => undefined,
      (e: unknown) => e,
    );
    assert.ok(error instanceof Error);
    assert.doesNotMatch(inspect(error), /hunter2/);
  }
  const found = await store.get('fine', { signal: never });
  assert.doesNotMatch(inspect(found) + JSON.stringify(found) + String(found.password), /hunter2/);
});

test('cancelling kills the helper and lets the next one run', async (t) => {
  const { store, dir, log } = await fixture(t, {
    config: { credHelpers: { stuck: 'stuck', fine: 'fine' } },
    helpers: { stuck: 'echo $$ > $(dirname $0)/pid; exec sleep 600', fine: answer('me', 'pw') },
  });
  const abort = new AbortController();
  const stuck = store.get('stuck', { signal: abort.signal });
  const fine = store.get('fine', { signal: never });
  const pidFile = join(dir, 'bin/pid');
  const readPid = async (): Promise<number> => Number(await readFile(pidFile, 'utf8').catch(() => '0'));
  let pid = 0;
  while (pid === 0) pid = await readPid();
  abort.abort(new Error('enough'));
  await assert.rejects(stuck, { code: 'CANCELED' });
  assert.equal((await fine).username, 'me');
  while (isAlive(pid)) await new Promise(setImmediate);
  assert.deepEqual(await log(), ['get stuck', 'get fine', 'end']);
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('DOCKER_AUTH_CONFIG comes first and leaves other registries to the file', async (t) => {
  const { store, log } = await fixture(t, {
    config: { credsStore: 'x' },
    helpers: { x: answer('stored', 'pw') },
    env: { DOCKER_AUTH_CONFIG: JSON.stringify({ auths: { 'r.example': { auth: base64('env:secret') } } }) },
  });
  assert.deepEqual(shown(await store.get('r.example', { signal: never })), ['env', 'secret', '', '']);
  assert.equal((await store.get('other', { signal: never })).username, 'stored');
  assert.deepEqual(await log(), ['get other', 'end']);
});

const wrongEnv: readonly (readonly [value: string, why: string])[] = [
  ['{"auths":{"r":{}}}', 'DOCKER_AUTH_CONFIG environment variable is missing key `auth` for r'],
  ['{"auths":{"r":{"auth":"bWU6cHc=","email":"x"}}}', 'json: unknown field "email"'],
  ['{"auths":{"r":{"auth":"hunter2"', 'not valid JSON'],
];

for (const [value, why] of wrongEnv) {
  test(`DOCKER_AUTH_CONFIG is left out with a warning: ${why}`, async (t) => {
    const { store, warnings } = await fixture(t, {
      config: { auths: { r: { auth: base64('file:pw') } } },
      env: { DOCKER_AUTH_CONFIG: value },
    });
    assert.equal((await store.get('r', { signal: never })).username, 'file');
    assert.deepEqual(warnings, [`Failed to create credential store from DOCKER_AUTH_CONFIG: ${why}`]);
  });
}

test("the platform's own store is used when nothing is configured and it is there", async (t) => {
  const helpers = { secretservice: answer('keyring', 'pw'), pass: answer('pass', 'pw') };
  const { store } = await fixture(t, { helpers });
  assert.equal((await store.get('r', { signal: never })).username, 'keyring');
  const configured = await fixture(t, { helpers, config: { auths: { other: {} } } });
  assert.ok(isAnonymous(await configured.store.get('r', { signal: never })));
});

test('credentials for one repository and action win over those of the host', async (t) => {
  const login = (user: string): unknown => ({ auths: { 'r.example': { auth: base64(`${user}:pw`) } } });
  const { store } = await fixture(t, {
    config: login('default'),
    files: {
      'buildx/config/r.example/config.json': login('host'),
      'buildx/config/r.example/team/app/config.json': login('app'),
      'buildx/config/r.example/team/app@push/config.json': login('push'),
      'buildx/config/other.example/config.json': login('other'),
    },
  });
  const of = async (...scopes: string[]): Promise<string> =>
    (await store.get('r.example', { signal: never, scopes })).username;
  assert.equal(await of(), 'default');
  assert.equal(await of('repository:x:pull'), 'host');
  assert.equal(await of('repository:team/app:pull'), 'app');
  assert.equal(await of('repository:team/app:pull,push'), 'push');
  assert.equal(await of('repository:team/app:pull', 'repository:x:pull'), 'default');
});
