import assert from 'node:assert/strict';
import { test } from 'node:test';
import { basePath, cleanPath, dirPath, joinPath } from '../../../src/base/go-path.ts';

test('paths are cleaned, joined and split as Go does', () => {
  const cleaned = { '': '.', '/': '/', '//a//b/': '/a/b', 'a/..': '.', '../x/./y': '../x/y', '/..': '/', './': '.' };
  for (const [path, wanted] of Object.entries(cleaned)) assert.equal(cleanPath(path), wanted, path);
  assert.equal(joinPath('', ''), '');
  assert.equal(joinPath('/', 'a/', '../b'), '/b');
  assert.equal(joinPath('a', '', 'b'), 'a/b');
  const bases = { '': '.', '/': '/', '///': '/', 'a/b': 'b', 'a/b//': 'b' };
  for (const [path, wanted] of Object.entries(bases)) assert.equal(basePath(path), wanted, path);
  const dirs = { '': '.', a: '.', '/a': '/', 'a/b/': 'a/b', 'a/../b/c': 'b' };
  for (const [path, wanted] of Object.entries(dirs)) assert.equal(dirPath(path), wanted, path);
});
