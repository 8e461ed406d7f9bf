import assert from 'node:assert/strict';
import { test } from 'node:test';
import { criticalPath, type PathStep } from '../../../../src/history/timeline/critical-path.ts';

const step = (start: number, end: number, ...inputs: readonly number[]): PathStep => ({
  start,
  end,
  inputs,
  ran: true,
});

test('goes back from the last to end, each time to the input that ended last', () => {
  assert.deepEqual(criticalPath([step(0, 5), step(0, 9), step(9, 20, 0, 1), step(5, 19, 0)]), [1, 2]);
});

test('a step without inputs comes after what ended last before it', () => {
  assert.deepEqual(criticalPath([step(0, 5), step(5, 8, 0), step(6, 7, 0), step(9, 12)]), [0, 1, 3]);
});

test('steps that never ran are on no path', () => {
  assert.deepEqual(criticalPath([step(0, 5), { start: 0, end: 0, inputs: [], ran: false }, step(5, 6, 0, 1)]), [0, 2]);
  assert.deepEqual(criticalPath([]), []);
});

test('steps that need each other do not go round', () => {
  assert.deepEqual(criticalPath([step(0, 5, 1), step(0, 6, 0)]), [0, 1]);
});

test('as many steps as a record may have are gone through at once', () => {
  const chain = Array.from({ length: 20_000 }, (_, at) => (at === 0 ? step(0, 1) : step(at, at + 1, at - 1)));
  assert.equal(criticalPath(chain).length, chain.length);
});
