// A builder's container from its beginning to its end, through the driver.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createConnector } from '../../src/builder/drivers/connector.ts';
import { driverFactory, type NodeDriver } from '../../src/builder/drivers/driver.ts';
import type { InstanceNode } from '../../src/builder/store/index.ts';
import { loadDockerConfig } from '../../src/docker/config/index.ts';
import { startBuildkitd, type TestBuildkitd } from '../support/buildkitd.ts';
import { type BuildkitImage, buildkitImage } from '../support/buildkit-image.ts';
import { type TestEngine, useEngine } from '../support/engine.ts';

let engine: TestEngine;
let buildkitd: TestBuildkitd;
let image: BuildkitImage;
let dir: string;
const { signal } = new AbortController();
const name = `life${process.pid}`;
const container = `buildx_buildkit_${name}`;

before(async () => {
  engine = await useEngine();
  buildkitd = await startBuildkitd(engine);
  image = await buildkitImage(engine, buildkitd.port);
  dir = await mkdtemp(join(tmpdir(), 'tsbx-driver-'));
});
after(async () => {
  await engine?.docker(['rm', '-f', container]);
  await buildkitd?.[Symbol.asyncDispose]();
  await rm(dir, { recursive: true, force: true });
  await engine?.[Symbol.asyncDispose]();
});

async function open(endpoint = engine.host): Promise<NodeDriver> {
  const driverOpts = { image: image.name, ...image.driverOpts };
  const node: InstanceNode = { name, endpoint, driverOpts, buildkitdFlags: [], platforms: [], files: {} };
  const connector = createConnector({
    flags: {},
    config: await loadDockerConfig(dir),
    env: { DOCKER_TLS_VERIFY: '1' },
  });
  const factory = await driverFactory('docker-container');
  return await factory.open({ name, driver: factory.name, nodes: [node] }, node, connector);
}

/** Boots, and gives the names of the parts. */
async function boot(driver: NodeDriver): Promise<string[]> {
  const parts: string[] = [];
  const part = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    parts.push(what.replace(image.name, 'IMAGE'));
    return await work();
  };
  await driver.boot({ tell: { part, log: () => {} }, signal });
  return parts;
}

const hasVolume = async (): Promise<boolean> =>
  (await engine.docker(['volume', 'inspect', `${container}_state`])).code === 0;

const everything = { force: true, keepState: false, keepDaemon: false, signal };

test('a container is made, stopped, started, removed with and without its cache', async () => {
  await using driver = await open();
  assert.equal(await driver.status({ signal }), 'inactive');
  await driver.stop({ signal });
  await driver.remove(everything);

  assert.deepEqual(
    (await boot(driver)).filter((part) => !part.startsWith('using')),
    ['pulling image IMAGE', `creating container ${container}`],
  );
  assert.equal(await driver.status({ signal }), 'running');
  assert.match(await driver.version({ signal }), /^v\d/);

  await driver.stop({ signal });
  assert.equal(await driver.status({ signal }), 'stopped');
  await driver.stop({ signal });
  assert.deepEqual(await boot(driver), [`starting container ${container}`]);

  await driver.remove({ ...everything, keepDaemon: true });
  assert.equal(await driver.status({ signal }), 'running');
  await assert.rejects(driver.remove({ ...everything, force: false }), { code: 'ENGINE_FAILED' });
  await driver.remove({ ...everything, keepState: true });
  assert.deepEqual([await driver.status({ signal }), await hasVolume()], ['inactive', true]);

  await boot(driver);
  await driver.remove(everything);
  assert.deepEqual([await driver.status({ signal }), await hasVolume()], ['inactive', false]);
});

test('an engine that is not there is told by everything that needs it', async () => {
  await using driver = await open(`unix://${dir}/none.sock`);
  const gone = { code: 'TRANSPORT', message: /^Cannot connect to the Docker daemon at unix:\/\/.*none\.sock/ };
  await assert.rejects(driver.status({ signal }), gone);
  await assert.rejects(boot(driver), gone);
  await assert.rejects(driver.stop({ signal }), gone);
  await assert.rejects(driver.remove(everything), gone);
});
