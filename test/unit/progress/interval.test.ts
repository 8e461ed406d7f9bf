import assert from 'node:assert/strict';
import { it } from 'node:test';
import { mergeIntervals, totalSeconds } from '../../../src/progress/interval.ts';

const merge = (...intervals: readonly (readonly [bigint, bigint?])[]): unknown =>
  mergeIntervals(intervals.map(([start, stop]) => ({ start, stop, ahead: 0n }))).map(({ start, stop }) => [
    start,
    stop,
  ]);

it('joins intervals that overlap or touch', () => {
  assert.deepEqual(merge(), []);
  assert.deepEqual(merge([4n, 6n], [1n, 2n]), [
    [1n, 2n],
    [4n, 6n],
  ]);
  assert.deepEqual(merge([1n, 3n], [2n, 5n], [5n, 6n]), [[1n, 6n]]);
  assert.deepEqual(merge([1n, 9n], [2n, 3n]), [[1n, 9n]]);
});

it('lets an interval without end take in all later ones', () => {
  assert.deepEqual(merge([1n, 2n], [3n], [4n, 5n]), [
    [1n, 2n],
    [3n, undefined],
  ]);
  assert.deepEqual(merge([1n, 4n], [3n], [9n, 10n]), [[1n, undefined]]);
});

it('counts only time in which something ran', () => {
  const second = 1_000_000_000n;
  const ran = mergeIntervals([
    { start: 0n, stop: second, ahead: 0n },
    { start: 3n * second, stop: undefined, ahead: 7n * second },
  ]);
  assert.equal(totalSeconds(ran, 12n * second), 3);
});
