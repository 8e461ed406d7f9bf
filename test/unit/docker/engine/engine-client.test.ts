import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createNetServer, type Socket } from 'node:net';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type DockerEndpoint, resolveEndpoint } from '../../../../src/docker/contexts/index.ts';
import { containerLogs, copyToContainer, createContainer, pullImage } from '../../../../src/docker/containers/index.ts';
import { createEngineClient, type EngineMessage } from '../../../../src/docker/engine/index.ts';

const { signal } = new AbortController();
let dir: string;
let server: Server;
let endpoint: DockerEndpoint;
const seen: string[] = [];

before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tsbuildx-engine-'));
  server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url} ${String(request.headers['x-a'] ?? '')}`);
    answer(request).then(
      ([status, body]) => response.writeHead(status).end(body),
      () => response.destroy(),
    );
  });
  server.on('upgrade', (request, socket) => {
    seen.push(
      `upgrade ${request.url} ${request.headers.upgrade} ${String(request.headers['x-docker-expose-session-uuid'] ?? '')}`,
    );
    socket.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\n\r\nhello');
    socket.pipe(socket);
  });
  server.listen(join(dir, 'docker.sock'));
  await once(server, 'listening');
  endpoint = await resolveEndpoint({
    flags: { host: `unix://${dir}/docker.sock` },
    env: {},
    currentContext: undefined,
    configDir: dir,
  });
});
after(async () => {
  server.closeAllConnections();
  server.close();
  await rm(dir, { recursive: true, force: true });
});

/** An engine that takes every connection, and says at most `greeting` on it. */
async function startSilentEngine(greeting: string): Promise<AsyncDisposable & { endpoint: DockerEndpoint }> {
  const sockets = new Set<Socket>();
  const silent = createNetServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    socket.once('data', (head: Buffer) => {
      if (!head.includes('/_ping')) socket.write(greeting);
      socket.pause();
    });
  });
  const path = join(dir, `${randomUUID()}.sock`);
  silent.listen(path);
  await once(silent, 'listening');
  const flags = { host: `unix://${path}` };
  return {
    endpoint: await resolveEndpoint({ flags, env: {}, currentContext: undefined, configDir: dir }),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      silent.close();
      await once(silent, 'close');
    },
  };
}

async function answer(request: IncomingMessage): Promise<[status: number, body: string]> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  switch (request.url?.replace(/^\/v[\d.]+/, '')) {
    case '/version':
      return [200, '{"Version":"28.5.2","ApiVersion":"1.51","MinAPIVersion":"1.24","Os":"linux","Arch":"amd64"}'];
    case '/info':
      return [200, '{"ID":"i","DriverStatus":[["driver-type","io.containerd.snapshotter.v1"]]}'];
    case '/containers/a%2Fb/exec':
      return [201, JSON.stringify({ Id: 'abc123', Warnings: [body] })];
    case '/containers/x/logs?stdout=1&stderr=1&tail=1000':
      return [200, '\u0001\0\0\0\0\0\0\u0003out\u0002\0\0\0\0\0\0\u0003err'];
    case '/containers/tty/logs?stdout=1&stderr=1&tail=1000':
      return [200, 'no frames'];
    case '/containers/x/archive?noOverwriteDirNonDir=true&path=%2Fetc':
      return body === 'tar' && request.headers['content-type'] === 'application/tar' ? [200, ''] : [400, '{}'];
    case '/containers/create?name=taken':
      return [409, '{"message":"Conflict. The container name \\"/taken\\" is already in use"}'];
    case '/containers/create?name=new':
      return body === '{"Image":"i","HostConfig":{}}' ? [201, '{"Id":"0123","Warnings":[]}'] : [400, '{}'];
    case '/images/create?fromImage=moby%2Fbuildkit&tag=x':
      return [200, '{"status":"Pulling"}\n{"errorDetail":{"message":"no space"},"error":"no space"}\n'];
    case '/images/create?fromImage=busybox&tag=latest':
      return request.headers['x-registry-auth'] === 'me' ? [200, '{"status":"Done"}\n'] : [401, '{}'];
    case '/images/load?quiet=0':
      if (body === 'bad.') return [200, '{"errorDetail":{"message":"unexpected EOF"},"error":"unexpected EOF"}\n'];
      if (body === 'odd.') return [403, '{}'];
      if (body === 'full.') return [500, '{"message":"no space left"}'];
      if (body !== 't.ar.') throw new Error(body);
      return [
        200,
        '{"id":"a","status":"Loading layer","progressDetail":{"current":1,"total":5}}\r\nnoise\r\n{"status":"Preparing","progressDetail":{}}',
      ];
    case '/images/r.io/a/b/push?tag=v1':
      return [200, JSON.stringify({ status: `Pushed ${String(request.headers['x-registry-auth'])}` })];
    case '/images/r.io/a/b:v1/json':
      return [200, '{"RepoDigests":["r.io/a/b@sha256:1"]}'];
    case '/distribution/r.io/a/b:v1/json':
      return [
        200,
        JSON.stringify({ Descriptor: { digest: `sha256:1 ${String(request.headers['x-registry-auth'])}` } }),
      ];
    default:
      return [404, '{"message":"No such container: none"}'];
  }
}

