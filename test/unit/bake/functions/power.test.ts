import assert from 'node:assert/strict';
import { test } from 'node:test';
import { power } from '../../../../src/bake/functions/power.ts';

test('special cases are those of C', () => {
  const cases: readonly (readonly [x: number, y: number, result: number])[] = [
    [0, 0, 1],
    [1, Number.NaN, 1],
    [-1, Infinity, 1],
    [0.5, Infinity, 0],
    [-0, -3, -Infinity],
    [-8, 1 / 3, Number.NaN],
    [2, 1024, Infinity],
    [2, -1074, 5e-324],
    [2, -1076, 0],
    [-2, 3, -8],
    [-1, 1e300, 1],
    [0.9, 1e300, 0],
    [5e-324, 1, 5e-324],
  ];
  for (const [x, y, result] of cases) assert.equal(power(x, y), result, `${x} ** ${y}`);
});

test("the last digit is that of Go's repeated squaring", () => {
  assert.equal(power(10, 308), 1.0000000000000006e308);
  assert.equal(power(3, 40), 3 ** 40);
  assert.equal(power(2, 0.5), Math.SQRT2);
});
