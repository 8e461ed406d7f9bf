import assert from 'node:assert/strict';
import { it } from 'node:test';
import { byteSize, fixed, transferred } from '../../../src/progress/numbers.ts';

it('rounds as Go does, exact halves to the even neighbour', () => {
  const cases: readonly [number, number, string][] = [
    [0.25, 1, '0.2'],
    [0.75, 1, '0.8'],
    [0.35, 1, '0.3'],
    [0.15, 1, '0.1'],
    [0.0625, 3, '0.062'],
    [12.3456, 2, '12.35'],
    [-0.25, 1, '-0.2'],
    [0, 1, '0.0'],
    [12.5, 0, '12'],
    [13.5, 0, '14'],
  ];
  for (const [value, digits, text] of cases) assert.equal(fixed(value, digits), text);
});

it('shows sizes in the largest decimal unit that they fill', () => {
  const cases: readonly [bigint, string][] = [
    [0n, '0B'],
    [999n, '999B'],
    [1000n, '1.00kB'],
    [1_975_555n, '1.98MB'],
    [40_000_000_000n, '40.00GB'],
    [9_223_372_036_854_775_807n, '9.22EB'],
    [-5n, '-5B'],
  ];
  for (const [bytes, text] of cases) assert.equal(byteSize(bytes), text);
});

it('shows what is known of a transfer', () => {
  assert.equal(transferred({ current: 0n, total: 0n }), '');
  assert.equal(transferred({ current: 30n, total: 0n }), '30B');
  assert.equal(transferred({ current: 0n, total: 2_000n }), '0B / 2.00kB');
});
