// What happens to a build when the user leaves it, and when the engine does.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdir, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, test, type TestContext } from 'node:test';
import { createContext, lastLine } from '../support/cli.ts';
import { baseImage, startEngine, type TestEngine, useEngine } from '../support/engine.ts';
import { startBuildkitd } from '../support/buildkitd.ts';
import { startRelay } from '../support/relay.ts';
import { type Ended, isRunning, type Running, startOurs, until, within } from '../support/running.ts';

const cancelMs = 2000;

interface Build {
  readonly dockerfile: string;
  readonly args?: readonly string[];
  readonly host: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Bytes of a file of zeros in the context. */
  readonly size?: number;
}

let sharedEngine: TestEngine;
let config: AsyncDisposable & { readonly dir: string };
before(async () => {
  sharedEngine = await useEngine();
  config = await createContext({ 'config.json': '{}' });
});
after(async () => {
  await sharedEngine[Symbol.asyncDispose]();
  await config[Symbol.asyncDispose]();
});

async function startBuild(t: TestContext, { dockerfile, args = [], host, env, size = 0 }: Build): Promise<Running> {
  const context = await createContext({ Dockerfile: dockerfile, salt: crypto.randomUUID() });
  t.after(async () => await context[Symbol.asyncDispose]());
  await writeFile(join(context.dir, 'big'), '');
  await truncate(join(context.dir, 'big'), size);
  const settings = {
    DOCKER_HOST: host,
    DOCKER_CONFIG: config.dir,
    DOCKER_CONTEXT: undefined,
    BUILDX_BUILDER: undefined,
  };
  const running = startOurs(['build', '--progress=plain', ...args, context.dir], { env: { ...settings, ...env } });
  t.after(() => running.child.kill('SIGKILL'));
  return running;
}

/** A step that runs until it is ended, under a name that no other has. */
function endlessStep(): { readonly dockerfile: string; readonly words: readonly string[] } {
  const seconds = String(100_000 + Math.floor(Math.random() * 900_000));
  return {
    dockerfile: `FROM ${baseImage}\nCOPY salt /\nRUN echo has-started; exec sleep ${seconds}\n`,
    words: ['sleep', seconds],
  };
}

async function assertEnds(running: Running, ms: number): Promise<Ended> {
  const ended = await within(ms, `the end of the program:\n${running.text()}`, running.ended);
  assert.deepEqual(running.descendants(), []);
  return ended;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`${signal} cancels the build, here and on the engine`, async (t) => {
    const { dockerfile, words } = endlessStep();
    const running = await startBuild(t, { dockerfile, host: sharedEngine.host });
    await running.said(/has-started/);
    await within(
      10_000,
      'the start of the step',
      until(() => isRunning(words)),
    );
    running.child.kill(signal);
    const ended = await assertEnds(running, cancelMs);
    assert.equal(ended.code, 130);
    assert.match(lastLine(ended.stderr), /^ERROR: failed to build: failed to solve: .*context canceled/);
    await within(
      10_000,
      'the end of the step on the engine',
      until(() => !isRunning(words)),
    );
  });
}

test('Ctrl-C while files are sent', async (t) => {
  const running = await startBuild(t, {
    dockerfile: `FROM ${baseImage}\nCOPY big /\n`,
    host: sharedEngine.host,
    size: 8e9,
  });
  await running.said(/transferring context: \d/);
  running.child.kill('SIGINT');
  assert.equal((await assertEnds(running, cancelMs)).code, 130);
});

test('the docker CLI cancels by closing its socket', async (t) => {
  const name = `@tsbx_${crypto.randomUUID()}`;
  const plugin = createServer();
  plugin.listen(name.replace('@', '\0'));
  const connected = once(plugin, 'connection');
  t.after(() => plugin.close());
  const { dockerfile, words } = endlessStep();
  const env = { DOCKER_CLI_PLUGIN_SOCKET: name };
  const running = await startBuild(t, { dockerfile, host: sharedEngine.host, env });
  const [socket] = await connected;
  await running.said(/has-started/);
  socket.destroy();
  assert.equal((await assertEnds(running, cancelMs)).code, 130);
  await within(
    10_000,
    'the end of the step on the engine',
    until(() => !isRunning(words)),
  );
});

test('Ctrl-C when the engine does not answer any more', async (t) => {
  await using relay = await startRelay(sharedEngine.socket);
  const running = await startBuild(t, { dockerfile: endlessStep().dockerfile, host: relay.host });
  await running.said(/has-started/);
  relay.freeze();
  running.child.kill('SIGINT');
  assert.equal((await assertEnds(running, cancelMs)).code, 130);
});

test('Ctrl-C when the engine has never answered', async (t) => {
  await using relay = await startRelay(sharedEngine.socket);
  relay.freeze();
  const running = await startBuild(t, { dockerfile: endlessStep().dockerfile, host: relay.host });
  await within(10_000, 'the connection', relay.connected);
  running.child.kill('SIGINT');
  assert.equal((await assertEnds(running, cancelMs)).code, 130);
});

