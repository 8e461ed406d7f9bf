// Private registries: what is pushed and pulled through our session with credentials of the client.
import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test, type TestContext } from 'node:test';
import { createContext, lastLine } from '../support/cli.ts';
import { baseImage, type Ran, runProgram, type TestEngine, useEngine } from '../support/engine.ts';
import { registryUser, startRegistry, startTokenServer, type TestRegistry } from '../support/registry.ts';

const main = join(import.meta.dirname, '../../src/cli/main.ts');
const login = Buffer.from(`${registryUser.name}:${registryUser.password}`).toString('base64');

let engine: TestEngine;
before(async () => {
  engine = await useEngine();
});
after(async () => await engine[Symbol.asyncDispose]());

/** A user: a home with a config.json and helpers. */
interface User {
  readonly dir: string;
  build(args: readonly string[], dockerfile: string): Promise<Ran>;
}

async function newUser(t: TestContext, config: unknown, env: Readonly<Record<string, string>> = {}): Promise<User> {
  const dir = await mkdtemp(join(tmpdir(), 'tsbx-user-'));
  t.after(async () => await rm(dir, { recursive: true, force: true }));
  await writeFile(join(dir, 'config.json'), JSON.stringify(config));
  const PATH = `${join(dir, 'bin')}:${process.env['PATH'] ?? ''}`;
  const settings = {
    DOCKER_CONFIG: dir,
    DOCKER_HOST: engine.host,
    DOCKER_CONTEXT: undefined,
    BUILDX_BUILDER: undefined,
  };
  return {
    dir,
    async build(args, dockerfile) {
      // A salt: nothing of it is in a cache.
      await using context = await createContext({ Dockerfile: dockerfile, salt: crypto.randomUUID() });
      const words = [main, 'build', '--progress=plain', ...args, context.dir];
      return await runProgram(process.execPath, words, { env: { ...settings, PATH, ...env } });
    },
  };
}

async function addHelper({ dir }: User, name: string, script: string): Promise<void> {
  const path = join(dir, 'bin', `docker-credential-${name}`);
  await mkdir(join(dir, 'bin'), { recursive: true });
  await writeFile(path, `#!/bin/sh\necho "$(cat)" >> ${dir}/helper.log\n${script}\n`);
  await chmod(path, 0o755);
}

const auths = ({ host }: TestRegistry, auth = login): unknown => ({ auths: { [host]: { auth } } });
const fromBase = `FROM ${baseImage}\nCOPY salt /salt\n`;
const from = (ref: string): string => `FROM ${ref}\nCOPY salt /again\n`;

function assertBuilt({ code, stderr }: Ran): void {
  assert.equal(code, 0, stderr);
}

