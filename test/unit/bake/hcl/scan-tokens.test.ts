import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstPosition, formatRange } from '../../../../src/bake/hcl/range.ts';
import { scanTokens } from '../../../../src/bake/hcl/scan/scan-tokens.ts';

/** Tokens without the last one, as `type text`; the type alone where it is the text. */
function tokens(text: string, isTemplate = false): string[] {
  const all = scanTokens(text, { filename: 'f', start: firstPosition, isTemplate });
  return all.slice(0, -1).map(({ type, text }) => (type === text ? type : `${type} ${JSON.stringify(text)}`));
}

test('numbers end where they can go on no more', () => {
  assert.deepEqual(tokens('1.5e-3.2 1...x 1.e 2e+ 3E5'), [
    'number "1.5e-3.2"',
    'number "1"',
    '...',
    'identifier "x"',
    'number "1"',
    '.',
    'identifier "e"',
    'number "2"',
    'identifier "e"',
    '+',
    'number "3E5"',
  ]);
});

test('names may have letters of all scripts, and dashes', () => {
  assert.deepEqual(tokens('a-b _1 été x٣ 漢字'), [
    'identifier "a-b"',
    'identifier "_1"',
    'identifier "été"',
    'identifier "x٣"',
    'identifier "漢字"',
  ]);
  assert.deepEqual(tokens('a\u200db'), ['identifier "a"', 'invalid "\u200d"', 'identifier "b"']);
});

test('a comment takes the newline with it; one that does not end is none', () => {
  assert.deepEqual(tokens('#a\r\n//b\n/*c*/d/*e'), [
    'comment "#a\\r\\n"',
    'comment "//b\\n"',
    'comment "/*c*/"',
    'identifier "d"',
    '/',
    '*',
    'identifier "e"',
  ]);
});

test('braces within a sequence do not end it', () => {
  assert.deepEqual(tokens('"${ {a={}} ~}"'), [
    'open quote "\\""',
    '${',
    '{',
    'identifier "a"',
    '=',
    '{',
    '}',
    '}',
    'template end "~}"',
    'close quote "\\""',
  ]);
});

test('a heredoc ends at its name alone in a line, and not in a line that began with something else', () => {
  assert.deepEqual(tokens('<<E\n${a}E\n EE\n\tE \nb'), [
    'open heredoc "<<E\\n"',
    '${',
    'identifier "a"',
    'template end "}"',
    'string literal "E\\n"',
    'string literal " EE\\n"',
    'close heredoc "\\tE "',
    'newline "\\n"',
    'identifier "b"',
  ]);
  assert.deepEqual(tokens('<<E\nE'), ['open heredoc "<<E\\n"', 'string literal "E"']);
  assert.deepEqual(tokens('<<E x'), ['<', '<', 'identifier "E"', 'identifier "x"']);
});

test('signs are literals of their own where they begin no sequence', () => {
  assert.deepEqual(tokens('"a$b$${c}%%{$"'), [
    'open quote "\\""',
    'quoted literal "a"',
    'quoted literal "$"',
    'quoted literal "b"',
    'quoted literal "$${"',
    'quoted literal "c}"',
    'quoted literal "%%{"',
    'quoted literal "$"',
    'close quote "\\""',
  ]);
  assert.deepEqual(tokens('a $x\n$', true), [
    'string literal "a "',
    'string literal "$x"',
    'string literal "\\n"',
    'string literal "$"',
  ]);
});

test('a carriage return alone ends all understanding of a heredoc', () => {
  assert.deepEqual(tokens('<<E\na\rb\nE\n'), ['open heredoc "<<E\\n"', 'string literal "a"', 'invalid "\\rb\\nE\\n"']);
});

test('columns count what is seen as one character', () => {
  const ends = ['é', 'e\u0301', '👩‍👩‍👧', '🇩🇪', '漢字', '\t', 'a\r'].map((text) => {
    const [, literal] = scanTokens(`"${text}`, { filename: 'f', start: firstPosition });
    return literal === undefined ? '' : formatRange(literal.range);
  });
  assert.deepEqual(ends, ['f:1,2-3', 'f:1,2-3', 'f:1,2-3', 'f:1,2-3', 'f:1,2-4', 'f:1,2-3', 'f:1,2-3']);
});

test('a byte order mark takes no column', () => {
  const [first] = scanTokens('\ufeffa', { filename: 'f', start: firstPosition });
  assert.deepEqual(first?.range.start, { line: 1, column: 1, offset: 1 });
});
