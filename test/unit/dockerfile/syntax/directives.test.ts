import assert from 'node:assert/strict';
import { test } from 'node:test';
import { detectSyntax, findDirective, readCheckComment } from '../../../../src/dockerfile/syntax/index.ts';

// a file, and what it asks for: the whole value and its line
const files: readonly [source: string, cmdline: string | undefined, line?: number][] = [
  ['# syntax=a/b:1\nFROM x', 'a/b:1', 1],
  ['#syntax = a b \nFROM x', 'a b', 1],
  ['# SYNTAX=a', 'a', 1],
  ['# escape=\\\n# syntax=a', 'a', 2],
  ['#!/bin/x\n# syntax=a', 'a', 2],
  ['\uFEFF# syntax=a', 'a', 1],
  ['# syntax=a\r\nFROM x', 'a', 1],
  ['// syntax=a\n', 'a', 1],
  ['#!x\n// syntax=a\n', 'a', 2],
  [' {"syntax": "a", "x": [1]}', 'a', 0],
  ['{"syntax": 1}', undefined],
  ['{"syntax": "a"} x', undefined],
  ['{"__proto__": {"syntax": "a"}}', undefined],
  ['\n# syntax=a', undefined],
  [' # syntax=a', undefined],
  ['# a comment\n# syntax=a', undefined],
  ['# other=x\n# syntax=a', undefined],
  ['# syntax=\nFROM x', undefined],
  ['FROM x\n# syntax=a', undefined],
  ['# escape=`\n# escape=`\n# syntax=a', undefined],
  [`# syntax=${'a'.repeat(65536)}`, undefined],
  ['', undefined],
];

for (const [source, cmdline, line] of files) {
  test(`syntax of ${JSON.stringify(source.slice(0, 40))}`, () => {
    const found = detectSyntax(source);
    assert.equal(found?.cmdline, cmdline);
    assert.equal(found?.start, line);
    assert.equal(found?.value, cmdline?.split(' ')[0]);
  });
}

test('directives by name, in `#` comments only', () => {
  const source = '# check=skip=all;error=true\n# escape=`\nFROM x';
  assert.equal(findDirective('check', source)?.value, 'skip=all;error=true');
  assert.equal(findDirective('escape', source)?.cmdline, '`');
  assert.equal(findDirective('syntax', '// syntax=a'), undefined);
  assert.equal(findDirective('escape', '# escape= \t')?.cmdline, '\t');
});

test('options in the comment above an instruction', () => {
  assert.equal(readCheckComment('check=skip=A,B why'), 'skip=A,B');
  assert.equal(readCheckComment('check = error=true'), 'error=true');
  assert.equal(readCheckComment('syntax=x'), undefined);
  assert.equal(readCheckComment('checks=x'), undefined);
});