test('three signals end it at once', async (t) => {
  await using relay = await startRelay(sharedEngine.socket);
  const running = await startBuild(t, { dockerfile: endlessStep().dockerfile, host: relay.host });
  await running.said(/has-started/);
  relay.freeze();
  for (let i = 1; i <= 3; i++) {
    running.child.kill('SIGINT');
    if (i < 3) await new Promise(setImmediate);
  }
  const { code } = await assertEnds(running, cancelMs);
  assert.ok(code === 1 || code === 130);
});

// What the build is at when the engine dies.
const phases: readonly (readonly [phase: string, build: Omit<Build, 'host'>, said: RegExp])[] = [
  ['files are sent', { dockerfile: `FROM ${baseImage}\nCOPY big /\n`, size: 8e9 }, /transferring context: \d/],
  ['a step runs', { dockerfile: endlessStep().dockerfile }, /has-started/],
];

for (const [phase, build, said] of phases) {
  test(`the engine dies while ${phase}`, async (t) => {
    await using engine = await startEngine();
    const running = await startBuild(t, { ...build, host: engine.host });
    await running.said(said);
    engine.crash();
    const ended = await assertEnds(running, 30_000);
    assert.equal(ended.code, 1);
    assert.match(lastLine(ended.stderr), /^ERROR: failed to build: .*connection to unix:.* lost: /);
  });
}

/** A result of 64 MiB. */
const largeResult = `FROM ${baseImage} AS make
COPY salt /
RUN mkdir /out && dd if=/dev/zero of=/out/zeros bs=1048576 count=64
FROM scratch
COPY --from=make /out /
`;

/** Breaks off without a word: nothing passes any more, and no connection is closed. */
interface Silence {
  readonly build: Omit<Build, 'host'>;
  /** When the relay falls silent by itself. */
  readonly freezesAfter?: number;
  /** When it does because of what the build says, and on which of its connections. */
  readonly said?: RegExp;
  readonly only?: string;
  /** Builds on a BuildKit without an engine: the session goes through `Control.Session`. */
  readonly isDirect?: boolean;
  readonly last: RegExp;
}

