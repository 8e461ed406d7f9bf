import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseInstruction } from '../../../../src/dockerfile/instructions/index.ts';
import { parseSyntax } from '../../../../src/dockerfile/syntax/index.ts';

function parse(source: string): ReturnType<typeof parseInstruction> {
  const [node] = parseSyntax(source).nodes;
  assert.ok(node);
  return parseInstruction(node, undefined);
}

test('COPY with every flag', () => {
  const copy = parse('COPY --from=b --chown=1:2 --chmod=755 --link --parents --exclude=*.a --exclude=c a b/ /c');
  assert.ok(copy.kind === 'copy');
  const { from, chown, chmod, link, parents, excludes, sources, dest } = copy;
  assert.deepEqual(
    [from, chown, chmod, link, parents, excludes, sources, dest],
    ['b', '1:2', '755', true, true, ['*.a', 'c'], ['a', 'b/'], '/c'],
  );
});

test('ADD with every flag', () => {
  const source =
    'ADD --chown=a --chmod=u+x --link=false --keep-git-dir --checksum=sha256:x --unpack=FALSE --exclude=x http://a/b /c';
  const add = parse(source);
  assert.ok(add.kind === 'add');
  const { chown, chmod, link, keepGitDir, checksum, unpack, excludes, sources, dest } = add;
  assert.deepEqual(
    [chown, chmod, link, keepGitDir, checksum, unpack, excludes, sources, dest],
    ['a', 'u+x', false, true, 'sha256:x', false, ['x'], ['http://a/b'], '/c'],
  );
});

test('flags that are not given', () => {
  const add = parse('ADD a /b');
  const copy = parse('COPY a /b');
  assert.ok(add.kind === 'add' && copy.kind === 'copy');
  assert.deepEqual([add.link, add.keepGitDir, add.unpack, add.checksum], [false, undefined, undefined, '']);
  assert.deepEqual([copy.from, copy.link, copy.parents, copy.excludes], ['', false, false, []]);
});

test('files in the Dockerfile: the last of a name, tabs dropped where asked for', () => {
  const copy = parse("COPY <<-A b <<'C' <<C /d\n\t\tx\n\tA\n1\nC\n$2\nC\n");
  assert.ok(copy.kind === 'copy');
  assert.deepEqual(copy.sources, ['b']);
  assert.deepEqual(copy.contents, [
    { path: 'A', data: 'x\n', expand: true },
    { path: 'C', data: '$2\n', expand: false },
    { path: 'C', data: '$2\n', expand: true },
  ]);
});

const faults: readonly [line: string, message: string][] = [
  ['COPY a', twoArguments('COPY')],
  ['ADD', twoArguments('ADD')],
  ['COPY a <<B\nB', 'COPY cannot accept a heredoc as a destination'],
  ['COPY --from a b', 'missing a value on flag: --from'],
  ['COPY --link= a b', 'missing a value on flag: --link'],
  ['COPY --link=maybe a b', 'expecting boolean value for flag --link, not: maybe'],
  ['COPY --link --link a b', 'duplicate flag specified: --link'],
  ['COPY --form=x a b', 'unknown flag: --form (did you mean from?)'],
  ['COPY --keep-git-dir a b', 'unknown flag: --keep-git-dir'],
  ['ADD --from=x a b', 'unknown flag: --from'],
  ['ADD --__proto__=x a b', 'unknown flag: --__proto__'],
];

function twoArguments(keyword: string): string {
  return `${keyword} requires at least two arguments, but only one was provided. Destination could not be determined`;
}

for (const [line, message] of faults) {
  test(`fault: ${line}`, () => assert.throws(() => parse(line), { code: 'DOCKERFILE', message }));
}
