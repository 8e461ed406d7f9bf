import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIgnoreFile } from '../../../../src/dockerfile/ignore/index.ts';

const cases: readonly (readonly [what: string, text: string, patterns: readonly string[]])[] = [
  ['an empty file', '', []],
  ['plain, absolute and deep paths', 'a\n/b\n/c/d/e\n', ['a', 'b', 'c/d/e']],
  ['no newline at the end', 'a\nb', ['a', 'b']],
  ['blank lines and comments', '\n  \n# no\na\n#b\n', ['a']],
  ['a number sign after a blank is no comment', ' #a', ['#a']],
  ['white space around', '  a b \t\n', ['a b']],
  ['carriage returns', 'a\r\n# no\r\nb/\r\n', ['a', 'b']],
  ['a byte order mark at the start only', '\ufeffa\n\ufeffb', ['a', '\ufeffb']],
  ['a comment after the byte order mark', '\ufeff# no\na', ['a']],
  ['paths are cleaned', 'a//b/../c/./\n./d\ne/\n..\n.', ['a/c', 'd', 'e', '..', '.']],
  ['the root alone stays', '/', ['/']],
  ['exceptions', '!a\n! /b/\n!\n! ', ['!a', '!b', '!', '!']],
];

for (const [what, text, patterns] of cases) {
  void test(what, () => assert.deepEqual(parseIgnoreFile(Buffer.from(text)), patterns));
}

void test('a line that is too long is an error', () => {
  assert.equal(parseIgnoreFile(Buffer.from(`${'a'.repeat(65_535)}\n`)).length, 1);
  assert.throws(() => parseIgnoreFile(Buffer.from(`a\n${'b'.repeat(65_536)}`)), { code: 'INVALID_ARGUMENT' });
});
