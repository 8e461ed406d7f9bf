import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvFields } from '../../../src/base/csv-fields.ts';

const records: readonly [text: string, fields: readonly string[]][] = [
  ['a', ['a']],
  ['a,b', ['a', 'b']],
  ['a,,b,', ['a', '', 'b', '']],
  ['a\n', ['a']],
  ['a\r\n', ['a']],
  [' a , b', [' a ', ' b']],
  ['"a,b",c', ['a,b', 'c']],
  ['"a""b"', ['a"b']],
  ['""', ['']],
  ['"",x', ['', 'x']],
  ['type=local,"dest=a,b"', ['type=local', 'dest=a,b']],
];

for (const [text, fields] of records) {
  test(`${JSON.stringify(text)} has the fields ${JSON.stringify(fields)}`, () => {
    assert.deepEqual(csvFields(text), fields);
  });
}

// what Go's docker-buildx prints for them
const errors: readonly [text: string, message: string][] = [
  ['', 'EOF'],
  ['é,x"', 'parse error on line 1, column 5: bare " in non-quoted-field'],
  ['"x', 'parse error on line 1, column 2: extraneous or missing " in quoted-field'],
  ['x"y', 'parse error on line 1, column 2: bare " in non-quoted-field'],
  ['"a"b', 'parse error on line 1, column 3: extraneous or missing " in quoted-field'],
];

for (const [text, message] of errors) {
  test(`${JSON.stringify(text)} is refused`, () => {
    assert.throws(() => csvFields(text), { code: 'INVALID_ARGUMENT', message });
  });
}
