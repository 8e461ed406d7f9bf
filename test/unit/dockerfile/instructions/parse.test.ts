import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Instruction,
  parseInstructions,
  type ParsedDockerfile,
} from '../../../../src/dockerfile/instructions/index.ts';
import { defaultCheckConfig, Linter } from '../../../../src/dockerfile/lint/index.ts';
import { isDockerfileError, parseSyntax } from '../../../../src/dockerfile/syntax/index.ts';

function parse(source: string): ParsedDockerfile {
  return parseInstructions(parseSyntax(source), undefined);
}

/** The one instruction of a stage, without what it keeps of its source. */
function single(line: string): object {
  const [instruction] = parse(`FROM a\n${line}`).stages[0]?.instructions ?? [];
  assert.ok(instruction);
  const { name: _name, code: _code, lines: _lines, comments: _comments, ...rest } = instruction satisfies Instruction;
  return rest;
}

const instructions: readonly [line: string, parsed: object][] = [
  ['ENV a=b c="d e"', { kind: 'env', env: [pair('a', 'b'), pair('c', '"d e"')] }],
  ['ENV a b c', { kind: 'env', env: [{ ...pair('a', 'b c'), legacy: true }] }],
  ['LABEL a.b=c', { kind: 'label', labels: [pair('a.b', 'c')] }],
  ['ARG a b= c=d=e', { kind: 'arg', args: [arg('a', undefined), arg('b', ''), arg('c', 'd=e')] }],
  ['WORKDIR /a b', { kind: 'workdir', path: '/a b' }],
  ['USER a:b', { kind: 'user', user: 'a:b' }],
  ['VOLUME /b /a', { kind: 'volume', volumes: ['/b', '/a'] }],
  ['VOLUME ["/a b", " /c "]', { kind: 'volume', volumes: ['/a b', '/c'] }],
  ['EXPOSE 90 100/tcp ２', { kind: 'expose', ports: ['100/tcp', '90', '２'] }],
  ['STOPSIGNAL --x 9', { kind: 'stopsignal', signal: '9' }],
  ['MAINTAINER a <b@c>', { kind: 'maintainer', maintainer: 'a <b@c>' }],
  ['SHELL ["a", "-c"]', { kind: 'shell', shell: ['a', '-c'] }],
  ['ONBUILD  RUN a', { kind: 'onbuild', expression: 'RUN a' }],
  ['onbuild COPY <<A /b\nc\nA', { kind: 'onbuild', expression: 'COPY <<A /b\nc\nA' }],
  ['CMD a  b', { kind: 'cmd', command: ['a  b'], files: [], prependShell: true }],
  ['CMD []', { kind: 'cmd', command: [], files: [], prependShell: false }],
  ['ENTRYPOINT ["a", "b"]', { kind: 'entrypoint', command: ['a', 'b'], files: [], prependShell: false }],
];

function pair(key: string, value: string): object {
  return { key, value, legacy: false };
}

function arg(key: string, value: string | undefined): object {
  return { key, value, docComment: '' };
}

for (const [line, parsed] of instructions) test(line, () => assert.deepEqual(single(line), parsed));

const faults: readonly [line: string, message: string][] = [
  ['ENV', 'ENV requires at least one argument'],
  ['ENV =a', 'ENV names can not be blank'],
  ['ENV --x=y a=b', 'unknown flag: --x'],
  ['LABEL =a', 'LABEL names can not be blank'],
  ['ARG', 'ARG requires at least one argument'],
  ['ARG =x', 'ARG names can not be blank'],
  ['WORKDIR', 'WORKDIR requires exactly one argument'],
  ['USER', 'USER requires exactly one argument'],
  ['MAINTAINER', 'MAINTAINER requires exactly one argument'],
  ['STOPSIGNAL', 'STOPSIGNAL requires exactly one argument'],
  ['VOLUME', 'VOLUME requires at least one argument'],
  ['VOLUME [""]', 'VOLUME specified can not be an empty string'],
  ['EXPOSE', 'EXPOSE requires at least one argument'],
  ['SHELL a', 'SHELL requires the arguments to be in JSON form'],
  ['SHELL []', 'SHELL requires at least one argument'],
  ['ONBUILD', 'ONBUILD requires at least one argument'],
  ['ONBUILD ONBUILD RUN a', "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed"],
  ['ONBUILD from a', "FROM isn't allowed as an ONBUILD trigger"],
  ['ONBUILD MAINTAINER a', "MAINTAINER isn't allowed as an ONBUILD trigger"],
  ['FROM', 'FROM requires either one or three arguments'],
  ['FROM a b c', 'FROM requires either one or three arguments'],
  ['FROM a as 1b', `invalid name for build stage: "1b", name can't start with a number or contain symbols`],
  ['FROM --platfrom=x a', 'unknown flag: --platfrom (did you mean platform?)'],
  ['FORM a', 'unknown instruction: FORM (did you mean FROM?)'],
  ['rnu a', 'unknown instruction: rnu (did you mean run?)'],
  ['XYZZY a', 'unknown instruction: XYZZY'],
];

