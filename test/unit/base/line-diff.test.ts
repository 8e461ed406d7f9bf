import assert from 'node:assert/strict';
import { test } from 'node:test';
import { array, assert as assertProperty, constantFrom, property } from 'fast-check';
import { type DiffHunk, diffLines } from '../../../src/base/line-diff.ts';

const marks = { same: ' ', removed: '-', added: '+' } as const;
const shown = (hunks: readonly DiffHunk[]): string[] =>
  hunks.flatMap(({ before, after, lines }) => [
    `@${before},${after}`,
    ...lines.map(({ kind, text }) => `${marks[kind]}${text}`),
  ]);
const numbers = (count: number): string => Array.from({ length: count }, (_, at) => `${at + 1}\n`).join('');

for (const [name, before, after, expected] of [
  ['the same text', 'a\nb\n', 'a\nb\n', []],
  ['no text', '', '', []],
  ['a text from nothing', '', 'a\nb\n', ['@1,1', '+a', '+b']],
  ['nothing from a text', 'a', '', ['@1,1', '-a']],
  ['one line', 'a\nb\nc\n', 'a\nx\nc\n', ['@1,1', ' a', '-b', '+x', ' c']],
  ['lines that come and go', 'a\nb\nc\nd', 'b\nc\ne\nd', ['@1,1', '-a', ' b', ' c', '+e', ' d']],
  [
    'two places far apart',
    numbers(20),
    numbers(20).replace('2\n', 'two\n').replace('19\n', ''),
    ['@1,1', ' 1', '-2', '+two', ' 3', ' 4', ' 5', '@16,16', ' 16', ' 17', ' 18', '-19', ' 20'],
  ],
  [
    'two places near each other',
    numbers(9),
    numbers(9).replace('2\n', '').replace('8\n', ''),
    ['@1,1', ' 1', '-2', ' 3', ' 4', ' 5', ' 6', ' 7', '-8', ' 9'],
  ],
] as const) {
  test(name, () => {
    assert.deepEqual(shown(diffLines(before, after)), expected);
  });
}

test('what is shown leads from one text to the other', () => {
  const text = array(constantFrom<string>('a', 'b', 'c'), { maxLength: 30 });
  assertProperty(
    property(text, text, (before, after) => {
      const result = [...before];
      for (const hunk of diffLines(before.join('\n'), after.join('\n')).toReversed()) {
        const of = (not: string): string[] => hunk.lines.filter(({ kind }) => kind !== not).map((line) => line.text);
        const [old, young] = [of('added'), of('removed')];
        assert.deepEqual(result.splice(hunk.before - 1, old.length, ...young), old);
        assert.deepEqual(after.slice(hunk.after - 1, hunk.after - 1 + young.length), young);
      }
      assert.deepEqual(result, after);
    }),
  );
});

test('texts of many lines take no time', () => {
  const [hunk] = diffLines(numbers(100_000), numbers(100_000).replaceAll('1', 'one'));
  assert.ok(hunk !== undefined && hunk.lines.length > 100_000);
});
