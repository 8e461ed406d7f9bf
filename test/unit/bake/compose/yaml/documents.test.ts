import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseYaml } from '../../../../../src/bake/compose/yaml/documents.ts';
import type { ComposeValue } from '../../../../../src/bake/compose/value.ts';

function read(text: string): ComposeValue | undefined {
  return [...parseYaml(Buffer.from(text), 'compose.yaml')][0]?.value;
}

const scalars: readonly (readonly [text: string, value: ComposeValue])[] = [
  ['010', 8n],
  ['0x1F', 31n],
  ['1_000', 1000n],
  ['1.50', 1.5],
  ['1e3', 1000],
  ['~', null],
  ['yes', 'yes'],
  ['True', true],
  ['"010"', '010'],
  ['!!str 12', '12'],
  ['2020-02-30', '2020-02-30'],
  ['2020-01-02', '2020-01-02 00:00:00 +0000 UTC'],
  ['2020-01-02T03:04:05.5Z', '2020-01-02 03:04:05.5 +0000 UTC'],
  ['18446744073709551616', 18446744073709551616],
];

for (const [text, value] of scalars) {
  test(`${text} means what it means to Go`, () => {
    assert.deepEqual(read(`a: ${text}`), new Map([['a', value]]));
  });
}

test('merge keys give what is not there', () => {
  const found = read('x: &x {a: 1, b: 2}\ny: &y {b: 3, c: 4}\nz:\n  <<: [*x, *y]\n  a: 5\n');
  const expected = new Map<string, ComposeValue>([
    ['a', 5n],
    ['b', 2n],
    ['c', 4n],
  ]);
  assert.deepEqual(found instanceof Map && found.get('z'), expected);
});

test('!reset and !override say what falls away', () => {
  const [document] = parseYaml(Buffer.from('a:\n  b: !reset null\n  c: !override [1]\n'), 'x');
  assert.deepEqual(document?.resets, [
    ['a', 'b'],
    ['a', 'c'],
  ]);
  assert.deepEqual(document?.value, new Map([['a', new Map([['c', [1n]]])]]));
});

test('a key that stands twice is an error with both lines', () => {
  assert.throws(() => read('a: 1\na: 2\n'), {
    message:
      'failed to parse compose.yaml: yaml: construct errors:\n  line 1: line 2: mapping key "a" already defined at line 1',
  });
});

test('aliases that unfold to more than memory holds are refused', () => {
  const levels = Array.from({ length: 9 }, (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i}, `.repeat(9)}*l${i}]`);
  const bomb = ['l0: &l0 [x, x, x, x, x, x, x, x, x, x]', ...levels].join('\n');
  assert.throws(() => read(bomb), { code: 'INVALID_ARGUMENT', message: /excessive aliasing/ });
});

test('what is nested without end is refused', () => {
  assert.throws(() => read(`a: ${'['.repeat(20_000)}`), { code: 'INVALID_ARGUMENT' });
  assert.throws(() => read(`a: ${'['.repeat(600)}${']'.repeat(600)}`), { message: /nested too deeply/ });
});

test('a file of more than 10 MiB is refused', () => {
  assert.throws(() => [...parseYaml(Buffer.alloc((10 << 20) + 1, 0x20), 'x')], {
    message: /larger than 10485760 bytes/,
  });
});

test('an alias inside what it stands for is refused', () => {
  assert.throws(() => read('a: &a\n  b: *a\n'), {
    code: 'INVALID_ARGUMENT',
    message: /cycle detected: node at path a\.b\.b references/,
  });
});
