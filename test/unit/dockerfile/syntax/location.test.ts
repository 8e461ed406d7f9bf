import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TsbuildxError } from '../../../../src/base/errors.ts';
import { lineRanges, locationsOf, withLocation, withOnlyLocation } from '../../../../src/dockerfile/syntax/index.ts';

test('a span is one range a line', () => {
  const line = (at: number): object => ({ start: { line: at, character: 0 }, end: { line: at, character: 0 } });
  assert.deepEqual(lineRanges({ start: 2, end: 4 }), [line(2), line(3), line(4)]);
  assert.deepEqual(lineRanges({ start: 2, end: 0 }), [line(2)]);
});

test('locations gather from the inside out, the message stays', () => {
  const inner = withLocation(new TsbuildxError('DOCKERFILE', 'why'), { start: 1, end: 1 });
  const outer = withLocation(inner, { start: 3, end: 5 });
  assert.equal(outer.message, 'why');
  assert.deepEqual(outer.locations, [
    { start: 1, end: 1 },
    { start: 3, end: 5 },
  ]);
  assert.deepEqual(locationsOf(new Error('x', { cause: outer })), outer.locations);
  assert.deepEqual(withOnlyLocation(outer, { start: 7, end: 7 }).locations, [{ start: 7, end: 7 }]);
  assert.deepEqual(locationsOf(new Error('x')), []);
});