for (const [line, message] of faults) {
  test(`fault: ${line}`, () => {
    assert.throws(
      () => parse(`FROM a\n${line}`),
      (error) => {
        assert.ok(isDockerfileError(error));
        assert.equal(error.message, `dockerfile parse error on line 2: ${message}`);
        assert.deepEqual(error.locations, [{ start: 2, end: 2 }]);
        return true;
      },
    );
  });
}

test('stages, their names and comments, and the ARGs before them', () => {
  const source =
    '# V the version\nARG V=1\nFROM --platform=$P a:$V AS Build\nRUN x\n# final what runs\nfrom build as final';
  const { metaArgs, stages } = parse(source);
  assert.deepEqual(metaArgs[0]?.args, [{ key: 'V', value: '1', docComment: 'the version' }]);
  const [build, final] = stages;
  assert.deepEqual([build?.from.stageName, build?.from.baseName, build?.from.platform], ['build', 'a:$V', '$P']);
  assert.equal(build?.instructions.length, 1);
  assert.deepEqual(
    [final?.from.stageName, final?.from.docComment, final?.from.lines],
    ['final', 'what runs', { start: 6, end: 6 }],
  );
});

test('an instruction before the first stage', () => {
  assert.throws(() => parse('ARG a\nRUN b'), {
    message: 'no build stage in current context',
    locations: [{ start: 2, end: 2 }],
  });
});

/** What the linter says of a file, as `rule line message`. */
function lint(source: string, experimentalAll = false): string[] {
  const found: string[] = [];
  const linter = new Linter({ ...defaultCheckConfig, experimentalAll }, ({ rule, lines, message }) =>
    found.push(`${rule} ${lines.start} ${message}`),
  );
  parseInstructions(parseSyntax(source), linter);
  return found;
}

test('casing of FROM and of stage names', () => {
  assert.deepEqual(lint('FROM a as Build\nfrom b AS c\nFrom c As d\nFROM d AS e\nfrom e as f'), [
    "StageNameCasing 1 Stage name 'Build' should be lowercase",
    "FromAsCasing 1 'as' and 'FROM' keywords' casing do not match",
    "FromAsCasing 2 'AS' and 'from' keywords' casing do not match",
  ]);
});

test('MAINTAINER is deprecated, unless a comment says to skip that', () => {
  const message = 'Maintainer instruction is deprecated in favor of using label';
  assert.deepEqual(lint('FROM a\nMAINTAINER b'), [`MaintainerDeprecated 2 ${message}`]);
  assert.deepEqual(lint('FROM a\n# check=skip=MaintainerDeprecated\nMAINTAINER b'), []);
  assert.deepEqual(lint('FROM a\n# check=skip=all\nMAINTAINER b\nMAINTAINER c'), [`MaintainerDeprecated 4 ${message}`]);
});

test('comments above definitions, as an experiment', () => {
  const source =
    '# x is\nARG y\n# y is\nARG y z\n# z\nARG a b\n# the stage\nFROM a AS b\n# b is\nFROM a as c\n# b is\nFROM b';
  assert.deepEqual(
    lint(source, true).filter((line) => line.startsWith('Invalid')),
    [
      'InvalidDefinitionDescription 2 Comment for ARG should follow the format: `# y <description>`',
      'InvalidDefinitionDescription 6 Comment for ARG should follow the format: `# <arg_key> <description>`',
      'InvalidDefinitionDescription 8 Comment for FROM should follow the format: `# b <description>`',
      'InvalidDefinitionDescription 10 Comment for FROM should follow the format: `# c <description>`',
    ],
  );
  assert.deepEqual(lint('# x is\nARG y\nFROM a'), []);
  assert.equal(
    lint('# check=experimental=all\n#\n# check=experimental=InvalidDefinitionDescription\nARG y\nFROM a').length,
    1,
  );
});
