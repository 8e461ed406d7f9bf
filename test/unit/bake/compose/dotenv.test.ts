import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadEnvFile, parseEnvFile } from '../../../../src/bake/compose/dotenv.ts';

function read(text: string): Record<string, string> {
  const values = new Map<string, string>();
  parseEnvFile(text, values, { lookup: (name) => (name === 'OUTER' ? 'o' : undefined), onUnset: () => {} });
  return Object.fromEntries(values);
}

const cases: readonly (readonly [text: string, values: Record<string, string>])[] = [
  ['A=1\nB = two \n', { A: '1', B: 'two' }],
  ['# c\n\nA=x # comment\nB=x#no\n', { A: 'x', B: 'x#no' }],
  ['export A=1\nB: yaml\n', { A: '1', B: 'yaml' }],
  [`A='$OUTER'\nB="$OUTER\\n"\nC=\${OUTER}-$A\n`, { A: '$OUTER', B: 'o\n', C: 'o-$OUTER' }],
  ['OUTER\nNOPE\n', { OUTER: 'o' }],
  ['A="two\nlines"\nB=1', { A: 'two\nlines', B: '1' }],
  ['A="\\$x \\"q\\" \\0101"\n', { A: '$x "q" A' }],
  ['\ufeffA=1', { A: '1' }],
];

for (const [text, values] of cases) {
  test(`${JSON.stringify(text)} is read`, () => {
    assert.deepEqual(read(text), values);
  });
}

const faults: readonly (readonly [text: string, message: string])[] = [
  ['A=1\nB C=2\n', 'line 2: key cannot contain a space'],
  ['A=1\n\nB="open\n', 'line 4: unterminated quoted value "open'],
  ['A!=1\n', 'line 1: unexpected character "!" in variable name "A!=1"'],
  ['A=1\nB=${\n', 'line 2: Invalid template: "${"'],
  ['A=1\nB="${C?}"\n', 'line 2: required variable C is missing a value'],
];

for (const [text, message] of faults) {
  test(`${JSON.stringify(text)}: ${message}`, () => {
    assert.throws(() => read(text), { code: 'INVALID_ARGUMENT', message });
  });
}

test('an env file that cannot be read is named', () => {
  const files = { read: () => Buffer.from('A=1\nB C=2\n'), kindOf: () => 'file' as const };
  const options = { lookup: () => undefined, onUnset: () => {}, files };
  assert.throws(() => loadEnvFile('.env', new Map(), options), {
    code: 'INVALID_ARGUMENT',
    message: 'failed to read .env: line 2: key cannot contain a space',
  });
});
