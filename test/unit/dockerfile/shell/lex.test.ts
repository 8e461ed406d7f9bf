import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import {
  emptyEnv,
  envFromList,
  expandWord,
  expandWords,
  isExpansionError,
  type LexOptions,
} from '../../../../src/dockerfile/shell/index.ts';

const plain: LexOptions = { escapeToken: '\\' };
const env = envFromList(['A=a', 'EMPTY=', 'SP=x y', 'P=/usr/lib/libx.so.1', 'Q="q"', '한=k', 'D=$1']);

// one word a line: the word | what it becomes
const words = String.raw`
hello | hello
he'll'o | hello
he"l l"o | hel lo
he\'llo | he'llo
'a\b' | a\b
"a\b\"\$\\" | a\b"$\
$A | a
\$A | $A
"$A" | a
'$A' | $A
$A$A | aa
$Ab | 
${'${A}'}b | ab
$1x | x
$12 | 
$? | 
$ | $
a$ | a$
$. | $.
$한 | k
${'${A:-b}'} | a
${'${NO:-b}'} | b
${'${EMPTY:-b}'} | b
${'${EMPTY-b}'} | 
${'${NO-b}'} | b
${'${A:+b}'} | b
${'${EMPTY:+b}'} | 
${'${EMPTY+b}'} | b
${'${NO+b}'} | 
${'${A?msg}'} | a
${'${NO:-${A}x}'} | ax
${"${NO:-'a b'}"} | a b
${'${P#/usr}'} | /lib/libx.so.1
${'${P#*/}'} | usr/lib/libx.so.1
${'${P##*/}'} | libx.so.1
${'${P%.*}'} | /usr/lib/libx.so
${'${P%%.*}'} | /usr/lib/libx
${'${P%?}'} | /usr/lib/libx.so.
${'${P/lib/bin}'} | /usr/bin/libx.so.1
${'${P//lib/bin}'} | /usr/bin/binx.so.1
${'${P//\\//:}'} | :usr:lib:libx.so.1
${'${A//a/$D}'} | 
${'${A/a/$D}'} | $1
<<EOF | <<EOF
< <A | < <A
\ | 
a\ | a
`;

for (const line of words.split('\n').filter((line) => line.includes(' | '))) {
  const [word = '', result = ''] = line.split(' | ');
  test(`${word} → ${JSON.stringify(result)}`, () => assert.equal(expandWord(word, env, plain).result, result));
}

const faults: readonly [word: string, why: string][] = [
  ["'a", 'unexpected end of statement while looking for matching single-quote'],
  ['"a', 'unexpected end of statement while looking for matching double-quote'],
  ['${', "syntax error: missing '}'"],
  ['${A', 'unsupported modifier (\ufffd) in substitution'],
  ['${A:-x', "syntax error: missing '}'"],
  ['${}', 'syntax error: bad substitution'],
  ['${:-x}', 'syntax error: bad substitution'],
  ['${A!}', 'unsupported modifier (!) in substitution'],
  ['${A:x}', 'unsupported modifier (:x) in substitution'],
  ['${A:#x}', 'unsupported modifier (:#) in substitution'],
  ['${A/x}', "syntax error: missing '/' in ${}"],
  ['${A/x/y', "syntax error: missing '}'"],
  ['${A#\\x}', "invalid pattern (\\x) in substitution: invalid escape '\\x'"],
  ['${NO?}', 'NO: is not allowed to be unset'],
  ['${EMPTY:?}', 'EMPTY: is not allowed to be empty'],
  ['${NO?no $A}', 'NO: no a'],
];

for (const [word, why] of faults) {
  test(`${word} cannot be expanded`, () => {
    const message = `failed to process "${word.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}": ${why}`;
    assert.throws(() => expandWord(word, env, plain), { code: 'DOCKERFILE', message });
  });
}

test('options: what stays as written', () => {
  const of = (word: string, options: Partial<LexOptions>): string =>
    expandWord(word, env, { ...plain, ...options }).result;
  assert.equal(of(`'a' "\\"$A"`, { rawQuotes: true }), `'a' ""a"`);
  assert.equal(of(`\\a "\\$A"`, { rawEscapes: true }), `\\a \\$A`);
  assert.equal(of(`'$A'`, { skipProcessQuotes: true }), `'a'`);
  assert.equal(of('$NO ${NO} ${NO:-$A} ${NO/a/b} $A', { skipUnsetEnv: true }), '$NO ${NO} ${NO:-a} ${NO/a/b} a');
  assert.equal(of('`$A \\$A', { escapeToken: '`' }), '$A \\a');
});

test('names that were looked up are told, also when the word is at fault', () => {
  const { matched, unmatched } = expandWord('$A ${NO:-$OTHER} $NO', env, plain);
  assert.deepEqual([...matched], ['A']);
  assert.deepEqual([...unmatched], ['OTHER', 'NO']);
  assert.throws(
    () => expandWord('$A ${NO?}', env, plain),
    (error) => isExpansionError(error) && error.matched.has('A') && error.unmatched.has('NO'),
  );
});

test('words are split after expansion, outside quotes', () => {
  const of = (word: string): string[] => expandWords(word, env, plain);
  assert.deepEqual(of(`a  "b c"\t$SP '' "$SP"`), ['a', 'b c', 'x', 'y', 'x y']);
  assert.deepEqual(of('a\\ b'), ['a b']);
  assert.deepEqual(of('  '), []);
  assert.deepEqual(of('<< EOF x'), ['<< EOF', 'x']);
});

test('what stands before a nested word in the same word is lost, as in the reference', () => {
  assert.deepEqual(expandWords('80$A${NO:-90}', env, plain), ['90']);
  assert.equal(expandWord('80$A${NO:-90}', env, plain).result, '80a90');
});

test('text that is not UTF-8 comes out as U+FFFD, a byte order mark at the start is dropped', () => {
  assert.equal(expandWord('a\udcff$A', emptyEnv, plain).result, 'a\ufffd');
  assert.equal(expandWord('\ufeffa\ufeff', emptyEnv, plain).result, 'a\ufeff');
});

test('whatever the word, it expands or fails with one kind of error', () => {
  const pieces = fc.constantFrom(
    '$',
    '{',
    '}',
    'A',
    'NO',
    ':',
    '-',
    '+',
    '?',
    '#',
    '%',
    '/',
    '*',
    '\\',
    "'",
    '"',
    '<',
    ' ',
    '1',
  );
  fc.assert(
    fc.property(fc.array(pieces), (list) => {
      try {
        expandWord(list.join(''), env, plain);
      } catch (error) {
        assert.ok(isExpansionError(error), String(error));
      }
    }),
  );
});
