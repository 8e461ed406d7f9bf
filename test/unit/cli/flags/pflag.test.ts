import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FlagTable } from '../../../../src/cli/flags/definition.ts';
import { sortWords } from '../../../../src/cli/flags/pflag.ts';

const table: FlagTable = {
  tag: { kind: 'array', short: 't', usage: '' },
  file: { kind: 'string', short: 'f', usage: '' },
  load: { kind: 'bool', usage: '' },
  quiet: { kind: 'bool', short: 'q', usage: '' },
  debug: { kind: 'bool', short: 'D', usage: '' },
  'add-host': { kind: 'list', usage: '' },
  'no-cache': { kind: 'bool', usage: '' },
};

// the words, the flags in their one form, the arguments
const lines: readonly [words: string, flags: string, args: string][] = [
  ['-t x .', '--tag=x', '.'],
  ['-tx .', '--tag=x', '.'],
  ['-t=x .', '--tag=x', '.'],
  ['--tag x .', '--tag=x', '.'],
  ['--tag=x .', '--tag=x', '.'],
  ['--tag=a=b .', '--tag=a=b', '.'],
  ['--tag= .', '--tag=', '.'],
  ['. -t x', '--tag=x', '.'],
  ['-t x -t y .', '--tag=x --tag=y', '.'],
  ['-t -f .', '--tag=-f', '.'],
  ['-f a --file b .', '--file=b', '.'],
  ['--load .', '--load=true', '.'],
  ['--load=false .', '--load=false', '.'],
  ['--load=F .', '--load=false', '.'],
  ['--load --load=0 .', '--load=false', '.'],
  ['--load true', '--load=true', 'true'],
  ['-qD .', '--quiet=true --debug=true', '.'],
  ['-qtx .', '--quiet=true --tag=x', '.'],
  ['-q=false .', '--quiet=false', '.'],
  ['--no-cache -', '--no-cache=true', '-'],
  ['-- -t x', '', '-t x'],
  ['a -- -t', '', 'a -t'],
  ['--add-host a:1,b:2 .', '--add-host=a:1 --add-host=b:2', '.'],
  ['--tag a,b .', '--tag=a,b', '.'],
];

for (const [words, flags, args] of lines) {
  test(`build ${words}`, () => {
    const sorted = sortWords(words.split(' '), table, true);
    assert.deepEqual([sorted.flags.join(' '), sorted.args.join(' ')], [flags, args]);
    assert.equal(sorted.help, false);
  });
}

test('not interspersed: the first argument ends the flags', () => {
  const sorted = sortWords(['-D', 'build', '-t', 'x'], table, false);
  assert.deepEqual(sorted, { flags: ['--debug=true'], args: ['build', '-t', 'x'], help: false });
});

for (const word of ['--help', '-h', '-qh']) {
  test(`${word} asks for help`, () => assert.equal(sortWords([word, 'x'], table, true).help, true));
}

// what Go's docker-buildx prints for them
const errors: readonly [words: string, message: string][] = [
  ['--foo', 'unknown flag: --foo'],
  ['--foo=bar', 'unknown flag: --foo'],
  ['--no-load', 'unknown flag: --no-load'],
  ['--noCache', 'unknown flag: --noCache'],
  ['--tag.x y', 'unknown flag: --tag.x'],
  ['-zx .', "unknown shorthand flag: 'z' in -zx"],
  ['-qz .', "unknown shorthand flag: 'z' in -z"],
  ['--tag', 'flag needs an argument: --tag'],
  ['-t', "flag needs an argument: 't' in -t"],
  ['-qt', "flag needs an argument: 't' in -t"],
  ['--=x', 'bad flag syntax: --=x'],
  ['---x', 'bad flag syntax: ---x'],
  ['--load=xx .', 'invalid argument "xx" for "--load" flag: strconv.ParseBool: parsing "xx": invalid syntax'],
  ['-q=xx .', 'invalid argument "xx" for "-q, --quiet" flag: strconv.ParseBool: parsing "xx": invalid syntax'],
];

for (const [words, message] of errors) {
  test(`build ${words} is refused`, () => {
    assert.throws(() => sortWords(words.split(' '), table, true), { code: 'USAGE', message });
  });
}
