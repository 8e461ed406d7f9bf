import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type HealthConfig, parseInstruction } from '../../../../src/dockerfile/instructions/index.ts';
import { parseSyntax } from '../../../../src/dockerfile/syntax/index.ts';

function parse(line: string): HealthConfig {
  const [node] = parseSyntax(line).nodes;
  assert.ok(node);
  const instruction = parseInstruction(node, undefined);
  assert.ok(instruction.kind === 'healthcheck');
  return instruction.health;
}

const none = { interval: 0n, timeout: 0n, startPeriod: 0n, startInterval: 0n, retries: 0 };

test('forms', () => {
  assert.deepEqual(parse('HEALTHCHECK none'), { ...none, test: ['NONE'] });
  assert.deepEqual(parse('HEALTHCHECK --interval=x NONE'), { ...none, test: ['NONE'] });
  assert.deepEqual(parse('HEALTHCHECK cmd a  b'), { ...none, test: ['CMD-SHELL', 'a  b'] });
  assert.deepEqual(parse('HEALTHCHECK CMD ["a", "b"]'), { ...none, test: ['CMD', 'a', 'b'] });
});

test('every flag', () => {
  const flags = '--interval=1m30s --timeout=1ms --start-period=0s --start-interval=2.5s --retries=7';
  assert.deepEqual(parse(`HEALTHCHECK ${flags} CMD a`), {
    test: ['CMD-SHELL', 'a'],
    interval: 90_000_000_000n,
    timeout: 1_000_000n,
    startPeriod: 0n,
    startInterval: 2_500_000_000n,
    retries: 7,
  });
});

const faults: readonly [line: string, message: string][] = [
  ['HEALTHCHECK', 'HEALTHCHECK requires at least one argument'],
  ['HEALTHCHECK NONE a', 'HEALTHCHECK NONE takes no arguments'],
  ['HEALTHCHECK CMD', 'Missing command after HEALTHCHECK CMD'],
  ['HEALTHCHECK CMD []', 'Missing command after HEALTHCHECK CMD'],
  ['HEALTHCHECK curl x', 'Unknown type "CURL" in HEALTHCHECK (try CMD)'],
  ['HEALTHCHECK --interval=1 CMD a', 'time: missing unit in duration "1"'],
  ['HEALTHCHECK --timeout=1us CMD a', 'Interval "timeout" cannot be less than 1ms'],
  ['HEALTHCHECK --start-period=-1s CMD a', 'Interval "start-period" cannot be less than 1ms'],
  ['HEALTHCHECK --retries=-1 CMD a', '--retries cannot be negative (-1)'],
  ['HEALTHCHECK --retries=x CMD a', 'strconv.ParseInt: parsing "x": invalid syntax'],
  ['HEALTHCHECK --retry=1 CMD a', 'unknown flag: --retry'],
];

for (const [line, message] of faults) {
  test(`fault: ${line}`, () => assert.throws(() => parse(line), { code: 'DOCKERFILE', message }));
}
