import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alignColumns } from '../../../src/base/columns.ts';

test('columns are as wide as their widest cell, the last one as it is', () => {
  const rows = [
    ['NAME', 'VALUE', 'DESCRIPTION'],
    ['a', '', 'first'],
    ['longer 🚀', 'x', ''],
  ];
  assert.equal(
    alignColumns(rows, 3),
    'NAME       VALUE   DESCRIPTION\na                  first\nlonger 🚀   x       \n',
  );
});

test('rows of one cell have no columns', () => {
  assert.equal(alignColumns([['one'], ['another']], 1), 'one\nanother\n');
});

test('a column ends at the first row without it', () => {
  const rows = [['Name:', 'x'], ['Labels:'], ['', 'long.name:', 'a'], ['', 'b:', 'c'], [''], ['Status:', 'y']];
  assert.equal(alignColumns(rows, 1), 'Name: x\nLabels:\n long.name: a\n b:         c\n\nStatus: y\n');
});
