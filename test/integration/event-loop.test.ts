// The daemon gives a session up that does not answer: nothing may hold the event loop for long, and a pause is survived.
import assert from 'node:assert/strict';
import { closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type BuildEvent, build } from '../../src/index.ts';
import { createContext } from '../support/cli.ts';
import { baseImage, type TestEngine, useEngine } from '../support/engine.ts';

let engine: TestEngine;
let config: AsyncDisposable & { readonly dir: string };
before(async () => {
  engine = await useEngine();
  config = await createContext({ 'config.json': '{}' });
});
after(async () => {
  await engine[Symbol.asyncDispose]();
  await config[Symbol.asyncDispose]();
});

async function buildHere(path: string, dockerfile: string, onEvent: (event: BuildEvent) => void): Promise<void> {
  await build(
    {
      context: { kind: 'local', path },
      dockerfile: { kind: 'text', text: dockerfile },
      docker: { host: engine.host, configDir: config.dir },
      outputs: [{ type: 'cacheonly', attrs: {} }],
    },
    { onEvent },
  );
}

/** The most microseconds of work between two turns of the event loop, while other programs do not count. */
function watchTurns(): { stop(): number } {
  let most = 0;
  let last = process.threadCpuUsage();
  const timer = setInterval(() => {
    const { user, system } = process.threadCpuUsage(last);
    last = process.threadCpuUsage();
    most = Math.max(most, user + system);
  }, 10);
  return {
    stop: () => {
      clearInterval(timer);
      return most;
    },
  };
}

test('200,000 files, of which some thousands are sent, do not hold the event loop for a second', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'tsbx-large-'));
  t.after(async () => await rm(dir, { recursive: true, force: true }));
  for (let folder = 0; folder < 200; folder++) {
    mkdirSync(join(dir, `folder-${folder}`));
    for (let file = 0; file < 1000; file++) closeSync(openSync(join(dir, `folder-${folder}`, `file-${file}`), 'w'));
  }
  // An exception with a wildcard: everything has to be walked and matched.
  writeFileSync(join(dir, '.dockerignore'), 'folder-*/*\n!folder-1*/*0\n');
  const turns = watchTurns();
  await buildHere(dir, `FROM ${baseImage}\nCOPY . /\n`, () => {});
  const most = turns.stop();
  assert.ok(most < 1e6, `${Math.round(most / 1000)} ms in one turn`);
});

test('a program that stands still for ten seconds does not lose its build', async () => {
  await using context = await createContext({ salt: crypto.randomUUID() });
  const dockerfile = `FROM ${baseImage}\nCOPY salt /\nRUN echo has-started; sleep 12\n`;
  let stood = false;
  await buildHere(context.dir, dockerfile, (event) => {
    if (stood || event.kind !== 'status' || event.status.logs.length === 0) return;
    stood = true;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10_000);
  });
  assert.ok(stood);
});
