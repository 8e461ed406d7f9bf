import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expandContents, expandInstruction, parseInstruction } from '../../../../src/dockerfile/instructions/index.ts';
import { parseSyntax } from '../../../../src/dockerfile/syntax/index.ts';

/** The words that expanding the instruction asks for, in their order. */
function wordsOf(line: string): string[] {
  const [node] = parseSyntax(line).nodes;
  assert.ok(node);
  const instruction = parseInstruction(node, undefined);
  assert.ok(instruction.kind !== 'from');
  const words: string[] = [];
  expandInstruction(instruction, (word) => {
    words.push(word);
    return word;
  });
  return words;
}

const lines: readonly [line: string, words: readonly string[]][] = [
  ['ENV a=b c=d', ['a', 'b', 'c', 'd']],
  ['LABEL a=b', ['a', 'b']],
  ['ARG a b=c', ['a', 'b', 'c']],
  ['ADD --checksum=c --chmod=m --chown=o --exclude=x a b', ['o', 'm', 'c', 'a', 'b']],
  ['COPY --from=f --chmod=m --chown=o a b', ['o', 'm', 'a', 'b']],
  ['RUN --mount=type=bind,ro,source=s $x', ['bind', 's']],
  ['WORKDIR a', ['a']],
  ['USER a', ['a']],
  ['VOLUME a b', ['a', 'b']],
  ['STOPSIGNAL a', ['a']],
  ['CMD $a', []],
  ['ENTRYPOINT $a', []],
  ['EXPOSE $a', []],
  ['SHELL ["$a"]', []],
  ['MAINTAINER $a', []],
  ['HEALTHCHECK CMD $a', []],
  ['ONBUILD RUN $a', []],
];

for (const [line, words] of lines) test(line, () => assert.deepEqual(wordsOf(line), words));

test('the result holds what the words became; the instruction stays', () => {
  const [node] = parseSyntax('COPY --chown=$a b $c').nodes;
  assert.ok(node);
  const copy = parseInstruction(node, undefined);
  assert.ok(copy.kind === 'copy');
  const expanded = expandInstruction(copy, (word) => word.replace('$', ''));
  assert.ok(expanded.kind === 'copy');
  assert.deepEqual([expanded.chown, expanded.sources, expanded.dest], ['a', ['b'], 'c']);
  assert.equal(copy.chown, '$a');
});

test('contents are expanded where their word was not quoted', () => {
  const contents = [
    { path: 'a', data: '$x', expand: true },
    { path: 'b', data: '$x', expand: false },
  ];
  assert.deepEqual(
    expandContents(contents, () => 'y').map(({ data }) => data),
    ['y', '$x'],
  );
});
