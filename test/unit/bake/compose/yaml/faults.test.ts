// What users read when a compose file is no YAML, to the letter as buildx 0.36 has it (go.yaml.in/yaml/v4 rc.4, recorded).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseYaml } from '../../../../../src/bake/compose/yaml/documents.ts';

const faults: readonly (readonly [text: string, problem: string])[] = [
  ['services:\n\ta: 1\n', 'while scanning for the next token at line 2: found character that cannot start any token'],
  [
    'services:\n  a:\n    image: b\n   build: .\n',
    'while parsing a block mapping at line 1, column 3: line 3, column 4: did not find expected key',
  ],
  ['a: b: c\n', 'line 1, column 5: mapping values are not allowed in this context'],
  ["a: 'x\nb: 1\n", 'while scanning a quoted scalar at line 1, column 4: line 3: found unexpected end of stream'],
  [
    'a: "x\\q"\n',
    'while scanning a quoted scalar at line 1, column 4: line 1, column 6: found unknown escape character',
  ],
  [
    'a: "\\x4g"\n',
    'while scanning a quoted scalar at line 1, column 4: line 1, column 7: did not find expected hexadecimal number',
  ],
  [
    'a: "\\ud800"\n',
    'while scanning a quoted scalar at line 1, column 4: line 1, column 7: found invalid Unicode character escape code',
  ],
  ['a: "x\n', 'while scanning a quoted scalar at line 1, column 4: line 2: found unexpected end of stream'],
  [
    'a: [1, 2\nb: 3\n',
    "while parsing a flow sequence at <unknown position>: line 1, column 2: did not find expected ',' or ']'",
  ],
  [
    'a: {b: 1\nc: 2\n',
    "while parsing a flow mapping at <unknown position>: line 1, column 2: did not find expected ',' or '}'",
  ],
  [
    'a: [1, 2}\n',
    "while parsing a flow sequence at <unknown position>: <unknown position>: did not find expected ',' or ']'",
  ],
  ['a: *nope\n', "line 1, column 5: unknown anchor 'nope' referenced"],
  [
    'a: & x\n',
    'while scanning an anchor at line 1, column 4: line 1, column 5: did not find expected alphabetic or numeric character',
  ],
  [
    'a: *\n',
    'while scanning an alias at line 1, column 4: line 1, column 5: did not find expected alphabetic or numeric character',
  ],
  ['a: &n [*n]\n', 'construct errors:\n  line 1: cycle detected: node at path a.0.0 references node at path a.0'],
  ['a: @x\n', 'while scanning for the next token at line 1, column 4: found character that cannot start any token'],
  ['a: `x`\n', 'while scanning for the next token at line 1, column 4: found character that cannot start any token'],
  ['a: %x\n', 'while scanning for the next token at line 1, column 4: found character that cannot start any token'],
  ['%YAML 1.2\n---\na: 1\n', '<unknown position>: found incompatible YAML document'],
  ['%TAG !a\n', "while parsing a %TAG directive at line 1: line 1, column 8: did not find expected '!'"],
  ['%FOO\n---\n', 'while scanning a directive at line 1: line 1, column 5: found unknown directive name'],
  ['a: 1\n  b: 2\n', 'line 2, column 4: mapping values are not allowed in this context'],
  [
    '- a\nb: 1\n',
    "while parsing a block collection at <unknown position>: line 1: did not find expected '-' indicator",
  ],
  [
    'a:\n  - b\n c: d\n',
    'while parsing a block mapping at <unknown position>: line 2, column 2: did not find expected key',
  ],
  ['a\nb: 1\n', 'line 2, column 2: mapping values are not allowed in this context'],
  [
    'a: |0\n  x\n',
    'while scanning a block scalar at line 1, column 4: line 1, column 5: found an indentation indicator equal to 0',
  ],
  [
    'a: |x\n',
    'while scanning a block scalar at line 1, column 4: line 1, column 5: did not find expected comment or line break',
  ],
  [
    'a: |\n\tx\n',
    'while scanning a block scalar at line 1, column 4: line 2: found a tab character where an indentation space is expected',
  ],
  [
    'a: x\n\ty\n',
    'while scanning a plain scalar at line 1, column 4: line 2: found a tab character that violates indentation',
  ],
  ['a: - b\n', 'line 1, column 4: block sequence entries are not allowed in this context'],
  ['a: ? b\n', 'line 1, column 4: mapping keys are not allowed in this context'],
  ['a: 1\na: 2\n', 'construct errors:\n  line 1: line 2: mapping key "a" already defined at line 1'],
  ['a:\n  b: 1\n  c: 2\n  b: 3\n', 'construct errors:\n  line 1: line 4: mapping key "b" already defined at line 2'],
  ['a: \0\n', 'offset 3: control characters are not allowed'],
  ['a: \x07\n', 'offset 3: control characters are not allowed'],
  ['a: b\n---\nc: *n\n', "line 3, column 5: unknown anchor 'n' referenced"],
  ['"a\n--- \n', 'while scanning a quoted scalar at line 1: line 2: found unexpected document indicator'],
  [
    'a: !b,c d\n',
    "while parsing a tag at line 1, column 4: line 1, column 6: found character ',' that is not allowed in a YAML tag",
  ],
  ['a: !x!y z\n', 'while parsing a node at <unknown position>: found undefined tag handle'],
  ['a: !<x z\n', "while scanning a tag at line 1, column 4: line 1, column 7: did not find the expected '>'"],
  ['a: !!int x\n', 'construct errors:\n  line 1: yaml: cannot construct !!str `x` as a !!int'],
  ['a: !!bool maybe\n', 'construct errors:\n  line 1: yaml: cannot construct !!str `maybe` as a !!bool'],
  ['a: !!binary "?"\n', 'construct errors:\n  line 1: yaml: !!binary value contains invalid base64 data'],
  ['<<: 1\na: 2\n', 'construct errors:\n  line 1: yaml: map merge requires map or sequence of maps as the value'],
  ['<<: [1]\n', 'construct errors:\n  line 1: yaml: map merge requires map or sequence of maps as the value'],
  ['{: a}\n', '<unknown position>: did not find expected <stream-start>'],
  [
    '[a: b: c]\n',
    "while parsing a flow sequence at <unknown position>: <unknown position>: did not find expected ',' or ']'",
  ],
  [
    '? [x]\n: y\n',
    `construct errors:\n  line 1: yaml: cannot use '[]interface {}{"x"}' as a map key; try decoding into yaml.Node`,
  ],
  ['a: 1\n...\n%\n', 'while scanning a directive at line 3: line 3, column 2: could not find expected directive name'],
  ['[,]\n', 'while parsing a flow node at <unknown position>: did not find expected node content'],
  ['a: "b" c\n', 'while parsing a block mapping at <unknown position>: <unknown position>: did not find expected key'],
  ['*a : b\n', "line 1, column 2: unknown anchor 'a' referenced"],
  [
    'a: !reset null\nb: !override {c: 1, c: 2}\n',
    'construct errors:\n  line 2: mapping key "c" already defined at line 2',
  ],
];

