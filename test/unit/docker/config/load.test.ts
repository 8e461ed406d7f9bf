import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { dockerConfigDir, loadDockerConfig } from '../../../../src/docker/config/index.ts';

async function configDir(t: TestContext, text?: string): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'tsbuildx-config-'));
  t.after(async () => await rm(dir, { recursive: true, force: true }));
  if (text !== undefined) await writeFile(join(dir, 'config.json'), text);
  return dir;
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

test('the directory is the flag, DOCKER_CONFIG, or .docker at home', () => {
  assert.equal(dockerConfigDir('/flag', { DOCKER_CONFIG: '/env', HOME: '/home/me' }), '/flag');
  assert.equal(dockerConfigDir(undefined, { DOCKER_CONFIG: '/env', HOME: '/home/me' }), '/env');
  assert.equal(dockerConfigDir(undefined, { HOME: '/home/me' }), '/home/me/.docker');
});

test('all that a build needs is read, in any case of letters, and the rest is kept', async (t) => {
  const text = JSON.stringify({
    auths: { 'r.example': { auth: base64('me:pa:ss') }, other: { identitytoken: 'refresh', registrytoken: 'bearer' } },
    httpheaders: { 'X-Meta': 'yes', number: 5 },
    currentContext: 'remote',
    credsStore: 'desktop',
    credHelpers: { 'gcr.io': 'gcloud' },
    proxies: { default: { httpProxy: 'http://proxy:3128', allProxy: 'socks5://proxy' } },
    futureFeature: { on: true },
  });
  const config = await loadDockerConfig(await configDir(t, text));
  assert.equal(config.warning, undefined);
  assert.equal(config.currentContext, 'remote');
  assert.deepEqual(config.httpHeaders, { 'X-Meta': 'yes' });
  assert.deepEqual(config.proxies, { default: { httpProxy: 'http://proxy:3128', allProxy: 'socks5://proxy' } });
  assert.equal(config.credsStore, 'desktop');
  assert.deepEqual(config.credHelpers, { 'gcr.io': 'gcloud' });
  assert.deepEqual(config.raw['futureFeature'], { on: true });
  assert.equal(config.auths.get('r.example')?.username, 'me');
  assert.equal(config.auths.get('r.example')?.password.reveal(), 'pa:ss');
  assert.equal(config.auths.get('other')?.identityToken.reveal(), 'refresh');
  assert.equal(config.auths.get('other')?.registryToken.reveal(), 'bearer');
});

for (const text of [undefined, '', '  \n', 'null']) {
  test(`${text === undefined ? 'no file' : JSON.stringify(text)} is an empty configuration`, async (t) => {
    const config = await loadDockerConfig(await configDir(t, text));
    assert.deepEqual([config.warning, config.auths.size, config.currentContext], [undefined, 0, undefined]);
  });
}

test('a broken file is left out with a warning that does not quote it', async (t) => {
  const dir = await configDir(t, '{"auths":{"r":{"auth":"c2VjcmV0');
  const { warning, raw } = await loadDockerConfig(dir);
  assert.equal(warning, `Error parsing config file (${dir}/config.json): not valid JSON`);
  assert.deepEqual(raw, {});
});

test('a login that is no login is told, and the rest of the file counts', async (t) => {
  const dir = await configDir(t, JSON.stringify({ auths: { r: { auth: base64('nocolon') } }, currentContext: 'x' }));
  const config = await loadDockerConfig(dir);
  assert.equal(config.warning, `Error parsing config file (${dir}/config.json): invalid auth configuration file`);
  assert.equal(config.currentContext, 'x');
});

test('a file that is being rewritten is read again', async (t) => {
  const dir = await configDir(t, '{"currentContext":"ol');
  const loading = loadDockerConfig(dir);
  await writeFile(join(dir, 'config.json'), '{"currentContext":"new"}');
  assert.equal((await loading).currentContext, 'new');
});
