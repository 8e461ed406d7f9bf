import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { truncateSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { type SecretSpec, secretReaders } from '../../../src/build/secrets.ts';
import { temporaryDirectory, writeTree } from '../../support/trees.ts';

const { signal } = new AbortController();
const env = { TOKEN: 'from the environment', EMPTY: '', GONE: undefined };

async function read(spec: SecretSpec, cwd: string): Promise<string> {
  const readers = await secretReaders([spec], { env, cwd });
  return Buffer.from((await readers.get(spec.id)?.({ signal })) ?? 'nothing').toString();
}

const sources: readonly [spec: SecretSpec, text: string][] = [
  [{ id: 'a', src: 'file' }, 'from the file'],
  [{ id: 'a', env: 'TOKEN' }, 'from the environment'],
  [{ id: 'a', env: 'UNSET' }, ''],
  [{ id: 'a', src: 'file', env: 'TOKEN' }, 'from the environment'],
  [{ id: 'file' }, 'from the file'],
  [{ id: 'TOKEN' }, 'from the environment'],
  [{ id: 'EMPTY' }, ''],
  [{ id: 'a', src: 'file', env: '' }, 'from the file'],
  [{ id: 'a', value: 'given' }, 'given'],
  [{ id: 'TOKEN', value: '' }, ''],
  [{ id: 'a', value: Buffer.from('bytes'), src: 'missing', env: 'TOKEN' }, 'bytes'],
];

for (const [spec, text] of sources) {
  test(JSON.stringify(spec), async () => {
    using dir = temporaryDirectory();
    writeTree(dir.path, { file: 'from the file', TOKEN: 'not this one' });
    assert.equal(await read(spec, dir.path), text);
  });
}

const refused: readonly [spec: SecretSpec, message: string][] = [
  [{ id: '', src: 'file' }, 'secret missing ID'],
  [{ id: 'a', src: 'missing' }, 'failed to stat missing: stat missing: no such file or directory'],
  [{ id: 'a', src: 'missing', env: 'TOKEN' }, 'failed to stat missing: stat missing: no such file or directory'],
  [{ id: 'GONE' }, 'failed to stat GONE: stat GONE: no such file or directory'],
  [{ id: 'a', src: 'big' }, 'secret a too big. max size 500KiB'],
  [{ id: 'a', value: Buffer.alloc(512_001) }, 'secret a too big. max size 500KiB'],
];

for (const [spec, message] of refused) {
  test(message, async () => {
    using dir = temporaryDirectory();
    writeTree(dir.path, { file: '', big: 'x'.repeat(512_001) });
    await assert.rejects(secretReaders([spec], { env, cwd: dir.path }), { message });
  });
}

test('a file is read when it is asked for; what it has grown to is not read to its end', async () => {
  using dir = temporaryDirectory();
  const path = join(dir.path, 'file');
  writeFileSync(path, 'before');
  const readers = await secretReaders([{ id: 'a', src: path }], { env, cwd: '/' });
  writeFileSync(path, 'after');
  assert.equal(String(await readers.get('a')?.({ signal })), 'after');
  truncateSync(path, 1 << 30);
  assert.equal((await readers.get('a')?.({ signal }))?.length, 512_001);
});

test('a named pipe is read as far as a secret goes; nobody waits for one without a writer', async () => {
  using dir = temporaryDirectory();
  const path = join(dir.path, 'pipe');
  execFileSync('mkfifo', [path]);
  const readers = await secretReaders([{ id: 'a', src: path }], { env, cwd: '/' });
  const reading = readers.get('a')?.({ signal });
  {
    await using writer = await open(path, 'w');
    await writer.write('piped');
  }
  assert.equal(String(await reading), 'piped');
  const giveUp = new AbortController();
  const waiting = readers.get('a')?.({ signal: giveUp.signal });
  setImmediate(() => giveUp.abort());
  await assert.rejects(waiting ?? Promise.resolve(), { code: 'IO' });
});

test('a directory fails when it is read, with its name', async () => {
  using dir = temporaryDirectory();
  writeTree(dir.path, { 'sub/file': '' });
  await assert.rejects(read({ id: 'a', src: 'sub' }, dir.path), { message: 'read sub: is a directory' });
});

test('of two with one id the later counts', async () => {
  const readers = await secretReaders(
    [
      { id: 'a', value: '1' },
      { id: 'b', value: '2' },
      { id: 'a', value: '3' },
    ],
    { env, cwd: '/' },
  );
  assert.deepEqual([...readers.keys()], ['a', 'b']);
  assert.equal(String(await readers.get('a')?.({ signal })), '3');
});
