import assert from 'node:assert/strict';
import { test } from 'node:test';
import { equalFold, isSpace, toLower, toUpper, trimSpace } from '../../../src/base/go-unicode.ts';

test('white space is what Go takes for it', () => {
  for (const ch of ' \t\n\v\f\r\u0085\u00a0\u1680\u2003\u2028\u2029\u202f\u205f\u3000') {
    assert.ok(isSpace(ch.charCodeAt(0)), `U+${ch.charCodeAt(0).toString(16)}`);
  }
  for (const ch of 'a\0\u200b\ufeff') assert.ok(!isSpace(ch.charCodeAt(0)), `U+${ch.charCodeAt(0).toString(16)}`);
  assert.equal(trimSpace('\u0085\u3000 a\ufeff \u00a0'), 'a\ufeff');
});

// a text, in lower and in upper case: one character stays one
const cases: readonly [text: string, lower: string, upper: string][] = [
  ['Abc', 'abc', 'ABC'],
  ['ÉÀ', 'éà', 'ÉÀ'],
  ['İ', 'i', 'İ'],
  ['ß', 'ß', 'ß'],
  ['ΣΑΣ', 'σασ', 'ΣΑΣ'],
  ['K', 'k', 'K'],
  ['ᾀᾳ', 'ᾀᾳ', 'ᾈᾼ'],
  ['ﬁ', 'ﬁ', 'ﬁ'],
  ['\udcffA', '\ufffda', '\ufffdA'],
  ['𐐀𐐨', '𐐨𐐨', '𐐀𐐀'],
];

for (const [text, lower, upper] of cases) {
  test(`case of ${JSON.stringify(text)}`, () => {
    assert.equal(toLower(text), lower);
    assert.equal(toUpper(text), upper);
  });
}

test('folding knows the long s and the Kelvin sign', () => {
  assert.ok(equalFold('aſ', 'AS'));
  assert.ok(equalFold('K', 'k'));
  assert.ok(!equalFold('a', 'b'));
});
