import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { lockFile } from '../../../src/files/index.ts';

const dir = mkdtempSync(join(tmpdir(), 'tsbuildx-lock-'));
after(() => rmSync(dir, { recursive: true }));

const { signal } = new AbortController();

/** Whether anybody holds an flock on the file. */
function isLocked(path: string): boolean {
  return spawnSync('flock', ['-n', path, 'true']).status === 1;
}

test('the lock is an flock that lasts until it is given back', async () => {
  const path = join(dir, 'a');
  const lock = await lockFile(path, { signal });
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.equal(isLocked(path), true);
  await lock[Symbol.asyncDispose]();
  assert.equal(isLocked(path), false);
});

test('who waits gets it when the other program is done', async () => {
  const path = join(dir, 'b');
  const other = spawn('flock', [path, 'sh', '-c', 'echo held; read line'], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(other.stdout, 'data');
  let held = false;
  const waiting = lockFile(path, { signal }).then((lock) => {
    held = true;
    return lock;
  });
  await assert.rejects(lockFile(path, { signal: AbortSignal.timeout(50) }), { code: 'CANCELED' });
  assert.equal(held, false);
  other.stdin.end('\n');
  await (await waiting)[Symbol.asyncDispose]();
  assert.equal(held, true);
});

test('who gives up before it is asked for does not wait', async () => {
  const path = join(dir, 'f');
  await using _ = await lockFile(path, { signal });
  const controller = new AbortController();
  const waiting = lockFile(path, { signal: controller.signal });
  controller.abort(); // the file is not open yet
  await assert.rejects(waiting, { code: 'CANCELED' });
});

test('a file that its holder removes is another one for the next', async () => {
  const path = join(dir, 'c');
  let holders = 0;
  await Promise.all(
    Array.from({ length: 5 }, async () => {
      await using lock = await lockFile(path, { signal });
      assert.equal(++holders, 1);
      await new Promise(setImmediate);
      assert.equal(existsSync(path), true);
      rmSync(lock.path);
      holders--;
    }),
  );
  assert.equal(existsSync(path), false);
});

test('a file that cannot be made is told with its path', async () => {
  const path = join(dir, 'none', 'lock');
  await assert.rejects(lockFile(path, { signal }), {
    code: 'IO',
    message: `could not lock ${path}: open ${path}: no such file or directory`,
  });
});

test('where no program can lock, a file beside it does', async (t) => {
  const path = join(dir, 'd');
  t.mock.property(process, 'env', { PATH: dir });
  const lock = await lockFile(path, { signal });
  assert.equal(lock.path, `${path}.held`);
  await assert.rejects(lockFile(path, { signal: AbortSignal.timeout(50) }), { code: 'CANCELED' });
  const waiting = lockFile(path, { signal });
  await lock[Symbol.asyncDispose]();
  await (await waiting)[Symbol.asyncDispose]();
  assert.equal(existsSync(lock.path), false);
});

test('perl locks where flock is missing', async (t) => {
  const path = join(dir, 'e');
  writeFileSync(join(dir, 'perl'), '#!/bin/sh\nexec /usr/bin/perl "$@"\n', { mode: 0o755 });
  t.mock.property(process, 'env', { PATH: dir });
  const lock = await lockFile(path, { signal });
  t.mock.restoreAll();
  assert.equal(lock.path, path);
  assert.equal(isLocked(path), true);
  await lock[Symbol.asyncDispose]();
  rmSync(join(dir, 'perl'));
});
