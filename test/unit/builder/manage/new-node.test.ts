import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { builderQuery } from '../../../../src/builder/builder-query.ts';
import { defaultDriver, type NewNode, nodeEndpoint } from '../../../../src/builder/manage/new-node.ts';

const dir = mkdtempSync(join(tmpdir(), 'tsbuildx-node-'));
after(() => rmSync(dir, { recursive: true, force: true }));

const bare: NewNode = { builder: 'b', node: '', endpoint: '', buildkitHost: '' };

async function endpoint(driver: string, node: Partial<NewNode> = {}, env: Readonly<Record<string, string>> = {}) {
  const query = await builderQuery(undefined, { env: { DOCKER_CONFIG: dir, ...env } });
  return await nodeEndpoint(driver, { ...bare, ...node }, query);
}

test('the driver follows the address', () => {
  const cases: Readonly<Record<string, string>> = {
    '': 'docker-container',
    'my-context': 'docker-container',
    'http://h': 'docker-container',
    'unix:///s': 'remote',
    'tcp://h:1': 'remote',
    'ssh://h': 'remote',
    'kube-pod://p': 'remote',
    'docker-container://c': 'remote',
    'npipe:////./pipe/x': 'remote',
  };
  for (const [text, driver] of Object.entries(cases)) {
    assert.equal(defaultDriver({ ...bare, endpoint: text }), driver, text);
  }
  assert.equal(defaultDriver({ ...bare, buildkitHost: 'x' }), 'remote');
  assert.equal(defaultDriver({ ...bare, buildkitHost: 'x', endpoint: 'default' }), 'docker-container');
});

test('deployments in Kubernetes have names of their own', async () => {
  const named = await endpoint('kubernetes', { builder: 'my_b', node: 'n/1' }, { KUBECONFIG: '/home/me/.kube/c d' });
  assert.deepEqual(named, {
    endpoint: 'kubernetes:///my_b?deployment=n%2F1&kubeconfig=%2Fhome%2Fme%2F.kube%2Fc+d',
    given: false,
  });
  const { endpoint: made } = await endpoint('kubernetes');
  assert.match(made, /^kubernetes:\/\/\/b\?deployment=buildkit-[0-9a-f-]{36}-[0-9a-f]{5}&kubeconfig=$/);
  assert.notEqual((await endpoint('kubernetes')).endpoint, made);
});

test('engines by address', async () => {
  const cases: Readonly<Record<string, string>> = {
    'tcp://h': 'tcp://h:2375',
    'h:99': 'tcp://h:99',
    'unix:///s': 'unix:///s',
    'ssh://u@h': 'ssh://u@h',
    default: 'unix:///d.sock',
  };
  for (const [text, host] of Object.entries(cases)) {
    const found = await endpoint('docker-container', { endpoint: text }, { DOCKER_HOST: 'unix:///d.sock' });
    assert.deepEqual(found, { endpoint: host, given: true }, text);
  }
  await assert.rejects(endpoint('docker-container', { endpoint: 'http://h' }), {
    code: 'INVALID_ARGUMENT',
    message: 'failed to parse endpoint http://h: invalid bind address format: http://h',
  });
  assert.deepEqual(await endpoint('docker-container', {}, { DOCKER_HOST: 'tcp://h:1' }), {
    endpoint: 'tcp://h:1',
    given: false,
  });
});

test('TLS of the environment cannot be kept', async () => {
  const env = { DOCKER_HOST: 'tcp://h:1', DOCKER_TLS_VERIFY: '1' };
  await assert.rejects(endpoint('docker-container', {}, env), {
    message: `open ${dir}/ca.pem: no such file or directory`,
  });
  writeFileSync(join(dir, 'ca.pem'), '');
  await assert.rejects(endpoint('docker-container', {}, env), {
    message: /^could not create a builder instance with TLS/,
  });
});
