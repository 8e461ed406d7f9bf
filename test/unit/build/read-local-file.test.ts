import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { readLocalFile } from '../../../src/build/read-local-file.ts';
import { temporaryDirectory, writeTree } from '../../support/trees.ts';

test('a file comes with what its transfer would take', async () => {
  using root = temporaryDirectory();
  writeTree(root.path, { Dockerfile: 'FROM scratch' });
  const file = await readLocalFile(root.path, 'Dockerfile');
  assert.equal(Buffer.from(file?.data ?? '').toString(), 'FROM scratch');
  assert.equal(file?.transferred.size, 12);
});

test('one that is not there is none; a directory is named', async () => {
  using root = temporaryDirectory();
  writeTree(root.path, { 'sub/x': '' });
  assert.equal(await readLocalFile(root.path, 'nope'), undefined);
  assert.equal(await readLocalFile(root.path, 'sub/x/nope'), undefined);
  await assert.rejects(readLocalFile(root.path, 'sub'), {
    code: 'IO',
    message: 'failed to read dockerfile: read sub: is a directory',
  });
});

test('a pipe is read when its writer gets to it, and holds up nothing', async () => {
  using root = temporaryDirectory();
  const path = join(root.path, 'pipe');
  execFileSync('mkfifo', [path]);
  const reading = readLocalFile(root.path, 'pipe');
  await using writer = await open(path, 'w');
  await writer.write('FROM ');
  await new Promise((resolve) => setImmediate(resolve));
  await writer.write('scratch');
  await writer.close();
  assert.equal(Buffer.from((await reading)?.data ?? '').toString(), 'FROM scratch');
});