function steps({ stderr }: Ran): string[] {
  return [...stderr.matchAll(/^#\d+ (\[auth\] .*)$/gm)].map((match) => match[1] ?? '');
}

test('a registry with passwords: pushed to and pulled from, not without one', async (t) => {
  await using registry = await startRegistry({ kind: 'basic' });
  const ref = `${registry.host}/team/app:1`;
  const user = await newUser(t, auths(registry));
  const pushed = await user.build(['--push', '-t', ref], fromBase);
  assertBuilt(pushed);
  assert.deepEqual(steps(pushed), [`[auth] sharing credentials for ${registry.host}`]);
  assertBuilt(await user.build(['--pull', '--output=type=cacheonly'], from(ref)));

  const nobody = await newUser(t, {});
  const refused = await nobody.build(['--pull', '--output=type=cacheonly'], from(ref));
  assert.equal(refused.code, 1);
  assert.match(lastLine(refused.stderr), /^ERROR: failed to build: failed to solve: .*401 Unauthorized$/);
});

test('a registry with tokens: each repository has its scope, and a second client with the same seed needs no token', async (t) => {
  await using tokens = await startTokenServer();
  await using registry = await startRegistry({ kind: 'token', realm: tokens.realm });
  const user = await newUser(t, auths(registry));
  const [base, app] = [`${registry.host}/team/base:1`, `${registry.host}/other/app:1`];
  assertBuilt(await user.build(['--push', '-t', base], fromBase));
  const built = await user.build(['--pull', '--push', '-t', app], from(base));
  assertBuilt(built);
  assert.ok(steps(built).includes(`[auth] team/base:pull token for ${registry.host}`));
  assert.ok(steps(built).includes(`[auth] other/app:pull,push token for ${registry.host}`));
  for (const { method, user: name } of tokens.calls) assert.deepEqual([method, name], ['POST', registryUser.name]);
  assert.ok(tokens.calls.some(({ scopes }) => scopes.includes('repository:other/app:pull,push')));

  const calls = tokens.calls.length;
  assertBuilt(await user.build(['--pull', '--output=type=cacheonly'], from(base)));
  assert.equal(tokens.calls.length, calls);
  const seeds = await readFile(join(user.dir, '.token_seed'), 'utf8');
  assert.ok(seeds.includes(registry.host));
});

test('everybody pulls what is open, with one anonymous token', async (t) => {
  await using tokens = await startTokenServer({ openPull: true });
  await using registry = await startRegistry({ kind: 'token', realm: tokens.realm });
  const ref = `${registry.host}/open:1`;
  assertBuilt(await (await newUser(t, auths(registry))).build(['--push', '-t', ref], fromBase));
  const before = tokens.calls.length;
  for (let i = 0; i < 2; i++) {
    const built = await (await newUser(t, {})).build(['--pull', '--output=type=cacheonly'], from(ref));
    assertBuilt(built);
    assert.deepEqual(steps(built), []);
  }
  const anonymous = tokens.calls.slice(before);
  assert.deepEqual(
    anonymous.map(({ method, user }) => [method, user]),
    [['GET', '']],
  );
});

test('a token server that breaks connections is asked again', async (t) => {
  await using tokens = await startTokenServer();
  await using registry = await startRegistry({ kind: 'token', realm: tokens.realm });
  const user = await newUser(t, auths(registry));
  tokens.failNext(2);
  assertBuilt(await user.build(['--push', '-t', `${registry.host}/app:1`], fromBase));
});

test('a helper is asked once for a registry, and not at all when none is used', async (t) => {
  await using tokens = await startTokenServer();
  await using registry = await startRegistry({ kind: 'token', realm: tokens.realm });
  const user = await newUser(t, { credHelpers: { [registry.host]: 'test' } });
  const answer = JSON.stringify({
    ServerURL: registry.host,
    Username: registryUser.name,
    Secret: registryUser.password,
  });
  await addHelper(user, 'test', `echo '${answer}'`);
  const log = async (): Promise<string> => await readFile(join(user.dir, 'helper.log'), 'utf8').catch(() => '');
  assertBuilt(await user.build(['--output=type=cacheonly'], fromBase));
  assert.equal(await log(), '');
  assertBuilt(await user.build(['--push', '-t', `${registry.host}/app:1`], fromBase));
  assert.equal(await log(), `${registry.host}\n`);
});

test('a helper whose answer expired during the build is asked again', async (t) => {
  await using tokens = await startTokenServer();
  await using registry = await startRegistry({ kind: 'token', realm: tokens.realm });
  tokens.accept('password 2');
  const user = await newUser(t, { credHelpers: { [registry.host]: 'aging' } });
  const answer = `{"ServerURL":"x","Username":"${registryUser.name}","Secret":"password %s"}`;
  await addHelper(user, 'aging', `printf '${answer}' "$(wc -l < ${user.dir}/helper.log)"`);
  assertBuilt(await user.build(['--push', '-t', `${registry.host}/app:1`], fromBase));
});

test('a missing helper is told, and the build goes on', async (t) => {
  await using tokens = await startTokenServer({ openPull: true });
  await using registry = await startRegistry({ kind: 'token', realm: tokens.realm });
  const ref = `${registry.host}/open:1`;
  assertBuilt(await (await newUser(t, auths(registry))).build(['--push', '-t', ref], fromBase));
  const user = await newUser(t, { credsStore: 'absent' });
  const built = await user.build(['--pull', '--output=type=cacheonly'], from(ref));
  assertBuilt(built);
  assert.match(built.stderr, /docker-credential-absent is not on PATH/);
});

test('wrong credentials are named as such, and never shown', async (t) => {
  await using tokens = await startTokenServer();
  await using registry = await startRegistry({ kind: 'token', realm: tokens.realm });
  const wrong = Buffer.from('me:secret-of-mine').toString('base64');
  const user = await newUser(t, auths(registry, wrong));
  for (const mode of ['plain', 'rawjson']) {
    const ran = await user.build(['--debug', `--progress=${mode}`, '--push', '-t', `${registry.host}/app:1`], fromBase);
    assert.equal(ran.code, 1);
    assert.match(ran.stderr, /^ERROR: .*failed to solve: failed to fetch oauth token: unauthorized: wrong login$/m);
    assert.doesNotMatch(ran.stderr + ran.stdout, new RegExp(`secret-of-mine|${wrong}`));
  }
});

test('the daemon fetches tokens itself when it is told to', async (t) => {
  await using tokens = await startTokenServer();
  await using registry = await startRegistry({ kind: 'token', realm: tokens.realm });
  const user = await newUser(t, auths(registry), { BUILDKIT_NO_CLIENT_TOKEN: '1' });
  const built = await user.build(['--push', '-t', `${registry.host}/app:1`], fromBase);
  assertBuilt(built);
  assert.deepEqual(steps(built), [`[auth] sharing credentials for ${registry.host}`]);
});