test('ordinary calls have the headers and the version that were set', async () => {
  const engine = createEngineClient(endpoint, { httpHeaders: { 'X-A': 'yes' }, apiVersion: '1.40' });
  seen.length = 0;
  const version = await engine.version({ signal });
  assert.deepEqual(version, {
    version: '28.5.2',
    apiVersion: '1.51',
    minApiVersion: '1.24',
    os: 'linux',
    arch: 'amd64',
  });
  assert.equal((await engine.info({ signal })).containerImageStore, true);
  assert.deepEqual(seen, ['GET /v1.40/version yes', 'GET /v1.40/info yes']);
});

test('no version is asked for when none is set', async () => {
  seen.length = 0;
  await createEngineClient(endpoint).version({ signal });
  assert.deepEqual(seen, ['GET /version ']);
});

test('/grpc and /session are upgraded with one request each, and keep the first bytes', async () => {
  const engine = createEngineClient(endpoint, { apiVersion: '1.40' });
  seen.length = 0;
  const grpc = await engine.grpcDialer({ signal });
  const session = await engine.openSession([['X-Docker-Expose-Session-Uuid', 'id1']], { signal });
  for (const stream of [grpc, session]) {
    const [chunk] = await once(stream, 'data');
    assert.equal(String(chunk), 'hello');
    stream.destroy();
  }
  assert.deepEqual(seen, ['upgrade /grpc h2c ', 'upgrade /session h2c id1']);
});

test('an exec is created, then upgraded', async () => {
  const engine = createEngineClient(endpoint);
  seen.length = 0;
  const stream = await engine.execDialer('a/b', ['buildctl', 'dial-stdio'])({ signal });
  stream.on('error', () => undefined).destroy();
  assert.deepEqual(seen, ['POST /containers/a%2Fb/exec ', 'upgrade /exec/abc123/start tcp ']);
});

test("the engine's errors keep their text", async () => {
  const engine = createEngineClient(endpoint);
  await assert.rejects(engine.inspectContainer('none', { signal }), {
    code: 'NOT_FOUND',
    message: 'Error response from daemon: No such container: none',
  });
});

async function load(pieces: readonly string[], send = signal): Promise<EngineMessage[]> {
  await using call = await createEngineClient(endpoint).loadImage({ signal: send });
  for (const piece of pieces) await call.write([Buffer.from(piece), Buffer.from('.')]);
  call.end();
  const messages: EngineMessage[] = [];
  for await (const message of await call.answer()) messages.push(message);
  return messages;
}

const nothing: EngineMessage = { id: '', status: '', progress: undefined, error: '' };

