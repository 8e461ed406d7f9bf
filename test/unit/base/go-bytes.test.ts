import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { byteLength, decodeBytes, encodeBytes } from '../../../src/base/go-bytes.ts';

test('any bytes come back from their text', () => {
  const seams = fc.constantFrom(0xc2, 0xe2, 0x82, 0xac, 0xed, 0xa0, 0x80, 0xf0, 0x9f, 0xff, 0x41);
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.integer({ min: 0, max: 255 }), seams)), (list) => {
      const bytes = Uint8Array.from(list);
      const text = decodeBytes(bytes);
      assert.deepEqual([...encodeBytes(text)], list);
      assert.equal(byteLength(text), list.length);
    }),
  );
});

test('what is UTF-8 is read as UTF-8, a byte order mark included', () => {
  for (const text of ['plain', 'é€😀', '\uFEFFx', '']) assert.equal(decodeBytes(new TextEncoder().encode(text)), text);
});

test('a byte that is no UTF-8 becomes one lone surrogate, and one U+FFFD when it has to be text', () => {
  const text = decodeBytes(Uint8Array.of(0x61, 0xe2, 0x82, 0x62));
  assert.equal(text, 'a\udce2\udc82b');
  assert.equal(text.isWellFormed(), false);
  assert.equal(text.toWellFormed(), 'a\uFFFD\uFFFDb');
});
