import assert from 'node:assert/strict';
import { it } from 'node:test';
import { parseRecordReference } from '../../../src/history/record-reference.ts';

for (const text of ['', 'abc', 'builder/node/abc', '~1']) {
  it(`${JSON.stringify(text)} is an id`, () => {
    assert.deepEqual(parseRecordReference(text), { kind: 'id', id: text });
  });
}

for (const [text, offset] of [
  ['^0', 0],
  ['^12', 12],
  ['^-1', -1],
] as const) {
  it(`${text} counts builds`, () => assert.deepEqual(parseRecordReference(text), { kind: 'offset', offset }));
}

for (const text of ['^', '^x', '^1x', '^ 1']) {
  it(`${text} is refused`, () => {
    assert.throws(() => parseRecordReference(text), {
      code: 'INVALID_ARGUMENT',
      message: `invalid offset "${text}": strconv.Atoi: parsing "${text.slice(1)}": invalid syntax`,
    });
  });
}
