import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonDocuments } from '../../../src/base/json-documents.ts';

for (const [text, expected] of [
  ['', []],
  [' \n', []],
  ['{}{"a":1}\n\n {"b":{"c":[{}]}}', ['{}', '{"a":1}', '{"b":{"c":[{}]}}']],
  [String.raw`{"a":"}\"{\\"}{"b":"\u007b"}`, [String.raw`{"a":"}\"{\\"}`, String.raw`{"b":"\u007b"}`]],
] as const) {
  test(`${JSON.stringify(text)} has ${expected.length} objects`, () => {
    assert.deepEqual([...jsonDocuments(text)], expected);
  });
}

for (const [text, reason] of [
  ['{}x', /invalid character "x" looking for beginning of value/],
  ['[]', /invalid character/],
  ['{"a":{}', /unexpected EOF/],
  [String.raw`{"a":"\"}`, /unexpected EOF/],
] as const) {
  test(`${text} is refused`, () => {
    assert.throws(() => [...jsonDocuments(text)], { code: 'PROTOCOL', message: reason });
  });
}

test('a text without an end takes no time', () => {
  assert.throws(() => [...jsonDocuments(`{"a":"${'\\\\'.repeat(1 << 20)}`)], { code: 'PROTOCOL' });
});
