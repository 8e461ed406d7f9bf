import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matchFileName } from '../../../src/patterns/index.ts';

const cases: readonly (readonly [pattern: string, name: string, matches: boolean | undefined])[] = [
  ['abc', 'abc', true],
  ['*', 'abc', true],
  ['*c', 'abc', true],
  ['a*', 'a', true],
  ['a*', 'ab/c', false],
  ['a*/b', 'abc/b', true],
  ['a*b*c*d*e*/f', 'axbxcxdxe/f', true],
  ['a*b*c*d*e*/f', 'axbxcxdxe/xxx/f', false],
  ['a*b?c*x', 'abxbbxdbxebxczzx', true],
  ['a*b?c*x', 'abxbbxdbxebxczzy', false],
  ['ab[c]', 'abc', true],
  ['ab[b-d]', 'abc', true],
  ['ab[^e-g]', 'abc', true],
  ['ab[^c]', 'abc', false],
  [String.raw`a\*b`, 'a*b', true],
  [String.raw`a\*b`, 'ab', false],
  ['a?b', 'a☺b', true],
  ['a?b', 'a😀b', true],
  ['a[^a]b', 'a😀b', true],
  ['a???b', 'a☺b', false],
  ['[a-ζ]*', 'α', true],
  ['a?b', 'a/b', false],
  ['a*b', 'a/b', false],
  [String.raw`[\]a]`, ']', true],
  [String.raw`[\-x]`, '-', true],
  ['[x-]', 'x', undefined],
  ['[-]', '-', undefined],
  ['[a-b-c]', 'a', undefined],
  ['[', 'a', undefined],
  ['[^bc', 'a', undefined],
  ['a[', 'ab', undefined],
  ['a[', 'x', undefined],
  ['*x', 'xxx', true],
  ['', '', true],
  ['', 'a', false],
];

for (const [pattern, name, matches] of cases) {
  void test(`${pattern || 'nothing'} on ${name || 'nothing'}`, () =>
    assert.equal(matchFileName(pattern, name), matches));
}
