import assert from 'node:assert/strict';
import { it } from 'node:test';
import { cutToWidth, textWidth } from '../../../../src/progress/tty/cell-width.ts';

it('knows how many columns text takes', () => {
  const cases: readonly [string, number][] = [
    ['plain', 5],
    ['ünïcödé', 7],
    ['e\u0301', 1],
    ['日本語', 6],
    ['ｱｲｳ', 3],
    ['🚀', 2],
    ['한글', 4],
    ['a\u200bb', 2],
    ['→ ✓', 3],
  ];
  for (const [text, width] of cases) assert.equal(textWidth(text), width, text);
});

it('cuts text to columns and splits no character', () => {
  assert.equal(cutToWidth('日本語', 5), '日本');
  assert.equal(cutToWidth('ab🚀', 3), 'ab');
  assert.equal(cutToWidth('abc', 3), 'abc');
  assert.equal(cutToWidth('abc', 0), '');
});
