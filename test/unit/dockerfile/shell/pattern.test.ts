import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { compilePattern, reversePattern } from '../../../../src/dockerfile/shell/pattern.ts';

/** The same pattern as a regular expression, which is what the reference makes of it. */
function expression(pattern: string, greedy: boolean): RegExp {
  const source = pattern.replace(/\\?[\s\S]/g, (token) => {
    if (token === '*') return greedy ? '.*' : '.*?';
    return token === '?' ? '.' : `\\u{${(token.codePointAt(token.length - 1) ?? 0).toString(16)}}`;
  });
  return new RegExp(source, 'u');
}

test('matches what the regular expression matches', () => {
  const pattern = fc.array(fc.constantFrom('a', 'b', '*', '?', '\n', '\\*', '\\?', '\\\\'), { maxLength: 6 });
  const text = fc.array(fc.constantFrom('a', 'b', 'c', '\n', '*', '?', '\\'), { maxLength: 8 });
  fc.assert(
    fc.property(pattern, text, fc.boolean(), (tokens, chars, greedy) => {
      const expected = expression(tokens.join(''), greedy).exec(chars.join(''));
      const found = compilePattern(tokens.join(''), greedy).find(chars, 0);
      assert.equal(found?.start, expected?.index);
      if (found !== undefined && expected !== null) assert.equal(found.end, expected.index + expected[0].length);
    }),
    { numRuns: 1000 },
  );
});

test('many stars on a long text take no longer than one', { timeout: 20_000 }, () => {
  const text = Array.from('a'.repeat(20_000));
  assert.equal(compilePattern(`${'*a'.repeat(20)}b`, true).find(text, 0), undefined);
});

test('only wildcards and the escape itself can be escaped; the escape of } and / belongs to the substitution', () => {
  assert.throws(() => compilePattern('a\\b', true), { message: "invalid escape '\\b'" });
  assert.throws(() => compilePattern('a\\', true), { message: "invalid escape '\\\ufffd'" });
  assert.equal(compilePattern('\\}\\/', true).matchAt(['}', '/'], 0), 2);
});

test('backwards, an escape stays before what it escapes', () => {
  assert.equal(reversePattern('a\\*c'), 'c\\*a');
  assert.equal(reversePattern('ab\\'), '\\ba');
});