test('loading an image tells what the engine says, also the error that comes with status 200', async () => {
  assert.deepEqual(await load(['t', 'ar']), [
    { id: 'a', status: 'Loading layer', progress: { current: 1n, total: 5n }, error: '' },
    { ...nothing, status: 'Preparing', progress: { current: 0n, total: 0n } },
  ]);
  assert.deepEqual(await load(['bad']), [{ ...nothing, error: 'unexpected EOF' }]);
  await assert.rejects(load(['full']), { code: 'ENGINE_FAILED', message: 'Error response from daemon: no space left' });
  await assert.rejects(load(['odd']), { message: 'the Docker daemon answered with status 403' });
  await assert.rejects(load(['gone']), { code: 'TRANSPORT' });
});

test('a push names the image and who pushes', async () => {
  const engine = createEngineClient(endpoint);
  seen.length = 0;
  await using call = await engine.pushImage({ repository: 'r.io/a/b', tag: 'v1' }, 'secret', { signal });
  for await (const message of await call.answer()) assert.equal(message.status, 'Pushed secret');
  assert.equal(await engine.hasRepoDigests('r.io/a/b:v1', { signal }), true);
  assert.equal(await engine.remoteDigest('r.io/a/b:v1', 'secret', { signal }), 'sha256:1 secret');
  assert.deepEqual(seen, [
    'POST /images/r.io/a/b/push?tag=v1 ',
    'GET /images/r.io/a/b:v1/json ',
    'GET /distribution/r.io/a/b:v1/json ',
  ]);
});

test('calls with a query reach the engine as they are', async () => {
  const engine = createEngineClient(endpoint);
  const logs = await containerLogs(engine, 'x', { lines: 1000, signal });
  assert.deepEqual(
    logs.map(({ stream, data }) => `${stream} ${data.toString()}`),
    ['1 out', '2 err'],
  );
  const tty = await containerLogs(engine, 'tty', { lines: 1000, signal });
  assert.equal(Buffer.concat(tty.map(({ data }) => data)).toString(), 'no frames');
  await copyToContainer(engine, 'x', { dir: '/etc', archive: Buffer.from('tar') }, { signal });
  assert.equal(await createContainer(engine, 'new', { Image: 'i', HostConfig: {} }, { signal }), '0123');
  assert.equal(await createContainer(engine, 'taken', { Image: 'i', HostConfig: {} }, { signal }), undefined);
});

test('a pull names what is pulled and who pulls; the error comes with status 200', async () => {
  const engine = createEngineClient(endpoint);
  await pullImage(engine, 'busybox', 'me', { signal });
  await assert.rejects(pullImage(engine, 'busybox', '', { signal }), { code: 'ENGINE_FAILED' });
  await assert.rejects(pullImage(engine, 'docker.io/moby/buildkit:x', '', { signal }), {
    code: 'ENGINE_FAILED',
    message: 'no space',
  });
});

test('an engine that is not there: how it was looked for', async () => {
  const missing = await resolveEndpoint({
    flags: {},
    env: { DOCKER_HOST: `unix://${dir}/none.sock` },
    currentContext: undefined,
    configDir: dir,
  });
  const engine = createEngineClient(missing);
  const message = `Cannot connect to the Docker daemon at unix://${dir}/none.sock. Is the docker daemon running? (looked there because of DOCKER_HOST: no such file or directory)`;
  await assert.rejects(engine.version({ signal }), { code: 'TRANSPORT', message });
  await assert.rejects(engine.grpcDialer({ signal }), { code: 'TRANSPORT', message });
  await using call = await engine.loadImage({ signal });
  for (const _ of ['at first', 'and later']) {
    await assert.rejects(call.write([Buffer.from('x')]), { code: 'TRANSPORT', message: /^failed to send to / });
  }
});

