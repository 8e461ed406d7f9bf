import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chompHeredoc, type HeredocWord, parseHeredocWord } from '../../../../src/dockerfile/syntax/index.ts';

const heredoc = (name: string, more: Partial<HeredocWord> = {}): HeredocWord => ({
  name,
  fileDescriptor: 0,
  expand: true,
  chomp: false,
  ...more,
});

const words: readonly [word: string, heredoc: HeredocWord | undefined][] = [
  ['<<EOF', heredoc('EOF')],
  ['<< EOF', heredoc('EOF')],
  ['<<-EOF', heredoc('EOF', { chomp: true })],
  ['3<<EOF', heredoc('EOF', { fileDescriptor: 3 })],
  ["<<'EOF'", heredoc('EOF', { expand: false })],
  ['<<"E"OF', heredoc('EOF', { expand: false })],
  ['<<E$x', heredoc('E$x')],
  ["<<'a b'", heredoc('a b', { expand: false })],
  ['99999999999999999999<<A', heredoc('A', { fileDescriptor: 2 ** 64 })],
  ['<<', undefined],
  ['<<a b', undefined],
  ['<<<a', undefined],
  ['x<<a', undefined],
  ['<<a<b', undefined],
  ['a', undefined],
];

for (const [word, expected] of words) {
  test(`${word} ${expected === undefined ? 'opens nothing' : `opens ${expected.name}`}`, () => {
    assert.deepEqual(parseHeredocWord(word), expected);
  });
}

test('an open quote is a fault', () => assert.throws(() => parseHeredocWord('<<"a'), { code: 'DOCKERFILE' }));

test('leading tabs go, and nothing else', () =>
  assert.equal(chompHeredoc('\t\ta\tb\n \tc\n\t\n\td'), 'a\tb\n \tc\n\nd'));
