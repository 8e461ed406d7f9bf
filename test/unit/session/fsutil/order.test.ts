import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { compareNames, PathValidator } from '../../../../src/session/fsutil/order.ts';

void test('names are compared by the bytes of their UTF-8 form', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (a, b) => {
      const bytes = Buffer.compare(Buffer.from(a), Buffer.from(b));
      assert.equal(Math.sign(compareNames(a, b)), bytes);
    }),
  );
  assert.ok(compareNames('Ａ', '😀') < 0);
  assert.ok(compareNames('a', 'a-b') < 0);
});

/** `d:` marks a directory. */
function check(...paths: string[]): () => void {
  return () => {
    const validator = new PathValidator();
    for (const path of paths) {
      const isDirectory = path.startsWith('d:');
      validator.check(isDirectory ? path.slice(2) : path, isDirectory);
    }
  };
}

const good: readonly (readonly string[])[] = [
  ['a', 'b', 'c'],
  ['d:a', 'a/b', 'd:a/c', 'a/c/d', 'a/e', 'b'],
  ['d:a', 'a/b', 'a-b', 'a.b'],
  ['d:a', 'd:a/b', 'd:a/b/c', 'd:b', 'b/x'],
  ['d:A', 'A/x', 'd:a', 'a b', 'a.b', 'é', 'Ａ', '😀'],
  ['...', '..a'],
];

for (const paths of good) void test(`in order: ${paths.join(' ')}`, () => assert.doesNotThrow(check(...paths)));

const bad: readonly (readonly [why: RegExp, ...paths: string[]])[] = [
  [/changes out of order: "a" "b"/, 'b', 'a'],
  [/changes out of order: "a" "a"/, 'a', 'a'],
  [/changes out of order: "a\/b" "a"/, 'a', 'a/b'],
  [/changes out of order: "x\/b" ""/, 'x/b'],
  [/changes out of order/, 'd:a', 'a/b', 'b', 'a/c'],
  [/changes out of order/, 'd:a', 'd:b', 'a/c'],
  [/changes out of order/, 'd:a', 'a-b', 'a/b'],
  [/unclean path/, ''],
  [/unclean path/, '.'],
  [/unclean path/, './a'],
  [/unclean path/, 'd:a', 'a/'],
  [/unclean path/, 'd:a', 'a//b'],
  [/unclean path/, 'd:a', 'a/../b'],
  [/unclean path/, 'a\0b'],
  [/absolute path/, '/a'],
  [/escape check/, '..'],
  [/escape check/, '../a'],
];

for (const [message, ...paths] of bad) {
  void test(`refused: ${JSON.stringify(paths)}`, () => assert.throws(check(...paths), { code: 'PROTOCOL', message }));
}

for (const path of ['..\\..\\evil', 'a\\b', 'C:evil', 'file:stream']) {
  void test(`refused on Windows only: ${path}`, () => {
    assert.throws(() => new PathValidator('win32').check(path, false), { code: 'PROTOCOL', message: /escape check/ });
    assert.doesNotThrow(() => new PathValidator('linux').check(path, false));
  });
}
