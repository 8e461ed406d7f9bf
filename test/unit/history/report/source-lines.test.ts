import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourceLines } from '../../../../src/history/report/source-lines.ts';

const file = {
  filename: 'Dockerfile',
  data: Buffer.from(Array.from({ length: 90 }, (_, i) => `line ${i + 1}`).join('\n')),
};
const range = (first: number, last = first) => ({
  start: { line: first, character: 0 },
  end: { line: last, character: 0 },
});
const shown = (...ranges: readonly ReturnType<typeof range>[]) =>
  sourceLines(file, ranges)?.lines.map(({ number, isMarked }) => (isMarked ? `>${number}` : String(number)));

test('lines with two around them', () => {
  assert.deepEqual(shown(range(5)), ['3', '4', '>5', '6', '7']);
  assert.deepEqual(shown(range(1), range(3)), ['>1', '2', '>3', '4', '5']);
  assert.deepEqual(shown(range(89, 90)), ['87', '88', '>89', '>90']);
});

test('of very many the first', () => {
  assert.equal(shown(range(1, 90))?.length, 41);
});

test('places that are in no file are none', () => {
  assert.equal(shown(), undefined);
  assert.equal(shown(range(0)), undefined);
  assert.equal(shown(range(400)), undefined);
});
