import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shellWords } from '../../../src/base/shell-words.ts';

const cases: readonly (readonly [text: string, words: readonly string[]])[] = [
  ['', []],
  [' \t\r\n', []],
  ['--debug  --oci-worker=false', ['--debug', '--oci-worker=false']],
  [`--a='b c' --d="e \\"f\\" \\\\g"`, ['--a=b c', '--d=e "f" \\g']],
  [`'a\\b'`, ['a\\b']],
  ['a\\ b', ['a b']],
  [`'' ""`, ['', '']],
  ['a#b # c d\ne', ['a#b', 'e']],
  ['# all', []],
  ['grüße 世界', ['grüße', '世界']],
];

for (const [text, words] of cases) {
  test(`the words of ${JSON.stringify(text)}`, () => assert.deepEqual(shellWords(text), words));
}

test('what is not closed', () => {
  for (const text of [`a 'b`, `"b`, `'a"`]) {
    assert.throws(() => shellWords(text), { message: 'EOF found when expecting closing quote' });
  }
  for (const text of ['a\\', '"a\\']) {
    assert.throws(() => shellWords(text), { message: 'EOF found after escape character' });
  }
});