const copyBig: Omit<Build, 'host'> = { dockerfile: `FROM ${baseImage}\nCOPY big /\n`, size: 8e9 };
const lostDuringStep =
  /^ERROR: failed to build: .* lost: no answer to a ping .*\(while running: \[3\/3\] RUN echo has-started/;
const silences: Readonly<Record<string, Silence>> = {
  'while files are sent': {
    build: copyBig,
    said: /transferring context: \d/,
    last: /connection to unix:.* lost: no answer to a ping .*while running: \[internal\] load build context/,
  },
  'while a step runs': {
    build: { dockerfile: endlessStep().dockerfile },
    said: /has-started/,
    last: lostDuringStep,
  },
  'while a step runs, on the connection of the session only': {
    build: { dockerfile: endlessStep().dockerfile },
    said: /has-started/,
    only: 'POST /session',
    last: /^ERROR: failed to build: failed to solve: .*session/,
  },
  'while a step runs, without an engine': {
    build: { dockerfile: endlessStep().dockerfile },
    said: /has-started/,
    isDirect: true,
    last: lostDuringStep,
  },
  'while the result is sent': {
    build: { dockerfile: largeResult },
    freezesAfter: 16e6,
    last: /connection to unix:.* lost: no answer to a ping .*while running: exporting to client tarball/,
  },
};

test('a peer that falls silent without a word is given up, and the error says what was running', async (t) => {
  await using buildkitd = await startBuildkitd(sharedEngine);
  const falls = async (phase: string, { build, said, only, freezesAfter, isDirect, last }: Silence): Promise<void> => {
    const socket = isDirect === true ? buildkitd.unix.replace('unix://', '') : sharedEngine.socket;
    await using relay = await startRelay(socket, freezesAfter === undefined ? {} : { freezesAfter });
    await using out = await createContext({});
    const args = ['-o', `type=tar,dest=${out.dir}/result.tar`];
    const env = isDirect === true ? { BUILDX_BUILDER: relay.host } : {};
    const running = await startBuild(t, { ...build, args, env, host: relay.host });
    if (said !== undefined) {
      await running.said(said);
      relay.freeze(only);
    }
    const ended = await assertEnds(running, 80_000);
    assert.equal(ended.code, 1, phase);
    assert.match(lastLine(ended.stderr), last, phase);
    assert.deepEqual(await readdir(out.dir), [], phase);
  };
  await Promise.all(Object.entries(silences).map(([phase, silence]) => falls(phase, silence)));
});

test('the engine dies while a tar is written: there is no tar, and nothing of it', async (t) => {
  await using relay = await startRelay(sharedEngine.socket, { breaksAfter: 16e6 });
  await using out = await createContext({});
  const args = ['-o', `type=tar,dest=${out.dir}/result.tar`];
  const ended = await assertEnds(await startBuild(t, { dockerfile: largeResult, args, host: relay.host }), 60_000);
  assert.equal(ended.code, 1);
  assert.match(lastLine(ended.stderr), /^ERROR: failed to build: /);
  assert.deepEqual(await readdir(out.dir), []);
});

test('the engine dies while files are written: the error says that some are there', async (t) => {
  await using relay = await startRelay(sharedEngine.socket, { breaksAfter: 16e6 });
  await using out = await createContext({ 'dest/mine': '' });
  const args = ['-o', `type=local,dest=${out.dir}/dest`];
  const ended = await assertEnds(await startBuild(t, { dockerfile: largeResult, args, host: relay.host }), 60_000);
  assert.equal(ended.code, 1);
  const left = await readdir(join(out.dir, 'dest'));
  assert.ok(left.includes('mine'));
  assert.ok(left.length === 1 || ended.stderr.includes(join(out.dir, 'dest')), `${ended.stderr}\n${left.join(' ')}`);
});

test('Ctrl-C while files are written', async (t) => {
  await using out = await createContext({});
  const args = ['-o', `type=tar,dest=${out.dir}/result.tar`];
  await using relay = await startRelay(sharedEngine.socket);
  const running = await startBuild(t, { dockerfile: largeResult, args, host: relay.host });
  await running.said(/(sending tarball|exporting to client)/);
  running.child.kill('SIGINT');
  const { code } = await assertEnds(running, cancelMs);
  assert.ok(code === 130 || code === 0);
  if (code === 130) assert.deepEqual(await readdir(out.dir), []);
});

test('Ctrl-C while an image is loaded leaves no image, no file and no process', async (t) => {
  await using buildkitd = await startBuildkitd(sharedEngine);
  await using temporary = await createContext({});
  const name = `tsbx-half-${crypto.randomUUID()}`;
  {
    await using relay = await startRelay(sharedEngine.socket);
    const env = { BUILDX_BUILDER: buildkitd.unix, TMPDIR: temporary.dir };
    const args = ['--load', '-t', name];
    // Zeros would be a small archive, and all of it sent by then.
    const dockerfile = largeResult.replace('/dev/zero', '/dev/urandom');
    const running = await startBuild(t, { dockerfile, args, env, host: relay.host });
    await running.said(/sending tarball/);
    relay.freeze('POST /images/load');
    running.child.kill('SIGINT');
    const ended = await assertEnds(running, cancelMs);
    assert.equal(ended.code, 130);
    assert.match(lastLine(ended.stderr), /^ERROR: failed to build: failed to solve: .*context canceled/);
  }
  assert.deepEqual(await readdir(temporary.dir), []);
  const images = await sharedEngine.docker(['image', 'ls', '-q', name]);
  assert.deepEqual([images.code, images.stdout], [0, '']);
});

test('a reader of the result that leaves ends the build', async (t) => {
  const running = await startBuild(t, { dockerfile: largeResult, args: ['-o', '-'], host: sharedEngine.host });
  running.child.stdout?.once('data', () => running.child.stdout?.destroy());
  const ended = await assertEnds(running, 60_000);
  assert.notEqual(ended.code, 0);
  assert.doesNotMatch(ended.stderr, /node:|Unhandled|internal error/);
});

test('DOCKER_CLI_PLUGIN_USE_DIAL_STDIO builds on the engine itself, as buildx does', async (t) => {
  const env = { DOCKER_CLI_PLUGIN_USE_DIAL_STDIO: '1', DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND: '/bin/false' };
  const running = await startBuild(t, { dockerfile: 'FROM scratch\n', host: sharedEngine.host, env });
  assert.equal((await assertEnds(running, 30_000)).code, 0);
});

test('no engine: the error says how it was looked for', async (t) => {
  const running = await startBuild(t, { dockerfile: 'FROM scratch\n', host: 'unix:///nonexistent/docker.sock' });
  const ended = await assertEnds(running, 10_000);
  assert.equal(ended.code, 1);
  assert.match(lastLine(ended.stderr), /^ERROR: .*unix:\/\/\/nonexistent\/docker\.sock/);
  assert.match(ended.stderr, /DOCKER_HOST/);
});

test('a reader of the progress that leaves ends the build', async (t) => {
  const { dockerfile, words } = endlessStep();
  const running = await startBuild(t, { dockerfile, host: sharedEngine.host });
  await running.said(/has-started/);
  running.child.stderr?.destroy();
  running.child.kill('SIGINT');
  const { code } = await assertEnds(running, cancelMs);
  assert.notEqual(code, 0);
  await within(
    10_000,
    'the end of the step on the engine',
    until(() => !isRunning(words)),
  );
});
