// Caches that only a real buildkitd has: one daemon exports them, another, which has built nothing, finds every step in them.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { busyboxRootfs } from '../../scripts/engine/bundles.ts';
import { startFakeActionsCache } from '../support/actions-cache.ts';
import { stepsOf } from '../support/build-steps.ts';
import { type NpmServer, startAzurite, startS3 } from '../support/npm-servers.ts';
import type { Side } from '../support/peers.ts';
import { type RealPeers, startRealPeers } from '../support/real-peers.ts';

let peers: RealPeers;
let s3: NpmServer;
let azurite: NpmServer;

before(async () => {
  peers = await startRealPeers({ first: [], second: [] });
  [s3, azurite] = await Promise.all([startS3('cache'), startAzurite()]);
  await makeContainer();
  await copyFile((await busyboxRootfs()).tar, join(peers.dir, 'rootfs.tar'));
  const dockerfile = [
    'FROM scratch AS base',
    'ADD rootfs.tar /',
    'FROM base AS made',
    'COPY salt /salt',
    'RUN cat /salt > /made',
    'FROM base',
    'COPY --from=made /made /',
  ];
  await writeFile(join(peers.dir, 'Dockerfile'), dockerfile.join('\n'));
});
after(async () => {
  for (const part of [s3, azurite, peers]) await part?.[Symbol.asyncDispose]();
});

type Env = Readonly<Record<string, string>>;

/** Everybody reads what we write, we read what everybody writes; no secret is shown. */
async function assertShared(cache: string, env: Env, secrets: readonly string[]): Promise<void> {
  const build = async (side: Side, daemon: string, ...args: readonly string[]): Promise<string> => {
    const words = ['--progress=rawjson', '--output=type=cacheonly', ...args, '.'];
    const { code, stderr } = await peers.build(side, daemon, words, env);
    assert.equal(code, 0, stderr);
    for (const secret of secrets) assert.ok(side === 'theirs' || !stderr.includes(secret), 'a secret is shown');
    return stderr;
  };
  for (const writer of ['ours', 'theirs'] as const) {
    await writeFile(join(peers.dir, 'salt'), crypto.randomUUID());
    await build(writer, 'first', `--cache-to=${cache.replace('NAME', writer)},mode=max`);
    for (const reader of writer === 'ours' ? (['ours', 'theirs'] as const) : (['ours'] as const)) {
      await peers.prune('second');
      const { cached, done } = stepsOf(await build(reader, 'second', `--cache-from=${cache.replace('NAME', writer)}`));
      assert.deepEqual(done, [], `${reader} does not find all that ${writer} wrote`);
      assert.ok(cached.includes('[made 2/2] RUN cat /salt > /made'), cached.join(', '));
    }
  }
}

const bucket = (): string =>
  `type=s3,region=us-east-1,bucket=cache,endpoint_url=${s3.url},use_path_style=true,name=NAME`;

test('s3, with keys of the environment', async () => {
  await assertShared(bucket(), { AWS_ACCESS_KEY_ID: 'S3RVER', AWS_SECRET_ACCESS_KEY: 'S3RVER' }, ['S3RVER']);
});

test('s3, with keys of a profile', async () => {
  const file = join(peers.dir, 'credentials');
  await writeFile(file, '[ci]\naws_access_key_id=S3RVER\naws_secret_access_key=S3RVER\n');
  const env = { AWS_SHARED_CREDENTIALS_FILE: file, AWS_PROFILE: 'ci', AWS_CONFIG_FILE: '/nowhere' };
  await assertShared(`${bucket()},prefix=profile/`, env, ['S3RVER']);
});

test('s3, with wrong keys: the build fails, or tells of it where it may', async () => {
  await writeFile(join(peers.dir, 'salt'), crypto.randomUUID());
  const cache = `${bucket().replace('NAME', 'x')},access_key_id=nobody,secret_access_key=wrong,retry_max_attempts=1`;
  const wrong = ['--output=type=cacheonly', `--cache-to=${cache}`, '.'];
  for (const side of ['ours', 'theirs'] as const) {
    const { code, stderr } = await peers.build(side, 'first', wrong);
    assert.equal(code, 1);
    assert.match(stderr, /ERROR: failed to build: failed to solve: .*Forbidden/s);
    const lenient = wrong.map((word) => word.replace(cache, `${cache},ignore-error=true`));
    assert.equal((await peers.build(side, 'first', lenient)).code, 0);
  }
});

test('azblob', async () => {
  const at = `account_url=${azurite.url}/${account},account_name=${account},container=cache`;
  await assertShared(`type=azblob,${at},secret_access_key=${accountKey},name=NAME`, {}, [accountKey]);
});

test('gha, versions 1 and 2', async () => {
  for (const version of [1, 2]) {
    await using service = await startFakeActionsCache();
    const where: Env =
      version === 1
        ? { ACTIONS_CACHE_URL: service.url }
        : { ACTIONS_RESULTS_URL: service.url, ACTIONS_CACHE_SERVICE_V2: 'true' };
    const env = { ...where, ACTIONS_RUNTIME_TOKEN: service.token };
    await assertShared('type=gha,scope=NAME', env, [service.token]);
    assert.equal(
      [...service.calls()].every((path) => path.startsWith('/twirp/')),
      version === 2,
    );
  }
});

/** The account that every emulator has. */
const account = 'devstoreaccount1';
const accountKey = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

async function makeContainer(): Promise<void> {
  const headers = { 'x-ms-date': new Date().toUTCString(), 'x-ms-version': '2021-12-02' };
  const path = `/${account}/cache`;
  const fields = Object.entries(headers).map(([name, value]) => `${name}:${value}`);
  const text = ['PUT', ...Array.from({ length: 11 }, () => ''), ...fields, `/${account}${path}`, 'restype:container'];
  const hmac = createHmac('sha256', Buffer.from(accountKey, 'base64')).update(text.join('\n'));
  const authorization = `SharedKey ${account}:${hmac.digest('base64')}`;
  const answer = await fetch(`${azurite.url}${path}?restype=container`, {
    method: 'PUT',
    headers: { ...headers, authorization },
  });
  assert.equal(answer.status, 201, await answer.text());
}
