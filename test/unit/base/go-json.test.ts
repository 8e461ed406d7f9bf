import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareUtf8, goJson, type GoJsonValue } from '../../../src/base/go-json.ts';

test('JSON is escaped as Go escapes it', () => {
  assert.equal(
    goJson('<a>&\u2028\u007f"\\\b\n\u0001é😀'),
    '"\\u003ca\\u003e\\u0026\\u2028\u007f\\"\\\\\\b\\n\\u0001é😀"',
  );
  assert.equal(goJson('\udcff'), '"\\ufffd"');
});

test('structs keep their order and leave absent fields out, maps are sorted by bytes', () => {
  assert.equal(goJson({ b: 1, a: undefined, c: null }), '{"b":1,"c":null}');
  assert.equal(
    goJson(
      new Map<string, GoJsonValue>([
        ['b', 1n],
        ['10', true],
        ['😀', 1],
        ['\uff21', 2],
      ]),
    ),
    '{"10":true,"b":1,"\uff21":2,"😀":1}',
  );
  assert.equal(goJson([[], {}, new Map()]), '[[],{},{}]');
});

test('texts compare as their bytes do', () => {
  const words = ['', 'a', 'a-b', 'a/b', 'b', 'é', '\uffff', '😀'];
  for (const [i, a] of words.entries()) {
    for (const [j, b] of words.entries()) {
      assert.equal(Math.sign(compareUtf8(a, b)), Buffer.compare(Buffer.from(a), Buffer.from(b)), `${a} ${b}`);
      assert.equal(Math.sign(compareUtf8(a, b)), Math.sign(i - j));
    }
  }
});
