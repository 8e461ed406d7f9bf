import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSocketServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { inspectBuilder } from '../../../src/index.ts';

const dir = mkdtempSync(join(tmpdir(), 'tsbx-inspect-'));
const env = { DOCKER_CONFIG: dir, BUILDX_CONFIG: dir, DOCKER_HOST: `unix://${dir}/engine.sock` };
/** An engine with one container that has ended, and one that takes connections and is silent. */
const engine = createServer((request, response) => {
  const known = request.url?.includes('buildx_buildkit_there') ?? false;
  response.writeHead(known ? 200 : 404, { 'content-type': 'application/json' });
  response.end(JSON.stringify(known ? { State: { Running: false } } : { message: 'No such container' }));
});
const silent = createSocketServer((socket) => void socket.on('error', () => undefined).resume());

const listen = (server: Server, path: string): Promise<void> =>
  new Promise((resolve) => void server.listen(path, () => resolve()));

before(async () => {
  await import('docker-modem');
  await Promise.all([listen(engine, join(dir, 'engine.sock')), listen(silent, join(dir, 'silent.sock'))]);
});
after(() => {
  engine.closeAllConnections();
  engine.close();
  silent.close();
  rmSync(dir, { recursive: true });
});

function writeBuilder(name: string, driver: string, nodes: readonly object[]): void {
  mkdirSync(join(dir, 'instances'), { recursive: true });
  writeFileSync(join(dir, 'instances', name), JSON.stringify({ Name: name, Driver: driver, Nodes: nodes }));
}

/** Enough for those that answer, once the client is loaded. */
const timeoutMs = 1500;

const statuses = async (name: string): Promise<string[]> => {
  const { nodes } = await inspectBuilder({ builder: name, env, timeoutMs });
  return nodes.map(({ name: node, status, error }) => `${node} ${status} ${error?.message ?? ''}`.trim());
};

test('a silent engine costs its own node the time, and the others nothing', async () => {
  writeBuilder('boxes', 'docker-container', [
    { Name: 'there', Endpoint: env.DOCKER_HOST },
    { Name: 'silent', Endpoint: `unix://${dir}/silent.sock` },
    { Name: 'missing', Endpoint: env.DOCKER_HOST },
    { Name: 'wrong', Endpoint: env.DOCKER_HOST, DriverOpts: { nonsense: '1' } },
  ]);
  assert.deepEqual(await statuses('boxes'), [
    'there stopped',
    'silent error context deadline exceeded',
    'missing inactive',
    'wrong error invalid driver option nonsense for docker-container driver',
  ]);
});

test('a remote daemon that does not answer is inactive; options that cannot be are told', async () => {
  const endpoint = `unix://${dir}/silent.sock`;
  writeBuilder('far', 'remote', [
    { Name: 'silent', Endpoint: endpoint },
    { Name: 'missing', Endpoint: `unix://${dir}/nothing.sock`, Platforms: [{ os: 'linux', architecture: 'arm64' }] },
    { Name: 'relative', Endpoint: endpoint, DriverOpts: { cacert: 'ca.pem' } },
    { Name: 'half', Endpoint: endpoint, DriverOpts: { cert: '/cert.pem' } },
    { Name: 'files', Endpoint: endpoint, Files: { 'buildkitd.toml': 'YQ==' } },
    { Name: 'flags', Endpoint: endpoint, Flags: ['--debug'] },
  ]);
  assert.deepEqual(await statuses('far'), [
    'silent inactive',
    'missing inactive',
    "relative error non-absolute path 'ca.pem' provided for cacert",
    'half error tls enabled, but missing keys cacert, key',
    'files error setting config file is not supported for remote driver',
    'flags error setting buildkit flags is not supported for remote driver',
  ]);
});

test('what is configured is there though no daemon is', async () => {
  mkdirSync(join(dir, 'activity'), { recursive: true });
  writeFileSync(join(dir, 'activity/far'), '2026-01-02T03:04:05Z');
  const { driver, lastActivity, nodes } = await inspectBuilder({ builder: 'far', env, timeoutMs: 1 });
  assert.deepEqual([driver, lastActivity?.toISOString()], ['remote', '2026-01-02T03:04:05.000Z']);
  assert.deepEqual(nodes[1]?.configuredPlatforms, ['linux/arm64']);
  assert.deepEqual(nodes[4]?.files, { 'buildkitd.toml': Buffer.from('a') });
  assert.deepEqual(nodes[5]?.buildkitdFlags, ['--debug']);
});

test('a driver that is not known is an error of the builder', async () => {
  writeBuilder('moon', 'lunar', [{ Name: 'moon0', Endpoint: '' }]);
  const { driver, error } = await inspectBuilder({ builder: 'moon', env });
  assert.deepEqual([driver, error?.message], ['lunar', 'failed to find driver "lunar"']);
});

test('starting fails where there is no image, and waits for nobody who cancels', async () => {
  writeBuilder('box', 'docker-container', [{ Name: 'missing', Endpoint: env.DOCKER_HOST }]);
  await assert.rejects(inspectBuilder({ builder: 'box', env, bootstrap: true }), {
    code: 'NOT_FOUND',
    message: 'Error response from daemon: No such container',
  });
  writeBuilder('mute', 'remote', [{ Name: 'mute0', Endpoint: `unix://${dir}/silent.sock` }]);
  const signal = AbortSignal.timeout(300);
  await assert.rejects(inspectBuilder({ builder: 'mute', env, timeoutMs: 100, bootstrap: true }, { signal }), {
    code: 'CANCELED',
  });
});
