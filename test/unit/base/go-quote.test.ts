import assert from 'node:assert/strict';
import { test } from 'node:test';
import { goQuote } from '../../../src/base/go-quote.ts';

// a text, and how Go's %q prints it
const quoted: readonly [text: string, printed: string][] = [
  ['', '""'],
  ['plain é 한 😀', '"plain é 한 😀"'],
  ['"\\', '"\\"\\\\"'],
  ['\x07\b\f\n\r\t\v', '"\\a\\b\\f\\n\\r\\t\\v"'],
  ['\0\x1f\x7f', '"\\x00\\x1f\\x7f"'],
  ['\udcff', '"\\xff"'],
  ['\u00a0\u00ad\u200b\u2028', '"\\u00a0\\u00ad\\u200b\\u2028"'],
  ['\ufffd', '"\ufffd"'],
  ['\u{e0001}', '"\\U000e0001"'],
];

for (const [text, printed] of quoted) {
  test(`${JSON.stringify(text)} is quoted as ${printed}`, () => assert.equal(goQuote(text), printed));
}
