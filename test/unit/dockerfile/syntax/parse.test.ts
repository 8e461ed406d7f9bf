import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { decodeBytes } from '../../../../src/base/go-bytes.ts';
import { isDockerfileError, type LineSpan, parseSyntax } from '../../../../src/dockerfile/syntax/index.ts';

/** Keyword, flags and arguments of each node, with its lines. */
function outline(source: string): string[] {
  return parseSyntax(source).nodes.map(({ keyword, flags, args, start, end }) =>
    [`${start}-${end}`, keyword, ...flags, ...args].join('|'),
  );
}

const files: readonly [what: string, source: string, nodes: readonly string[]][] = [
  ['one instruction a line', 'FROM a\n\nRUN x  y\n', ['1-1|FROM|a', '3-3|RUN|x  y']],
  ['no newline at the end', 'FROM a', ['1-1|FROM|a']],
  ['CRLF', 'FROM a\r\nRUN x \\\r\n y\r\n', ['1-1|FROM|a', '2-3|RUN|x  y']],
  ['a byte order mark', '\uFEFFFROM a\n', ['1-1|FROM|a']],
  ['leading white space', '\t FROM a\n', ['1-1|FROM|a']],
  ['continuation lines', 'RUN a \\\n  b\\  \n c\n', ['1-3|RUN|a   b c']],
  ['comments and empty lines in a continuation', 'RUN a \\\n# c\n\n  # d\n b\n', ['1-5|RUN|a  b']],
  ['an escaped escape continues nothing', 'RUN a \\\\\nRUN b', ['1-1|RUN|a \\\\', '2-2|RUN|b']],
  ['a continuation at the end of the file', 'RUN a \\\n', ['1-1|RUN|a']],
  ['another escape token', '# escape=`\nRUN a `\n b\\\nRUN c', ['2-3|RUN|a  b\\', '4-4|RUN|c']],
  ['flags', "RUN --a=b --c='d e' --f\\ g -- x --y", ['1-1|RUN|--a=b|--c=d e|--f g|x --y']],
  ['flags go byte by byte', 'COPY --chown=é x y', ['1-1|COPY|--chown=Ã©|x|y']],
  ['words', 'FROM\ta\v b', ['1-1|FROM|a|b']],
  ['JSON', 'CMD [ "a", "b\\u00e9" ]', ['1-1|CMD|a|bé']],
  ['what is no JSON is a shell line', 'CMD [ "a", b ]', ['1-1|CMD|[ "a", b ]']],
  ['key and value', `ENV a=b c='d e' f="g\\" h"`, [`1-1|ENV|a|b|=|c|'d e'|=|f|"g\\" h"|=`]],
  ['the legacy form', 'ENV a b = c', ['1-1|ENV|a|b = c|']],
  ['unknown instructions', 'NOPE --a=b c', ['1-1|NOPE|--a=b|']],
  ['HEALTHCHECK', 'HEALTHCHECK --retries=3 CMD  ["a"]', ['1-1|HEALTHCHECK|--retries=3|CMD|a']],
  ['no arguments', 'RUN\nEXPOSE ', ['1-1|RUN', '2-2|EXPOSE']],
];

for (const [what, source, nodes] of files) test(what, () => assert.deepEqual(outline(source), nodes));

test('a trigger is a node of its own', () => {
  const [node] = parseSyntax('ONBUILD COPY --from=a b c').nodes;
  assert.deepEqual(node?.args, []);
  assert.equal(node?.trigger?.keyword, 'COPY');
  assert.deepEqual(node?.trigger?.flags, ['--from=a']);
  assert.deepEqual(node?.trigger?.args, ['b', 'c']);
});

test('comments belong to the next instruction; an empty one starts anew', () => {
  const [first, second] = parseSyntax('# syntax=x\n# a\n#\n# b\n\n#c \nFROM x\nRUN y').nodes;
  assert.deepEqual(first?.comments, ['b', 'c']);
  assert.deepEqual(second?.comments, []);
});

test('here-documents', () => {
  const source = 'RUN <<A 3<<-"B" cat\na $x\n A\nA\n\tb\n\tB\nCOPY <<C <<C /\nC\n1\nC\n';
  const [run, copy] = parseSyntax(source).nodes;
  assert.deepEqual(run?.heredocs, [
    { name: 'A', fileDescriptor: 0, expand: true, chomp: false, content: 'a $x\n A\n' },
    { name: 'B', fileDescriptor: 3, expand: false, chomp: true, content: '\tb\n' },
  ]);
  assert.deepEqual([run?.start, run?.end, copy?.start, copy?.end], [1, 6, 7, 10]);
  assert.deepEqual(
    copy?.heredocs.map(({ content }) => content),
    ['', '1\n'],
  );
});

