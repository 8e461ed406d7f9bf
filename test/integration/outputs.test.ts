// Outputs that go wrong, and readers that are slow: what is left then, and how the build ends.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test, type TestContext } from 'node:test';
import { startBuildkitd, type TestBuildkitd } from '../support/buildkitd.ts';
import { createContext, lastLine } from '../support/cli.ts';
import { baseImage, type TestEngine, useEngine } from '../support/engine.ts';
import { type Ended, mainProgram, type Running, startOurs, startProgram } from '../support/running.ts';

let engine: TestEngine;
let buildkitd: TestBuildkitd;
let config: AsyncDisposable & { readonly dir: string };
before(async () => {
  engine = await useEngine();
  buildkitd = await startBuildkitd(engine);
  config = await createContext({ 'config.json': '{}' });
});
after(async () => {
  await config[Symbol.asyncDispose]();
  await buildkitd[Symbol.asyncDispose]();
  await engine[Symbol.asyncDispose]();
});

const copySalt = 'FROM scratch\nCOPY salt /\n';
const megabytes = (count: number): string =>
  `FROM ${baseImage} AS made\nCOPY salt /\nRUN head -c ${count}000000 /dev/urandom > /big\nFROM scratch\nCOPY --from=made /big /\n`;

interface Started {
  readonly dir: string;
  readonly running: Running;
}

/** Starts a build on a BuildKit whose images are loaded into the engine at `host`. */
async function start(
  t: TestContext,
  dockerfile: string,
  args: readonly string[],
  host: string = engine.host,
): Promise<Started> {
  const context = await createContext({ Dockerfile: dockerfile, salt: crypto.randomUUID() });
  t.after(async () => await context[Symbol.asyncDispose]());
  const env = { DOCKER_HOST: host, DOCKER_CONFIG: config.dir, DOCKER_CONTEXT: undefined, BUILDX_BUILDER: undefined };
  const far = ['--builder', buildkitd.unix, '--provenance=false'];
  const running = startOurs(['build', '--progress=plain', ...far, ...args, context.dir], { env, cwd: context.dir });
  t.after(() => running.child.kill('SIGKILL'));
  return { dir: context.dir, running };
}

async function assertFails({ running }: Started, message: RegExp): Promise<Ended> {
  const ended = await running.ended;
  assert.equal(ended.code, 1, ended.stderr);
  assert.match(lastLine(ended.stderr), message);
  return ended;
}

/** An engine that keeps images in containerd and loads them in its own way. */
async function fakeEngine(
  t: TestContext,
  load: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  const dir = await createContext({});
  const server: Server = createServer((request, response) => {
    if (request.url === '/images/load?quiet=0') load(request, response);
    else response.end('{"DriverStatus":[["driver-type","io.containerd.snapshotter.v1"]]}');
  });
  server.listen(join(dir.dir, 'docker.sock'));
  await once(server, 'listening');
  t.after(async () => {
    server.closeAllConnections();
    server.close();
    await dir[Symbol.asyncDispose]();
  });
  return `unix://${dir.dir}/docker.sock`;
}

test('a failing build leaves nothing of its outputs', async (t) => {
  const outputs = ['dir', 'type=tar,dest=x.tar', 'type=oci,dest=y.tar', 'type=docker,tar=false,dest=layout'];
  const args = outputs.flatMap((output) => ['-o', output]);
  const started = await start(t, `FROM ${baseImage}\nCOPY salt /\nRUN exit 7\n`, args);
  await assertFails(started, /exit code: 7$/);
  assert.deepEqual((await readdir(started.dir)).sort(), ['Dockerfile', 'salt']);
});

test("an engine's refusal of an image is the end of the build", async (t) => {
  const host = await fakeEngine(t, (request, response) => {
    request.resume().on('end', () => response.end('{"errorDetail":{"message":"invalid tar header"}}\n'));
  });
  const ended = await assertFails(await start(t, copySalt, ['--load'], host), /invalid tar header$/);
  assert.match(ended.stderr, /^#\d+ importing to docker$/m);
});

test('an engine that cannot be reached is told before anything is built', async (t) => {
  const started = await start(t, copySalt, ['--load'], 'unix:///nowhere/docker.sock');
  const ended = await assertFails(
    started,
    /^ERROR: failed to build: Cannot connect to the Docker daemon at unix:\/\/\/now/,
  );
  assert.doesNotMatch(ended.stderr, /COPY/);
});

test('Ctrl-C while an image is loaded', async (t) => {
  const loading = Promise.withResolvers<void>();
  const host = await fakeEngine(t, () => loading.resolve()); // and reads nothing
  const { running } = await start(t, megabytes(20), ['--load'], host);
  await loading.promise;
  running.child.kill('SIGINT');
  const ended = await running.ended;
  assert.equal(ended.code, 130, ended.stderr);
});

test('a slow reader of standard output gets all of it', async (t) => {
  const context = await createContext({ Dockerfile: megabytes(30), salt: crypto.randomUUID() });
  t.after(async () => await context[Symbol.asyncDispose]());
  const env = { DOCKER_HOST: engine.host, DOCKER_CONFIG: config.dir, DOCKER_CONTEXT: undefined };
  const words = [mainProgram, 'build', '--progress=plain', '-o', '-', '-o', 'type=tar,dest=x.tar', context.dir];
  const script = `"$@" | (sleep 1; dd bs=10k 2>/dev/null) | tee slow.tar | sha256sum`;
  const { ended } = startProgram('sh', ['-c', script, 'sh', process.execPath, ...words], { env, cwd: context.dir });
  const { stdout, stderr } = await ended;
  const whole = createHash('sha256').update(await readFile(join(context.dir, 'x.tar')));
  assert.equal(stdout.split(' ')[0], whole.digest('hex'), stderr);
});

test('a terminal is not written to', async (t) => {
  const context = await createContext({ Dockerfile: copySalt, salt: 'x' });
  t.after(async () => await context[Symbol.asyncDispose]());
  const command = `${process.execPath} ${mainProgram} build -o - ${context.dir}`;
  const env = { DOCKER_HOST: engine.host, DOCKER_CONFIG: config.dir, DOCKER_CONTEXT: undefined };
  const { stdout, code } = await startProgram('script', ['-qec', command, '/dev/null'], { env }).ended;
  assert.equal(code, 1);
  assert.match(stdout, /dest file is required for tar exporter\. refusing to write to console/);
});
