import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { defaultAwsKeys } from '../../../src/build/aws-keys.ts';
import { temporaryDirectory } from '../../support/trees.ts';

const before = { ...process.env };
// AWS's library looks at the process; nothing of this machine's shall count.
beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, {
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SHARED_CREDENTIALS_FILE: '/nowhere/credentials',
    AWS_CONFIG_FILE: '/nowhere/config',
  });
});
afterEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, before);
});

void test('keys of the environment count before a profile', async () => {
  const env = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret', AWS_PROFILE: 'other' };
  assert.deepEqual(await defaultAwsKeys(env), {
    accessKeyId: 'id',
    secretAccessKey: 'secret',
    sessionToken: undefined,
  });
});

void test('a profile', async () => {
  using root = temporaryDirectory();
  const file = join(root.path, 'credentials');
  const section = (name: string): string => `[${name}]\naws_access_key_id=${name}1\naws_secret_access_key=${name}2\n`;
  writeFileSync(file, section('default') + section('work'));
  process.env['AWS_SHARED_CREDENTIALS_FILE'] = file;
  assert.equal((await defaultAwsKeys({}))?.accessKeyId, 'default1');
  const work = await defaultAwsKeys({ AWS_PROFILE: 'work' });
  assert.deepEqual([work?.accessKeyId, work?.secretAccessKey], ['work1', 'work2']);
  assert.equal((await defaultAwsKeys({ AWS_DEFAULT_PROFILE: 'work' }))?.accessKeyId, 'work1');
});

void test('a web identity counts before a profile, and alone', async () => {
  using root = temporaryDirectory();
  const [credentials, tokenFile] = [join(root.path, 'credentials'), join(root.path, 'token')];
  writeFileSync(credentials, '[default]\naws_access_key_id=a\naws_secret_access_key=b\n');
  writeFileSync(tokenFile, 'jwt');
  const keys = '<AccessKeyId>id</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>s</SessionToken>';
  const answer = `<Credentials>${keys}<Expiration>2999-01-01T00:00:00Z</Expiration></Credentials>`;
  const result = `<AssumeRoleWithWebIdentityResult>${answer}</AssumeRoleWithWebIdentityResult>`;
  await using service = await serve(`<AssumeRoleWithWebIdentityResponse>${result}</AssumeRoleWithWebIdentityResponse>`);
  Object.assign(process.env, {
    AWS_SHARED_CREDENTIALS_FILE: credentials,
    AWS_ENDPOINT_URL_STS: service.url,
    AWS_REGION: 'us-east-1',
    AWS_ROLE_ARN: 'arn:aws:iam::1:role/x',
    AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile,
  });
  assert.equal((await defaultAwsKeys(process.env))?.accessKeyId, 'id');
  process.env['AWS_WEB_IDENTITY_TOKEN_FILE'] = '/nowhere/token';
  assert.equal(await defaultAwsKeys(process.env), undefined);
  Reflect.deleteProperty(process.env, 'AWS_ROLE_ARN');
  assert.equal(await defaultAwsKeys(process.env), undefined);
});

void test('the credentials of a container', async () => {
  const answer = { AccessKeyId: 'id', SecretAccessKey: 'secret', Token: 'session', Expiration: '2999-01-01T00:00:00Z' };
  await using service = await serve(JSON.stringify(answer));
  process.env['AWS_CONTAINER_CREDENTIALS_FULL_URI'] = service.url;
  const keys = await defaultAwsKeys({});
  assert.deepEqual([keys?.accessKeyId, keys?.secretAccessKey, keys?.sessionToken], ['id', 'secret', 'session']);
});

void test('none is no error: the daemon may have some', async () => {
  assert.equal(await defaultAwsKeys({ AWS_ACCESS_KEY_ID: 'id' }), undefined);
});

/** Answers everything alike. */
async function serve(answer: string): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer((_, response) => response.end(answer)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no address');
  return {
    url: `http://127.0.0.1:${address.port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
