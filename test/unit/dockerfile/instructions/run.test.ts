import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseInstruction, type RunInstruction } from '../../../../src/dockerfile/instructions/index.ts';
import { parseSyntax } from '../../../../src/dockerfile/syntax/index.ts';

function parse(source: string): RunInstruction {
  const [node] = parseSyntax(source).nodes;
  assert.ok(node);
  const instruction = parseInstruction(node, undefined);
  assert.ok(instruction.kind === 'run');
  return instruction;
}

test('shell form, exec form, nothing at all', () => {
  const shell = parse('RUN a  "b"');
  assert.deepEqual([shell.command, shell.prependShell], [['a  "b"'], true]);
  const exec = parse('RUN ["a", "b"]');
  assert.deepEqual([exec.command, exec.prependShell], [['a', 'b'], false]);
  assert.deepEqual(parse('RUN').command, []);
});

test('here-documents keep their tabs for later', () => {
  const { command, files } = parse('RUN <<-A cat\n\tb\nA');
  assert.deepEqual(command, ['<<-A cat']);
  assert.deepEqual(files, [{ name: 'A', data: '\tb\n', chomp: true }]);
});

test('every flag', () => {
  const run = parse('RUN --security=insecure --network=none --mount=type=tmpfs --device=a/b=c --mount=from=x y');
  assert.deepEqual(run.flagsUsed, ['device', 'mount', 'network', 'security']);
  assert.deepEqual([run.security, run.network], ['insecure', 'none']);
  assert.deepEqual(run.devices, [{ name: 'a/b=c', required: false }]);
  assert.deepEqual(run.mountFlags, ['type=tmpfs', 'from=x']);
  assert.deepEqual(
    run.mounts.map(({ type, from }) => [type, from]),
    [
      ['bind', ''],
      ['bind', 'x'],
    ],
  );
});

test('what holds without flags', () => {
  const { security, network, mounts, devices, flagsUsed } = parse('RUN a');
  assert.deepEqual([security, network, mounts, devices, flagsUsed], ['sandbox', 'default', [], [], []]);
});

const faults: readonly [line: string, message: string][] = [
  ['RUN --network=bridge a', 'invalid network mode "bridge"'],
  ['RUN --network=none --network=host a', 'duplicate flag specified: --network'],
  ['RUN --security=none a', 'security "none" is not valid'],
  ['RUN --mount= a', 'failed to parse csv mounts: EOF'],
  ['RUN --mount=from=$X a', "'from' doesn't support variable expansion, define alias stage instead"],
  ['RUN --device= a', 'failed to parse csv devices: EOF'],
  ['RUN --moutn=x a', 'unknown flag: --moutn (did you mean mount?)'],
];

for (const [line, message] of faults) {
  test(`fault: ${line}`, () => assert.throws(() => parse(line), { code: 'DOCKERFILE', message }));
}