for (const [text, problem] of faults) {
  test(`${JSON.stringify(text)} is told as buildx tells it`, () => {
    assert.throws(() => [...parseYaml(Buffer.from(text), 'f')], {
      code: 'INVALID_ARGUMENT',
      message: `failed to parse f: yaml: ${problem}`,
    });
  });
}

const bytes: readonly (readonly [bytes: readonly number[], problem: string])[] = [
  [[0x61, 0x3a, 0x20, 0xff, 0x0a], 'offset 3: invalid leading UTF-8 octet'],
  [[0x61, 0x3a, 0x20, 0xc3, 0x28, 0x0a], 'offset 4: invalid trailing UTF-8 octet'],
  [[0x61, 0x3a, 0x20, 0xc3], 'offset 3: incomplete UTF-8 octet sequence'],
  [[0xff, 0xfe, 0x00, 0xdc], 'offset 2: unexpected low surrogate area'],
  [[0xff, 0xfe, 0x61, 0x00, 0x3a], 'offset 4: incomplete UTF-16 character'],
];

for (const [data, problem] of bytes) {
  test(`bytes that are no text: ${problem}`, () => {
    assert.throws(() => [...parseYaml(Buffer.from(data), 'f')], { message: `failed to parse f: yaml: ${problem}` });
  });
}

test('UTF-16, as PowerShell writes it, is read', () => {
  const data = Buffer.from('\ufeffa: é😀\n', 'utf16le');
  assert.deepEqual([...parseYaml(data, 'f')][0]?.value, new Map([['a', 'é😀']]));
});

test('of a fault of the bytes far behind and one of the syntax, the syntax is told', () => {
  const message = (gap: number): RegExp => (gap > 512 ? /mapping values are not allowed/ : /control characters/);
  for (const gap of [10, 2000]) {
    const data = Buffer.from(`a: b: c\n${'# x\n'.repeat(gap / 4)}\0`);
    assert.throws(() => [...parseYaml(data, 'f')], { message: message(gap) });
  }
});

test('a fault of a document comes after what the one before says', () => {
  const documents = parseYaml(Buffer.from('a: 1\n---\nb: 2\n---\nc: 3\n---\n"d\n'), 'f');
  assert.deepEqual(documents.next().value, { value: new Map([['a', 1n]]), resets: [] });
  assert.throws(() => [...documents], { message: /found unexpected end of stream/ });
});

test('more values than a document may have, or levels, or aliases without end are refused quickly', () => {
  const refused = (text: string, message: RegExp): void => {
    assert.throws(() => [...parseYaml(Buffer.from(text), 'f')], { code: 'INVALID_ARGUMENT', message });
  };
  refused(`a: [${'1,'.repeat(110_000)}]`, /exceeds maximum node visit limit \(100000\)/);
  refused(`a: [${'1,'.repeat(2_600_000)}]`, /too many values/);
  refused('[a,'.repeat(400_000), /exceeded max depth of 10000/);
  refused('- '.repeat(400_000), /nested too deeply/);
  refused(`${'- '.repeat(600)}a`, /nested too deeply/);
  refused('a: &n\n  b<<: *n\n', /cycle detected|nested too deeply/);
  refused('k: 1\n'.repeat(40_000), /mapping key "k" already defined/);
  refused(`x: !override {${'k: 1, '.repeat(40_000)}}`, /mapping key "k" already defined/);
});

test('a scalar of 9 MB is read in a time that grows with it', () => {
  const text = 'x'.repeat(9 << 20);
  assert.deepEqual([...parseYaml(Buffer.from(`a: "${text}"`), 'f')][0]?.value, new Map([['a', text]]));
});
