import assert from 'node:assert/strict';
import { test } from 'node:test';
import { goJsonIndented, indentJson } from '../../../src/base/go-json-indent.ts';

test('objects and lists are spread over lines, empty ones stay short', () => {
  const value = { a: [1, { b: null }], empty: [], none: {}, last: true };
  assert.equal(goJsonIndented(value), JSON.stringify(value, null, 2));
});

test('signs within texts are left alone', () => {
  const value = { 'k{,:': '[],{}: "quoted" \\ end', 'tail\\': '\\' };
  assert.equal(goJsonIndented(value), JSON.stringify(value, null, 2));
  assert.equal(goJsonIndented('<&>'), '"\\u003c\\u0026\\u003e"');
  assert.equal(indentJson('{"a":1e5,"a":-0}'), '{\n  "a": 1e5,\n  "a": -0\n}');
});