test('aborted calls are CANCELED', async () => {
  const engine = createEngineClient(endpoint);
  await assert.rejects(engine.version({ signal: AbortSignal.abort() }), { code: 'CANCELED' });
  const controller = new AbortController();
  await using call = await engine.loadImage({ signal: controller.signal });
  controller.abort();
  await assert.rejects(call.write([Buffer.from('x')]), { code: 'CANCELED' });
  await assert.rejects(call.answer(), { code: 'CANCELED' });
});

test('an engine that takes calls and does not answer is given up, and the error names the call', async () => {
  await using silent = await startSilentEngine('');
  const engine = createEngineClient(silent.endpoint, { answerMs: 30, alivePauseMs: 1 });
  const calls: readonly (readonly [Promise<unknown>, string])[] = [
    [engine.info({ signal }), 'GET /info'],
    [engine.execDialer('c', ['buildctl'])({ signal }), 'POST /containers/c/exec'],
    [engine.grpcDialer({ signal }), 'POST /grpc'],
    [engine.openSession([], { signal }), 'POST /session'],
  ];
  for (const [call, what] of calls) {
    const message = `connection to the Docker daemon at ${engine.host} lost: no answer to ${what} for 0.03 seconds`;
    await assert.rejects(call, { code: 'TRANSPORT', message });
  }
});

for (const greeting of ['', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n']) {
  test(`an engine that is gone while it loads an image, ${greeting === '' ? 'before' : 'after'} it began to answer`, async () => {
    await using silent = await startSilentEngine(greeting);
    const engine = createEngineClient(silent.endpoint, { answerMs: 30, alivePauseMs: 100 });
    await using call = await engine.loadImage({ signal });
    const gone = { code: 'TRANSPORT', message: /lost: no answer to GET \/_ping for 0.03 seconds/ };
    const writing = assert.rejects(async () => {
      for (;;) await call.write([Buffer.alloc(1 << 20)]);
    }, gone);
    await assert.rejects(async () => {
      for await (const _ of await call.answer());
    }, gone);
    await writing;
  });
}

test('an engine that is alive may take its time over an image', async () => {
  const pings = Promise.withResolvers<void>();
  const slow = createServer((request, response) => {
    if (request.url === '/_ping') {
      response.writeHead(500).end('{"message":"starting"}');
      seen.push('ping');
      if (seen.filter((line) => line === 'ping').length === 3) pings.resolve();
      return;
    }
    request.resume();
    void pings.promise.then(() => response.end('{"status":"done"}'));
  });
  const path = join(dir, 'slow.sock');
  slow.listen(path);
  await once(slow, 'listening');
  const flags = { host: `unix://${path}` };
  const slowEndpoint = await resolveEndpoint({ flags, env: {}, currentContext: undefined, configDir: dir });
  await using call = await createEngineClient(slowEndpoint, { alivePauseMs: 1 }).loadImage({ signal });
  call.end();
  const said: EngineMessage[] = [];
  for await (const message of await call.answer()) said.push(message);
  assert.equal(said.length, 1);
  slow.close();
});

test('an ssh that says nothing is given up, and ended', async (t) => {
  const pidFile = join(dir, 'ssh.pid');
  await writeFile(join(dir, 'ssh'), `#!/bin/sh\necho $$ > '${pidFile}'\nexec sleep 1000\n`, { mode: 0o755 });
  const { PATH: path = '' } = process.env;
  process.env['PATH'] = `${dir}:${path}`;
  t.after(() => (process.env['PATH'] = path));
  const flags = { host: 'ssh://me@nowhere.invalid' };
  const remote = await resolveEndpoint({ flags, env: {}, currentContext: undefined, configDir: dir });
  const calling = createEngineClient(remote, { answerMs: 1000 }).grpcDialer({ signal });
  const message = /^connection to the Docker daemon at ssh:.* lost: no answer to POST \/grpc for 1 seconds$/;
  await assert.rejects(calling, { code: 'TRANSPORT', message });
  const pid = Number(await readFile(pidFile, 'utf8'));
  const isRunning = (): boolean => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  while (isRunning()) await new Promise((resolve) => setTimeout(resolve, 5));
});
