import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { resolveEndpoint } from '../../../../src/docker/contexts/index.ts';

let configDir: string;

before(async () => {
  configDir = await mkdtemp(join(tmpdir(), 'tsbuildx-contexts-'));
});
after(async () => await rm(configDir, { recursive: true, force: true }));

const idOf = (name: string): string => createHash('sha256').update(name).digest('hex');

/** Writes a context as `docker context create` does. */
async function writeContext(name: string, meta: string, tls: Readonly<Record<string, string>> = {}): Promise<void> {
  const metaDir = join(configDir, 'contexts', 'meta', idOf(name));
  await mkdir(metaDir, { recursive: true });
  await writeFile(join(metaDir, 'meta.json'), meta);
  const tlsDir = join(configDir, 'contexts', 'tls', idOf(name), 'docker');
  if (Object.keys(tls).length > 0) await mkdir(tlsDir, { recursive: true });
  for (const [file, text] of Object.entries(tls)) await writeFile(join(tlsDir, file), text);
}

const dockerMeta = (name: string, endpoint: object): string =>
  JSON.stringify({ Name: name, Metadata: { Description: '' }, Endpoints: { docker: endpoint } });

test('reads the address and the TLS material of a context', async () => {
  await writeContext('remote', dockerMeta('remote', { Host: 'tcp://engine:2376', SkipTLSVerify: false }), {
    'ca.pem': 'CA',
    'key.pem': 'KEY',
  });
  const endpoint = await resolveEndpoint({
    flags: { context: 'remote' },
    env: {},
    currentContext: undefined,
    configDir,
  });
  assert.equal(endpoint.context, 'remote');
  assert.equal(endpoint.host, 'tcp://engine:2376');
  assert.equal(endpoint.origin, 'docker context "remote" (--context)');
  assert.equal(String(endpoint.tls?.ca), 'CA');
  assert.equal(String(endpoint.tls?.key), 'KEY');
  assert.equal(endpoint.tls?.cert, undefined);
  assert.equal(endpoint.tls?.skipVerify, false);
});

test('a context that skips verification has TLS without files; sockets have none', async () => {
  await writeContext('insecure', dockerMeta('insecure', { Host: 'tcp://engine:2376', SkipTLSVerify: true }));
  const insecure = await resolveEndpoint({
    flags: {},
    env: { DOCKER_CONTEXT: 'insecure' },
    currentContext: undefined,
    configDir,
  });
  assert.equal(insecure.tls?.skipVerify, true);
  await writeContext('socket', dockerMeta('socket', { Host: 'unix:///s.sock' }), { 'ca.pem': 'CA' });
  const socket = await resolveEndpoint({ flags: {}, env: {}, currentContext: 'socket', configDir });
  assert.deepEqual([socket.host, socket.tls], ['unix:///s.sock', undefined]);
});

test('errors say which context and where it was looked for', async () => {
  const resolve = (name: string): Promise<unknown> =>
    resolveEndpoint({ flags: { context: name }, env: {}, currentContext: undefined, configDir });
  await assert.rejects(resolve('none'), {
    code: 'NOT_FOUND',
    message: `unable to resolve docker endpoint: context "none": context not found: open ${configDir}/contexts/meta/${idOf('none')}/meta.json: no such file or directory`,
  });
  await writeContext('broken', '{');
  await assert.rejects(resolve('broken'), {
    code: 'INVALID_ARGUMENT',
    message: /context "broken": parsing .*meta\.json: /,
  });
  await writeContext('kube', JSON.stringify({ Name: 'kube', Endpoints: { kubernetes: {} } }));
  await assert.rejects(resolve('kube'), /cannot find docker endpoint in context/);
});

test('TLS from the environment needs ca.pem, takes cert.pem and key.pem when they are there', async () => {
  const certs = join(configDir, 'certs');
  await mkdir(certs);
  const input = { flags: {}, currentContext: undefined, configDir };
  const env = { DOCKER_HOST: 'tcp://engine:2376', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: certs };
  await assert.rejects(resolveEndpoint({ ...input, env }), {
    code: 'IO',
    message: new RegExp(`open ${certs}/ca\\.pem: no such file or directory`),
  });
  await writeFile(join(certs, 'ca.pem'), 'CA');
  const endpoint = await resolveEndpoint({ ...input, env });
  assert.deepEqual([String(endpoint.tls?.ca), endpoint.tls?.cert, endpoint.tls?.skipVerify], ['CA', undefined, false]);
  // A socket needs no TLS, even when the files are missing.
  const socket = await resolveEndpoint({
    ...input,
    env: { ...env, DOCKER_HOST: 'unix:///s', DOCKER_CERT_PATH: '/none' },
  });
  assert.equal(socket.tls, undefined);
});
