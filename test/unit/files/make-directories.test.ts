import assert from 'node:assert/strict';
import { mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeDirectories } from '../../../src/files/index.ts';
import { createContext } from '../../support/cli.ts';

test('makes what is missing, with its mode, and tells where that begins', async () => {
  await using root = await createContext({});
  const deep = join(root.dir, 'a/b/c');
  assert.equal(makeDirectories(deep, 0o700), join(root.dir, 'a'));
  for (const made of ['a', 'a/b', 'a/b/c']) assert.equal(statSync(join(root.dir, made)).mode & 0o777, 0o700);
  assert.equal(makeDirectories(deep), undefined);
  assert.equal(makeDirectories(join(deep, '../d')), join(root.dir, 'a/b/d'));
});

test('goes through links to directories', async () => {
  await using root = await createContext({});
  mkdirSync(join(root.dir, 'real'));
  symlinkSync('real', join(root.dir, 'link'));
  assert.equal(makeDirectories(join(root.dir, 'link')), undefined);
  makeDirectories(join(root.dir, 'link/x'));
  assert.ok(statSync(join(root.dir, 'real/x')).isDirectory());
});

test('says what is in the way', async () => {
  await using root = await createContext({});
  writeFileSync(join(root.dir, 'file'), '');
  symlinkSync('nowhere', join(root.dir, 'dangling'));
  assert.throws(() => makeDirectories(join(root.dir, 'file')), { code: 'EEXIST' });
  assert.throws(() => makeDirectories(join(root.dir, 'file/x/y')), { code: 'ENOTDIR' });
  assert.throws(() => makeDirectories(join(root.dir, 'dangling')), { code: 'EEXIST' });
});

for (const path of ['/proc/tsbx-none', '/proc/tsbx-none/x/y', '/proc/self/fd/none/x']) {
  test(`fails at once for ${path}`, () => {
    assert.throws(() => makeDirectories(path), { code: 'ENOENT' });
  });
}
