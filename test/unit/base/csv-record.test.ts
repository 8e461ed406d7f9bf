import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvFields } from '../../../src/base/csv-fields.ts';
import { csvRecord } from '../../../src/base/csv-record.ts';

test('fields are quoted where they have to be, and read back as they were', () => {
  const pairs: readonly [string, string][] = [
    ['a', ''],
    ['b', 'x,y'],
    ['c', 'say "hi"'],
    ['d', ' z '],
  ];
  const record = csvRecord(pairs);
  assert.equal(record, 'a=,"b=x,y","c=say ""hi""",d= z ');
  assert.deepEqual(
    csvFields(record),
    pairs.map(([key, value]) => `${key}=${value}`),
  );
});
