// What happens to a build when a registry misbehaves, a helper does, or the user has enough of them.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmod, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, test, type TestContext } from 'node:test';
import { createContext, lastLine } from '../support/cli.ts';
import { baseImage, startEngine, type TestEngine, useEngine } from '../support/engine.ts';
import { type Ended, type Running, startOurs, within } from '../support/running.ts';

const cancelMs = 2000;

let engine: TestEngine;
before(async () => {
  engine = await useEngine();
});
after(async () => await engine?.[Symbol.asyncDispose]());

type Answer = Parameters<typeof createServer>[1];

/** Starts a server that every registry call goes to; gives its address and when it is called first. */
async function startBadRegistry(
  t: TestContext,
  answer: NonNullable<Answer>,
): Promise<{ host: string; called: Promise<unknown> }> {
  const server: Server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { host: `127.0.0.1:${address.port}`, called: once(server, 'request') };
}

interface Build {
  readonly dockerfile?: string;
  readonly args?: readonly string[];
  readonly host?: string;
  /** Script of the credential helper that is asked for everything. */
  readonly helper?: string;
}

async function startBuild(t: TestContext, { dockerfile, args = [], host, helper }: Build): Promise<Running> {
  const context = await createContext({
    Dockerfile: dockerfile ?? `FROM ${baseImage}\nCOPY salt /\n`,
    salt: crypto.randomUUID(),
    'config/config.json': helper === undefined ? '{}' : '{"credsStore":"test"}',
  });
  t.after(async () => await context[Symbol.asyncDispose]());
  const path = join(context.dir, 'config/docker-credential-test');
  await writeFile(path, `#!/bin/sh\n${helper ?? ''}\n`);
  await chmod(path, 0o755);
  const env = {
    DOCKER_HOST: host ?? engine.host,
    DOCKER_CONFIG: join(context.dir, 'config'),
    DOCKER_CONTEXT: undefined,
    BUILDX_BUILDER: undefined,
    PATH: `${join(context.dir, 'config')}:${process.env['PATH'] ?? ''}`,
  };
  const running = startOurs(['build', '--progress=plain', ...args, context.dir], { env });
  t.after(() => running.child.kill('SIGKILL'));
  return running;
}

async function assertEnds(running: Running, ms: number): Promise<Ended> {
  const ended = await within(ms, `the end of the program:\n${running.text()}`, running.ended);
  assert.deepEqual(running.descendants(), []);
  return ended;
}

const stall: NonNullable<Answer> = () => undefined;

describe('leaving', () => {
  test('Ctrl-C while an image is pushed', async (t) => {
    const registry = await startBadRegistry(t, stall);
    const running = await startBuild(t, { args: ['--push', '-t', `${registry.host}/a`] });
    await registry.called;
    running.child.kill('SIGINT');
    assert.equal((await assertEnds(running, cancelMs)).code, 130);
  });

  test('Ctrl-C while a base image is looked up', async (t) => {
    const registry = await startBadRegistry(t, stall);
    const running = await startBuild(t, { dockerfile: `FROM ${registry.host}/a\n` });
    await registry.called;
    running.child.kill('SIGTERM');
    assert.equal((await assertEnds(running, cancelMs)).code, 130);
  });

  test('Ctrl-C while a credential helper hangs', async (t) => {
    const registry = await startBadRegistry(t, (_, response) => {
      response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="test"' }).end();
    });
    const running = await startBuild(t, {
      dockerfile: `FROM ${registry.host}/a\n`,
      helper: 'echo helper-runs >&2; touch "$0.runs"; exec sleep 1000',
    });
    await registry.called;
    await within(10_000, 'the start of the helper', untilHelperRuns(running));
    running.child.kill('SIGINT');
    assert.equal((await assertEnds(running, cancelMs)).code, 130);
  });

  test('the engine dies while an image is pushed', async (t) => {
    await using doomed = await startEngine();
    const registry = await startBadRegistry(t, stall);
    const running = await startBuild(t, { args: ['--push', '-t', `${registry.host}/a`], host: doomed.host });
    await registry.called;
    doomed.crash();
    const ended = await assertEnds(running, 30_000);
    assert.equal(ended.code, 1);
    assert.match(lastLine(ended.stderr), /^ERROR: failed to build: .*connection to unix:.* lost: /);
  });

  async function untilHelperRuns(running: Running): Promise<void> {
    while (running.descendants().length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  }
});

const faults: readonly (readonly [name: string, answer: NonNullable<Answer>, reason: RegExp])[] = [
  ['resets', (request) => request.socket.resetAndDestroy(), /connection reset by peer|EOF/],
  [
    'breaks off',
    (_, response) => response.writeHead(200, { 'Content-Length': 1000 }).end('{', () => response.destroy()),
    /./,
  ],
  [
    'does not let in',
    (_, response) => response.writeHead(403).end('{"errors":[{"code":"DENIED"}]}'),
    /403|denied|forbidden/i,
  ],
  [
    'answers with another page',
    (_, response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end('<html>'),
    /./,
  ],
];

describe('a registry', () => {
  for (const [name, answer, reason] of faults) {
    // the engine tries pushes again for a while
    const whats = name === 'does not let in' ? (['base image', 'push'] as const) : (['base image'] as const);
    for (const what of whats) {
      test(`that ${name}: ${what}`, async (t) => {
        const registry = await startBadRegistry(t, answer);
        const build =
          what === 'push'
            ? { args: ['--push', '-t', `${registry.host}/a`] }
            : { dockerfile: `FROM ${registry.host}/a\nCOPY salt /\n` };
        const ended = await assertEnds(await startBuild(t, build), 60_000);
        assert.equal(ended.code, 1);
        assert.match(lastLine(ended.stderr), /^ERROR: failed to build: failed to solve: /);
        assert.match(lastLine(ended.stderr), reason);
      });
    }
  }
});

describe('a credential helper', () => {
  const helpers: readonly (readonly [name: string, script: string])[] = [
    ['prints garbage', 'echo "{garbage: hunter2"'],
    ['fails', 'echo "the keychain is locked" >&2; exit 3'],
    ['prints without end', 'yes hunter2 | head -c 3000000'],
  ];
  for (const [name, helper] of helpers) {
    test(`that ${name} ends the build with its name, and nothing it said in secret`, async (t) => {
      const registry = await startBadRegistry(t, (_, response) => {
        response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="test"' }).end();
      });
      const ended = await assertEnds(await startBuild(t, { dockerfile: `FROM ${registry.host}/a\n`, helper }), 30_000);
      assert.equal(ended.code, 1);
      assert.match(
        lastLine(ended.stderr),
        /^ERROR: failed to build: failed to solve: .*(credentials|docker-credential-test)/,
      );
      assert.ok(!ended.stderr.includes('hunter2'), ended.stderr.slice(0, 2000));
    });
  }
});
