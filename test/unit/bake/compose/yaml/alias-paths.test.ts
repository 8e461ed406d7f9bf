import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AliasPaths } from '../../../../../src/bake/compose/yaml/alias-paths.ts';

test('the first path that is around another, or within it, is told', () => {
  const paths = new AliasPaths();
  for (const path of [['a', 'b'], ['a', 'c'], ['a', 'b'], ['ab']]) assert.equal(paths.add(path), undefined);
  assert.deepEqual(paths.add(['a', 'b', 'x', 'y']), ['a', 'b']);
  assert.deepEqual(paths.add(['a']), ['a', 'b']);
  assert.deepEqual(paths.add([]), ['a', 'b']);
});

test('as many as a file may have are looked at in no time', () => {
  const paths = new AliasPaths();
  for (let at = 0; at < 100_000; at++) assert.equal(paths.add(['list', String(at)]), undefined);
});
