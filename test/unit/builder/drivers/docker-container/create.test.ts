import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { createNode } from '../../../../../src/builder/drivers/docker-container/create.ts';
import { readContainerOptions } from '../../../../../src/builder/drivers/docker-container/options.ts';
import { createConnector } from '../../../../../src/builder/drivers/connector.ts';
import { loadDockerConfig } from '../../../../../src/docker/config/index.ts';

/** An engine: what it was asked, and its answers by the beginning of the call. */
let asked: string[] = [];
let answers: Record<string, readonly [status: number, body: object]> = {};
const engine = createServer(async (request, response) => {
  const body = Buffer.concat(await request.toArray()).toString();
  const call = `${request.method ?? ''} ${request.url ?? ''}`;
  asked.push(call + (request.url?.startsWith('/containers/create') ? ` ${body}` : ''));
  const [, [status, answer]] = Object.entries(answers).find(([start]) => call.startsWith(start)) ?? ['', [404, {}]];
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
});

const dir = mkdtempSync(join(tmpdir(), 'tsbx-create-'));
const { signal } = new AbortController();

before(async () => {
  engine.listen(join(dir, 'docker.sock'));
  await once(engine, 'listening');
});
after(() => {
  engine.closeAllConnections();
  engine.close();
  rmSync(dir, { recursive: true });
});
beforeEach(() => {
  asked = [];
  answers = {
    'POST /images/create': [200, { status: 'Done' }],
    'GET /images/img/json': [200, { Id: 'sha256:1' }],
    'GET /info': [200, { CgroupDriver: 'systemd' }],
    'POST /containers/create': [201, { Id: 'c1' }],
    'PUT /containers/box/archive': [200, {}],
    'POST /containers/box/start': [204, {}],
    'POST /containers/c1/start': [400, { message: 'could not select device driver' }],
  };
});

async function create(files: Readonly<Record<string, Uint8Array>> = {}): Promise<string[]> {
  const connector = createConnector({ flags: {}, config: await loadDockerConfig(dir), env: {} });
  const node = { name: 'box', options: readContainerOptions({ image: 'img' }), flags: ['--debug'], files };
  const parts: string[] = [];
  const part = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    parts.push(name);
    return await work();
  };
  const tell = { part, log: () => {} };
  const client = await connector.engineOf(`unix://${dir}/docker.sock`);
  await createNode(client, node, connector.settings, { tell, signal }, async () => void parts.push('waited'));
  return parts;
}

const calls = (): string[] => asked.map((call) => call.split(/[?{]/, 1)[0]?.trim() ?? '');
const made = (): string => asked.find((call) => call.includes('name=box')) ?? '';

test('an image is pulled, GPUs are looked for, the container is made, filled and started', async () => {
  const parts = await create({ 'buildkitd.toml': Buffer.from('debug = true\n') });
  assert.deepEqual(parts, ['pulling image img', 'creating container box', 'waited']);
  assert.deepEqual(calls(), [
    'POST /images/create',
    'GET /images/img/json',
    'POST /containers/create',
    'POST /containers/c1/start',
    'GET /info',
    'POST /containers/create',
    'PUT /containers/box/archive',
    'POST /containers/box/start',
  ]);
  assert.match(made(), /"Cmd":\["--config","\/etc\/buildkit\/buildkitd\.toml","--debug"\]/);
  assert.doesNotMatch(made(), /DeviceRequests/);
});

test('an engine that can give GPUs gives them', async () => {
  answers['POST /containers/c1/start'] = [204, {}];
  await create();
  const all = '"DeviceRequests":[{"Driver":"","Count":-1,"DeviceIDs":null,"Capabilities":[["gpu"]],"Options":{}}]';
  assert.ok(made().includes(all), made());
});

test('without a registry the image that is there is good enough; without both the registry says why', async () => {
  answers['POST /images/create'] = [500, { message: 'no such host' }];
  assert.deepEqual((await create()).slice(0, 2), ['pulling image img', 'using local image img']);
  answers['GET /images/img/json'] = [404, { message: 'No such image' }];
  await assert.rejects(create(), { message: 'Error response from daemon: no such host' });
});

test('an image that is gone as soon as it was pulled', async () => {
  answers['GET /images/img/json'] = [404, { message: 'No such image' }];
  await assert.rejects(create(), {
    code: 'NOT_FOUND',
    message: 'failed to inspect pulled image img: Error response from daemon: No such image',
  });
});

test('a container that another process makes is waited for, and left alone', async () => {
  answers = { 'POST /containers/create?name=box': [409, { message: 'Conflict' }], ...answers };
  assert.equal((await create({ 'buildkitd.toml': Buffer.alloc(0) })).at(-1), 'waited');
  assert.deepEqual(calls().slice(-2), ['GET /info', 'POST /containers/create']);
});

test('an engine that does not tell what it is still makes the container', async () => {
  answers['GET /info'] = [500, { message: 'busy' }];
  await create();
  assert.doesNotMatch(made(), /CgroupParent|UsernsMode/);
});
