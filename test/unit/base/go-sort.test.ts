import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { goSort } from '../../../src/base/go-sort.ts';

const byTens = (a: number, b: number): boolean => Math.trunc(a / 10) < Math.trunc(b / 10);

test('any list comes out sorted and whole', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 400 }), (list) => {
      const sorted = goSort(list, byTens);
      assert.ok(sorted.every((item, i) => i === 0 || !byTens(item, sorted[i - 1] ?? 0)));
      assert.deepEqual(
        [...sorted].sort((a, b) => a - b),
        [...list].sort((a, b) => a - b),
      );
    }),
  );
});

test('patterns that make a plain quicksort slow', () => {
  const length = 5000;
  const patterns: readonly ((i: number) => number)[] = [
    (i) => i,
    (i) => length - i,
    () => 7,
    (i) => i % 2,
    (i) => Math.abs(length / 2 - i),
    (i) => (i * 7919) % 5003,
  ];
  for (const pattern of patterns) {
    const list = Array.from({ length }, (_, i) => pattern(i));
    let calls = 0;
    const sorted = goSort(list, (a, b) => {
      calls++;
      return a < b;
    });
    assert.deepEqual(
      sorted,
      [...list].sort((a, b) => a - b),
    );
    assert.ok(calls < 40 * length, `${calls} comparisons`);
  }
});

test('short lists keep equal elements in place, long ones need not', () => {
  const short = [21, 12, 11, 29, 1, 25];
  assert.deepEqual(goSort(short, byTens), [1, 12, 11, 21, 29, 25]);
  const long = Array.from({ length: 20 }, (_, i) => (i % 2) * 10 + Math.floor(i / 2));
  const stable = [...long].sort((a, b) => Math.trunc(a / 10) - Math.trunc(b / 10));
  assert.notDeepEqual(goSort(long, byTens), stable);
  assert.deepEqual(long[1], 10);
});
