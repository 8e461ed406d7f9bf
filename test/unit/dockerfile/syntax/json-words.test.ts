import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseJsonWords } from '../../../../src/dockerfile/syntax/json-words.ts';

const texts: readonly [text: string, words: readonly string[] | undefined][] = [
  ['["a", "b"]', ['a', 'b']],
  [' []', []],
  ['["\\ud800", "\udcff"]', ['\ufffd', '\ufffd']],
  ['["a",]', undefined],
  ["['a']", undefined],
  ['["a"] x', undefined],
  ['[ -f x ]', undefined],
  ['{"a": 1}', undefined],
  ['a', undefined],
  ['', undefined],
  ['["a\tb"]', undefined],
  ['[1e999]', undefined],
  [`${'['.repeat(10001)}${']'.repeat(10001)}`, undefined],
];

for (const [text, words] of texts) {
  test(`${text.slice(0, 30)} is ${words === undefined ? 'no JSON array' : 'a list of words'}`, () => {
    assert.deepEqual(parseJsonWords(text), words);
  });
}

test('an array of anything but strings is a fault', () => {
  for (const text of ['[1]', '[null]', '["a", []]', '[{"a": "b"}]', `${'['.repeat(10000)}${']'.repeat(10000)}`]) {
    assert.throws(() => parseJsonWords(text), {
      message: 'when using JSON array syntax, arrays must be comprised of strings only',
    });
  }
});