test('no here-document in JSON, in other instructions, in quotes or as <<<', () => {
  for (const line of ['RUN ["a", "<<A"]', 'CMD <<A', 'RUN "<<A"', 'RUN cat <<<A', 'RUN a <<']) {
    assert.deepEqual(parseSyntax(line).nodes[0]?.heredocs, [], line);
  }
  assert.equal(parseSyntax('ONBUILD RUN <<A\nA').nodes[0]?.heredocs.length, 1);
});

test('an empty line after a continuation is warned of', () => {
  const { warnings } = parseSyntax('FROM a\nRUN b \\\n\n c\n');
  assert.deepEqual(warnings, [
    {
      short: 'Empty continuation line found in: RUN b  c',
      detail: ['Empty continuation lines will become errors in a future release'],
      url: 'https://docs.docker.com/go/dockerfile/rule/no-empty-continuation/',
      start: 4,
      end: 4,
    },
  ]);
});

const at = (start: number, end = start): LineSpan => ({ start, end });

const faults: readonly [source: string, message: string, span: LineSpan][] = [
  ['', 'file with no instructions', at(0)],
  ['# a\n\n', 'file with no instructions', at(2)],
  ['FROM a\nENV x', 'ENV must have two arguments', at(2)],
  ['LABEL \\\na=b c', `Syntax error - can't find = in "c". Must be of the form: name=value`, at(1, 2)],
  ['RUN ["a", 1]', 'when using JSON array syntax, arrays must be comprised of strings only', at(1)],
  ['RUN <<A\nb\n', 'unterminated heredoc', at(1, 2)],
  ['# escape=x\nFROM a', "invalid escape token 'x' does not match ` or \\", at(0)],
  ['# escape=\\\n# escape=\\\nFROM a', 'only one escape parser directive can be used', at(1)],
  [`FROM a\nRUN ${'x'.repeat(65532)}`, 'dockerfile line greater than max allowed size of 65535', at(1)],
];

for (const [source, message, span] of faults) {
  test(`fault: ${message}`, () => {
    assert.throws(
      () => parseSyntax(source),
      (error) => {
        assert.ok(isDockerfileError(error));
        assert.equal(error.message, message);
        assert.deepEqual(error.locations, [span]);
        return true;
      },
    );
  });
}

test('a line may be as long as the scanner of the reference takes', () => {
  const body = 'x'.repeat(65536 - 'RUN \n'.length);
  assert.equal(parseSyntax(`RUN ${body}\nRUN y`).nodes.length, 2);
  assert.throws(() => parseSyntax(`RUN ${body}x\nRUN y`));
  assert.throws(() => parseSyntax(`FROM a\nRUN ${'é'.repeat(32767)}`), { code: 'DOCKERFILE' });
});

test('an open quote hides a here-document', () => {
  assert.deepEqual(parseSyntax('RUN <<"A\nRUN b').nodes.length, 2);
});

test('any bytes are a Dockerfile or a located error', () => {
  const lines = fc.constantFrom(
    'FROM',
    'RUN',
    'ENV',
    ' ',
    '\n',
    '\\\n',
    '=',
    '<<A',
    'A',
    '"',
    '[',
    ']',
    '#',
    '--x',
    '\r\n',
  );
  const bytes = fc.uint8Array({ maxLength: 4 }).map((list) => decodeBytes(list));
  fc.assert(
    fc.property(fc.array(fc.oneof(lines, bytes), { maxLength: 20 }), (parts) => {
      try {
        const { nodes, start, end } = parseSyntax(parts.join(''));
        assert.ok(nodes.every((node) => node.start >= start && node.end <= end));
      } catch (error) {
        assert.ok(isDockerfileError(error) && error.locations.length === 1, String(error));
      }
    }),
  );
});

test('time grows with the size of the file only', { timeout: 20_000 }, () => {
  const many = 'RUN echo "$x" && \\\n  true\n'.repeat(20_000);
  assert.equal(parseSyntax(`FROM a\n${many}`).nodes.length, 20_001);
  assert.equal(parseSyntax(`RUN ${'a \\\n'.repeat(200_000)} b`).nodes.length, 1);
  assert.equal(
    parseSyntax(`COPY ${'<<a \\\n'.repeat(2_000)} b\n${'a\n'.repeat(2_000)}`).nodes[0]?.heredocs.length,
    2_000,
  );
});
